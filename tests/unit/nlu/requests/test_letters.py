"""Letters: what they tell, and what they ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nlu.requests import words
from nlu.requests.acts import REFUSES
from nlu.requests.asked import asked_by
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.letters import of_a_letter
from nlu.requests.merging import merge
from nlu.understanding.decision import decide
from tests.unit.nlu.requests.parts import FILLER, part, requests_of, told


def test_what_every_clause_refuses_does_not_start_however_often_it_is_named() -> None:
    parts = [
        part("I do not wish my data to be deleted", "erase"),
        part("please read this properly", "erase", sure=0.31),
        part("my one and only request is that you show me my record", "access"),
    ]
    assert requests_of(parts, {"erase": 0.84, "access": 0.09}) == {"access"}


def test_a_refused_erasure_that_the_letter_is_full_of_is_asked_about() -> None:
    parts = [part("I do not wish my data to be deleted", "erase"), told("what a week", "complaint")]
    whole = {"erase": 0.9, "complaint": 0.1}
    text = f"{'. '.join(part.clause.text for part in parts)}. {FILLER}"

    assert requests_of(parts, whole) == set()
    assert decide(text, whole, parts=parts).decision != "act"


def test_a_story_about_erasures_leaves_what_is_plainly_asked() -> None:
    parts = [
        told("for an article I asked forty firms to delete me", "erase"),
        part("I want to find out what you know about me", "access"),
    ]
    assert requests_of(parts, {"erase": 0.35, "access": 0.3, "complaint": 0.35}) == {"access"}


def test_the_right_that_is_named_counts_among_a_recital() -> None:
    parts = [
        part("I exercise my rights under Article 15", "withdraw_consent", sure=0.55),
        part("I may also have rights under Articles 16, 17 and 18", "ask_rights", sentence=1),
        part("please supply all of it", "portability", sentence=2, sure=0.5),
    ]
    assert "access" in requests_of(parts, {"ask_rights": 0.79, "access": 0.02, "erase": 0.05})


def test_a_question_that_no_clause_asks_gives_way_to_an_order() -> None:
    parts = [
        told("you wrote that it takes a month", "ask_rights"),
        part("please show me my record", "access"),
    ]
    assert requests_of(parts, {"ask_rights": 0.7, "access": 0.05}) == {"access"}


def test_two_numbers_of_a_law_are_no_list() -> None:
    clauses = [clause.text for clause in clauses_of("Under Article 21(2) and (3) of the GDPR I object.")]

    assert len(clauses) == 1


def test_an_order_to_keep_data_is_no_erasure() -> None:
    parts = [part("keep my data", "erase", asks=0.88, sure=0.86), part("simply quit mailing me", "opt_out")]
    understood = decide("keep my data, simply quit mailing me", {"opt_out": 0.94, "erase": 0.06}, parts=parts)

    assert [reading.name for reading in understood.intents] == ["opt_out"]


def test_what_is_counted_out_belongs_to_nothing_else() -> None:
    parts = [
        told("I need two things from you", "help"),
        part("in the first place, all the information that you hold about me", "access", sentence=1),
        part("in the second place, what I entered myself as a file", "portability", sentence=2),
    ]
    assert requests_of(parts, {"portability": 0.97, "access": 0.02}) == {"access", "portability"}


def test_a_threat_is_no_complaint_yet() -> None:
    threat = "otherwise I shall go to the ICO"
    parts = [part("delete my records", "erase"), part(threat, "complaint", sentence=1)]
    whole = {"erase": 0.6, "complaint": 0.4}
    understood = decide(f"delete my records. {threat}", whole, parts=parts)

    assert [reading.name for reading in understood.intents] == ["erase"]


def test_what_somebody_was_asked_goes_on_to_the_end_of_the_sentence() -> None:
    said = "somebody asked you to delete my account and withdraw my consent"
    clause = Clause("withdraw my consent", 0, "and", so_far=said)
    going_on = replace(part("withdraw my consent", "withdraw_consent"), clause=clause)

    assert asked_by(going_on, 0.6) is None
    assert asked_by(replace(going_on, clause=replace(clause, so_far="withdraw my consent")), 0.6) is not None


@pytest.mark.parametrize(
    ("joint", "said", "asked"),
    [
        (",", "it keeps offering me the same list, see my data, delete my data", False),
        (", then", "he said ask for a copy of everything, then delete my data", False),
        ("and", "my son said to write to you and delete my data", False),
        ("and", "he said ask for a copy, so please send me one and delete my data", True),
        ("and", "please send me a copy and delete my data", True),
        ("", "delete my data", True),
    ],
)
def test_what_somebody_said_or_offers_goes_on_as_well(joint: str, said: str, asked: bool) -> None:
    clause = Clause("delete my data", 0, joint, so_far=said)
    found = asked_by(replace(part("delete my data", "erase"), clause=clause), 0.6)

    assert (found is not None) is asked


def test_an_order_after_what_was_asked_is_one() -> None:
    said = "I asked you to delete my account, please do so now and withdraw my consent"
    clause = Clause("withdraw my consent", 0, "and", so_far=said)

    assert asked_by(replace(part("withdraw my consent", "withdraw_consent"), clause=clause), 0.6) is not None


def test_what_no_clause_of_a_letter_speaks_for_does_not_start_however_likely_the_whole_is() -> None:
    parts = [
        part("I want nothing changed", "rectify", asks=0.1, act=REFUSES),
        part("nothing removed for now", "restrict", asks=0.1, act=REFUSES),
        part("please send me details of everything you hold", "access", sentence=1),
    ]
    assert requests_of(parts, {"erase": 0.88, "access": 0.02}) == {"access"}


def test_a_letter_that_seems_grave_and_orders_nothing_is_asked_about() -> None:
    parts = [part("nothing removed for now", "restrict", asks=0.1, act=REFUSES), told("so it was", "help")]
    whole = {"erase": 0.94, "restrict": 0.03, "access": 0.03}
    text = f"{'. '.join(part.clause.text for part in parts)}. {FILLER}"

    assert decide(text, whole, parts=parts).decision == "ask"


def test_what_is_to_go_on_is_no_request() -> None:
    parts = [
        part("I hereby object to it", "object"),
        part("I do wish to keep the newsletter", "opt_in", sentence=1),
    ]
    assert requests_of(parts, {"object": 0.9}) == {"object"}


def test_a_threat_in_a_letter_is_no_complaint_yet() -> None:
    parts = [
        part("please erase everything about me", "erase"),
        part("kindly confirm it, failing which I shall go to court", "complaint", sentence=1),
    ]
    assert requests_of(parts, {"erase": 0.9, "complaint": 0.1}) == {"erase"}


def test_somebody_who_is_not_angry_does_not_complain() -> None:
    parts = [
        part("please erase everything about me", "erase"),
        part("I'd like to add that I'm not angry with you", "complaint", sentence=1),
    ]
    assert requests_of(parts, {"erase": 0.9, "complaint": 0.1}) == {"erase"}


def test_beside_what_a_letter_is_about_only_what_letters_ask_so_counts() -> None:
    main = part("please erase me", "erase")
    aside = replace(part("please see my complaint of May", "complaint"), asks_in_a_letter=0.02)
    whole = {"erase": 0.9, "complaint": 0.1}

    def asked(*, listed: bool) -> list[str]:
        found = of_a_letter(whole, [main, aside], whole, [main, aside], listed=listed)
        return [each.intent for each in found]

    assert asked(listed=False) == ["erase"]
    assert asked(listed=True) == ["erase", "complaint"]


@pytest.mark.parametrize(
    ("clause", "orders"),
    [
        ("you'll send no more promotions", True),
        ("you're to restrict it until then", True),
        ("I therefore take back what I signed", True),
        ("you'll see that I am right", False),
        ("you will find my letter attached", False),
    ],
)
def test_what_will_be_done_is_ordered_and_what_will_be_seen_is_not(clause: str, orders: bool) -> None:
    assert (words.ORDER.search(clause.lower()) is not None) is orders


def test_an_item_of_a_list_is_a_request_of_its_own_though_it_could_be_part_of_another() -> None:
    main = part("number one, what do you hold about me?", "access")
    source = part("where did it come from?", "source", sentence=1, sure=0.94)
    itemised = replace(source, clause=replace(source.clause, so_far="Number two, where did it come from?"))
    whole = {"access": 0.9, "source": 0.1}

    assert requests_of([main, source], whole) == {"access"}
    assert requests_of([main, itemised], whole) == {"access", "source"}


def test_what_could_be_part_of_another_is_asked_where_all_is_certain() -> None:
    copy = part("please show me what you hold", "access")
    aside = part("who do you pass it on to?", "ask_policy", sentence=1, sure=0.97)
    whole = {"access": 0.9, "ask_policy": 0.1}

    assert requests_of([copy, aside], whole) == {"access", "ask_policy"}
    assert requests_of([copy, replace(aside, asks_in_a_letter=0.9)], whole) == {"access"}


def test_take_me_off_those_points_back_at_what_was_sent() -> None:
    name = part("please correct my surname", "rectify")
    circulars, seats = (
        told(f"the {what} are for my old firm", "out_of_scope") for what in ("circulars", "seats")
    )
    off = part("please take me off those", "opt_out", sentence=2)
    whole = {"rectify": 0.9, "opt_out": 0.1}

    assert requests_of([name, circulars, off], whole) == {"rectify", "opt_out"}
    assert requests_of([name, seats, off], whole) == {"rectify"}


@pytest.mark.parametrize(
    ("text", "meant"), [("could somebody pop the t in?", False), ("could somebody ring me?", True)]
)
def test_a_person_is_wanted_by_words_of_talking(text: str, meant: bool) -> None:
    status = part("has it been done?", "request_status")
    somebody = part(text, "talk_to_human", sentence=1)

    found = requests_of([status, somebody], {"request_status": 0.95, "talk_to_human": 0.05})
    assert ("talk_to_human" in found) is meant


def test_others_are_told_of_in_many_letters_that_are_for_oneself() -> None:
    source = part("kindly tell me where you got these", "source")
    team = part("please ask whether my team has outgrown it", "on_behalf", sentence=1)

    assert requests_of([source, team], {"source": 0.98, "on_behalf": 0.01}) == {"source"}


def test_a_letter_that_tells_why_one_might_complain_orders_what_it_orders() -> None:
    orders = [part("please show me what you hold", "access"), part("please stop the calls", "opt_out")]
    threat = part("otherwise I shall complain", "complaint", sentence=2)

    assert requests_of([*orders, threat], {"complaint": 0.6, "opt_out": 0.3, "access": 0.1}) == {
        "access",
        "opt_out",
    }


def test_a_letter_that_is_probably_nothing_is_asked_about() -> None:
    thanks = part("it is all quite in order", "report_breach", asks=0.02, sure=0.1)
    text = f"{thanks.clause.text}. {FILLER}"

    whole = {"report_breach": 0.3, "complaint": 0.25, "request_status": 0.25, "thank": 0.2}
    assert not merge(text, whole, [thanks]).asked
    assert decide(text, whole, parts=[thanks]).decision == "ask"


def test_what_a_letter_plainly_orders_is_done_whatever_else_it_tells() -> None:
    told_of = told("our forklift is loading the old stock", "out_of_scope")
    order = part("please stop the text messages with offers", "opt_out", sentence=1)

    whole = {"out_of_scope": 0.99, "opt_out": 0.01}

    assert requests_of([told_of, order], whole) == {"opt_out"}
    assert requests_of([told_of, replace(order, asks_in_a_letter=0.5)], whole) == set()


def test_a_complaint_beside_another_request_is_in_words_for_it() -> None:
    stop = part("please stop the mailings", "opt_out")
    fourth = part("this is the fourth time", "complaint", sentence=1)
    whole = {"opt_out": 0.7, "complaint": 0.3}

    assert requests_of([stop, fourth], whole) == {"opt_out"}
    assert requests_of([stop, part("I find that unacceptable", "complaint", sentence=1)], whole) == {
        "opt_out",
        "complaint",
    }


def test_tell_me_goes_on_with_what_a_letter_is_about() -> None:
    lists = part("which lists am I on?", "view_preferences")
    whole = {"view_preferences": 0.9, "access": 0.1}

    assert requests_of([lists, part("tell me", "access", sentence=1)], whole) == {"view_preferences"}


def test_what_goes_on_with_an_enumeration_is_part_of_it() -> None:
    copy = part("please show me what you hold", "access")
    kept = part("how long is it stored?", "ask_policy", sure=0.97)
    whole = {"access": 0.9, "ask_policy": 0.1}

    assert requests_of([copy, replace(kept, clause=replace(kept.clause, joint=", and"))], whole) == {"access"}
    assert requests_of([copy, kept], whole) == {"access", "ask_policy"}


def test_another_request_that_is_not_quite_sure_needs_more_of_the_whole() -> None:
    erasure = part("please erase my record", "erase")
    tell = part("please tell me what it is", "access", sentence=1, sure=0.85)

    assert requests_of([erasure, tell], {"erase": 0.96, "access": 0.01}) == {"erase"}
    assert requests_of([erasure, tell], {"erase": 0.96, "access": 0.03}) == {"erase", "access"}


def test_what_is_read_instead_of_a_grave_request_must_be_spoken_for_too() -> None:
    keep = part("please see that nobody works with it", "restrict", sure=0.5)
    moved = part("has it been moved?", "request_status", sentence=1)

    assert requests_of([keep, moved], {"restrict": 0.999, "request_status": 0.0001}) == set()


def test_who_says_the_same_again_and_again_is_read() -> None:
    again = replace(part("please stop the calls", "opt_out"), vector=np.ones(3))
    repeated = [again, replace(again, vector=np.zeros(3)), replace(again, vector=np.ones(3))]

    assert requests_of(repeated, {"opt_out": 0.9}) == {"opt_out"}


@pytest.mark.parametrize(
    "text",
    [
        "The first relates to my request of the 4th, for correction of my job title",
        "I am chasing my application to see the file",
        "This is about my last email of the 4th",
    ],
)
def test_what_is_said_of_an_earlier_request_is_not_made_anew(text: str) -> None:
    assert asked_by(part(text, "rectify"), 0.0) is None
    assert asked_by(part(text, "request_status"), 0.0) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Further to my letter of the 4th please correct my job title",
        "It is about my email, which has changed",
    ],
)
def test_beside_that_something_may_be_asked_all_the_same(text: str) -> None:
    assert asked_by(part(text, "rectify"), 0.0) is not None


def test_who_is_told_of_an_erasure_is_part_of_it() -> None:
    tells = part(
        "please inform any organisation to which you have given it that I asked for that", "withdraw_request"
    )
    parts = [part("please erase my data", "erase"), tells]

    assert requests_of(parts, {"erase": 0.9, "withdraw_request": 0.1}) == {"erase"}


def test_a_letter_of_which_nothing_is_a_clause_is_read() -> None:
    found = merge("0 " * 60, {"on_behalf": 0.6, "access": 0.4}, ())

    assert found.asked == ()
