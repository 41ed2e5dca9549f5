"""The clauses of a letter, read by what they name, how they are formed, and what they point back at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.requests.acts import REFUSES
from nlu.requests.clauses import Clause
from nlu.requests.letter_clauses import SURE_IN_CONTEXT, as_letters_go, is_item, is_plain, is_sure_in_context
from tests.unit.nlu.requests.parts import part


def test_an_order_may_point_back() -> None:
    before = part("the sales emails have become too much", "opt_out", sentence=1)
    pointing = part("please leave me out of those", "stop", sentence=1, sure=0.3)
    _, read = as_letters_go("", {}, [before, pointing])

    assert max(read[1].probabilities, key=lambda intent: read[1].probabilities[intent]) == "opt_out"


def test_an_order_points_back_at_no_story_about_what_is_grave() -> None:
    before = part("I asked my bank to delete me", "erase", sentence=1)
    pointing = part("please see to that", "stop", sentence=1, sure=0.3)
    _, read = as_letters_go("", {}, [before, pointing])

    assert read[1].probabilities == pointing.probabilities


def test_a_deed_that_is_called_off_is_a_request() -> None:
    clause = part("please do not go through with it", "withdraw_request", asks=0.02, sure=0.78, act=REFUSES)
    _, read = as_letters_go("", {}, [clause])

    assert read[0].asks > 0.9


def test_an_objection_to_marketing_alone_is_an_opt_out() -> None:
    clause = part("I hereby give notice of my objection", "object", sure=0.6)
    whole, read = as_letters_go("the right to object to direct marketing", {"object": 0.7}, [clause])

    assert (whole["opt_out"], whole["object"]) == (0.7, 0.0)
    assert read[0].probabilities["opt_out"] > 0.6


def test_an_item_of_a_list_needs_no_verb() -> None:
    assert is_item(part("in the first place all the information that you hold about me", "access"))
    assert not is_item(part("the recipients", "access"))
    assert not is_item(part("I gave you all the information about me", "access"))
    assert not is_item(part("that nothing about me is thrown away", "erase"))
    assert not is_item(part("in the first place all the information about me", "access", asks=0.3))


def test_a_number_that_is_not_to_be_called_is_no_request_called_off() -> None:
    _, read = as_letters_go("", {}, [part("please don't call it again", "withdraw_request")])
    _, called_off = as_letters_go("", {}, [part("please don't act on it, call it off", "withdraw_request")])

    assert read[0].probabilities["opt_out"] > 0.9
    assert called_off[0].probabilities["withdraw_request"] > 0.9


def test_a_question_that_is_answered_by_yes_or_no_is_plain() -> None:
    question = replace(part("has the reply been sent yet", "request_status"), asks_in_a_letter=0.5)
    clause = Clause("has the reply been sent yet", 0, asks=True)

    assert is_plain(replace(question, clause=clause))
    assert not is_plain(replace(question, clause=replace(clause, asks=False)))


def test_what_surely_asks_is_plain_whatever_its_form() -> None:
    question = part("where on earth it came from", "source")

    assert is_plain(question)
    assert not is_plain(replace(question, asks_in_a_letter=0.5))
    assert not is_plain(part("a very good morning", "greet"))


@pytest.mark.parametrize(
    ("before", "intent"),
    [
        ("there is no point in my getting your announcements", "opt_out"),
        ("you have two records of me", "erase"),
    ],
)
def test_remove_me_from_those_is_about_what_those_are(before: str, intent: str) -> None:
    parts = [
        part(before, intent),
        part("I'd be obliged if you would remove me from those", "erase", sure=0.74),
    ]

    _, read = as_letters_go("", {}, parts)

    assert max(read[1].probabilities, key=lambda name: read[1].probabilities[name]) == intent


@pytest.mark.parametrize(
    "text",
    [
        "I am writing to withdraw that consent",
        "I'm writing under Article 7 of the UK GDPR to revoke my consent",
    ],
)
def test_what_a_letter_says_it_is_written_for_is_asked(text: str) -> None:
    _, (read,) = as_letters_go("", {}, [part(text, "withdraw_consent", asks=0.3)])

    assert read.asks > 0.9
    assert read.asks_in_a_letter > 0.9


def test_a_removal_that_is_not_to_go_ahead_is_taken_back() -> None:
    text = "so please could you not go ahead with the removal"
    probabilities = {"erase": 0.57, "withdraw_request": 0.2, "complaint": 0.23}
    clause = replace(part(text, "erase"), probabilities=probabilities)

    _, (read,) = as_letters_go("", {}, [clause])

    assert max(read.probabilities, key=lambda name: read.probabilities[name]) == "withdraw_request"
    assert read.asks > 0.9


def test_off_them_is_off_what_was_sent_some_clauses_ago() -> None:
    parts = [
        part("what does arrive is your newsletter", "out_of_scope"),
        part("and the one about the festival", "out_of_scope"),
        part("I have never wanted those", "deny"),
        part("please take me off them for good", "erase"),
    ]

    _, read = as_letters_go("", {}, parts)

    assert max(read[-1].probabilities, key=lambda name: read[-1].probabilities[name]) == "opt_out"


@pytest.mark.parametrize(
    ("before", "text", "intent"),
    [
        ("I refer to the consent I gave in May", "I hereby withdraw it in its entirety", "withdraw_consent"),
        ("you had my permission for the panel", "I now revoke that", "withdraw_consent"),
        ("I sent you a request in May", "I hereby withdraw it", "withdraw_request"),
        ("I refer to the consent I gave in May", "I withdraw this request", "withdraw_request"),
    ],
)
def test_a_consent_that_was_named_is_what_is_withdrawn(before: str, text: str, intent: str) -> None:
    parts = [part(before, "thank"), part(text, "withdraw_request", asks=0.7)]

    _, read = as_letters_go("", {}, parts)

    assert max(read[1].probabilities, key=lambda name: read[1].probabilities[name]) == intent
    assert ("consent" in read[1].clause.text) == (intent == "withdraw_consent"), "it is named from then on"


@pytest.mark.parametrize(
    "text",
    [
        "I do not withdraw it",
        "I may withdraw it one day",
        "I could always revoke it",
        "if I were to withdraw it, I would tell you",
        "if I withdraw it, what becomes of my account",
        "you said that I had withdrawn it",
        "my solicitor told me to withdraw it",
    ],
)
def test_a_consent_that_is_not_withdrawn_now_is_not_withdrawn(text: str) -> None:
    parts = [part("I gave my consent in May", "thank"), part(text, "withdraw_request", asks=0.3)]

    _, read = as_letters_go("", {}, parts)

    assert read[1].in_context == 0.0
    assert max(read[1].probabilities, key=lambda name: read[1].probabilities[name]) != "withdraw_consent"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("please pass this letter to your Data Protection Officer", "contact_dpo"),
        ("under this reference I asked you on 6 January to let me have an overview of my data", "access"),
        ("I had asked you for deletion in March", "erase"),
    ],
)
def test_whom_it_is_for_and_what_was_asked_before_asks_for_nothing(text: str, intent: str) -> None:
    _, (read,) = as_letters_go("", {}, [replace(part(text, intent), in_context=0.9)])

    assert read.asks < 0.1
    assert read.in_context == 0.0


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("please give me the address of your Data Protection Officer", "contact_dpo"),
        ("I asked you in March, so please send me an overview of my data", "access"),
    ],
)
def test_what_is_asked_now_is_asked_all_the_same(text: str, intent: str) -> None:
    _, (read,) = as_letters_go("", {}, [part(text, intent)])

    assert read.asks > 0.9


def test_a_clause_that_is_sure_beside_the_others_needs_no_plain_form() -> None:
    told = part("my surname has been Fenn since the wedding", "rectify", sure=0.7)
    breach = part("my details have gone to somebody else", "report_breach", sure=0.7)

    assert not is_plain(told)
    assert is_plain(replace(told, in_context=SURE_IN_CONTEXT))
    assert not is_plain(replace(told, in_context=SURE_IN_CONTEXT - 0.01))
    assert not is_plain(replace(breach, in_context=1.0)), "letters tell of breaches"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I withdraw whatever I agreed to, for those emails and the rest", "opt_out"),
        ("I take back my consent to your marketing calls", "opt_out"),
        ("I withdraw whatever I agreed to", "withdraw_consent"),
        ("I withdraw my consent to the processing of what I wrote in emails", "withdraw_consent"),
    ],
)
def test_a_consent_to_mailings_alone_is_an_opt_out(text: str, intent: str) -> None:
    _, (read,) = as_letters_go("", {}, [part(text, "withdraw_consent", sure=0.8)])

    assert max(read.probabilities, key=lambda name: read.probabilities[name]) == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I object under Article 21(2) to receiving direct marketing, by whatever channel", "opt_out"),
        ("I object to the use of my data for direct marketing", "opt_out"),
        ("I also object to all your marketing", "opt_out"),
        ("I object to profiling for direct marketing", "object"),
        ("I object to the tracking of my behaviour", "object"),
    ],
)
def test_an_objection_to_marketing_stands_beside_another(text: str, intent: str) -> None:
    parts = [part("I object to any profiling of me", "object"), part(text, "object", sentence=1, sure=0.6)]

    _, read = as_letters_go(". ".join(each.clause.text for each in parts), {"object": 1.0}, parts)

    assert max(read[1].probabilities, key=lambda name: read[1].probabilities[name]) == intent
    assert max(read[0].probabilities, key=lambda name: read[0].probabilities[name]) == "object"


@pytest.mark.parametrize(
    ("text", "intent", "sure"),
    [
        ("I object under Article 21(1) to the disclosure of my data", "object", True),
        ("I also ask that you delete what you gathered", "erase", True),
        ("I also ask that you delete nothing", "erase", False),
        ("I also ask that you not delete it", "erase", False),
        ("I may object under Article 21 later", "object", False),
    ],
)
def test_a_right_made_use_of_in_so_many_words_is_sure(text: str, intent: str, sure: bool) -> None:
    _, (read,) = as_letters_go("", {}, [part(text, intent)])

    assert is_sure_in_context(read) is sure


def test_a_question_of_a_list_needs_no_mark() -> None:
    assert is_plain(part("two, who gave it to you", "source", asks=0.9))
    assert not is_plain(part("he knew who gave it to you", "source", sure=0.8, asks=0.9))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("let me know when it's done please", False),
        ("let me know once this has been sorted", False),
        ("let me know when I can expect an answer", True),
    ],
)
def test_news_of_this_request_is_not_asked_of_another(text: str, asks: bool) -> None:
    _, (read,) = as_letters_go("", {}, [part(text, "request_status")])

    assert (read.asks > 0.5) is asks


@pytest.mark.parametrize(("sure", "counts"), [(0.7, True), (0.5, False)])
def test_a_right_that_is_named_is_a_request_of_its_own_where_the_clause_is_about_it(
    sure: float, counts: bool
) -> None:
    text = "you are to wipe my entry, article 17 uk gdpr, without undue delay"
    _, (read,) = as_letters_go("", {}, [part(text, "erase", sure=sure)])

    assert is_sure_in_context(read) is counts
    assert read.surest == ("erase", 0.95), "it is named in either case"


def test_who_wants_no_mail_again_wants_none_at_all() -> None:
    _, (ever,) = as_letters_go("", {}, [part("please don't write to me again, thanks", "opt_out", asks=0.1)])
    _, (none,) = as_letters_go("", {}, [part("I do not wish to be called any longer", "opt_out", asks=0.1)])
    _, (once,) = as_letters_go("", {}, [part("please don't phone me, mail is fine", "opt_out", asks=0.1)])

    assert min(ever.asks, ever.in_context, none.asks, none.in_context) > 0.9
    assert once.asks < 0.2


@pytest.mark.parametrize(
    ("text", "asks"), [("my name is PERSON_1, PHONE_1", False), ("my name is PERSON_1 now", True)]
)
def test_who_says_who_writes_corrects_nothing(text: str, asks: bool) -> None:
    _, (read,) = as_letters_go("", {}, [part(text, "rectify")])

    assert (read.asks > 0.5) is asks


def test_the_request_that_is_called_off_is_not_made() -> None:
    called_off = part("please disregard what I sent", "withdraw_request")
    _, read = as_letters_go("", {}, [called_off, part("the request to have it all copied", "portability")])
    _, made = as_letters_go("", {}, [part("the request to have it all copied", "portability")])

    assert read[1].asks < 0.1
    assert made[0].asks > 0.9
