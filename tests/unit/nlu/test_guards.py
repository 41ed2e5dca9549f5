"""What must not start an erasure, a restriction, an objection or a withdrawal, and what still must."""

from __future__ import annotations

import time

import pytest

from nlu.understanding.guards import Guard, guard_for, is_mentioned

ORDERS = [
    ("erase", "please delete all my data"),
    ("erase", "Delete me"),
    ("erase", "can you delete my record?"),
    ("erase", "could you please remove me from your CRM"),
    ("erase", "I read that I can be forgotten. Forget me."),
    ("erase", "why do you still have my data, get rid of it"),
    ("erase", "don't keep anything, delete it all"),
    ("erase", "I can't remove my own record so please do it for me: delete it"),
    ("erase", "don't just delete the phone number, delete everything"),
    ("erase", "I don't use it any more so delete it"),
    ("erase", "my solicitor says you must erase my file"),
    ("erase", "I wonder if you could delete my details"),
    ("erase", "Dear Sir, I request that you erase all personal data concerning me without delay."),
    ("erase", "wipe my stuff pls"),
    ("erase", "I want you to forget me"),
    ("restrict", "please freeze my record"),
    ("restrict", "I'm not asking you to delete it, just pause using it"),
    ("erase", "Chuck my record out"),
    ("erase", "strip my own details out of your database"),
    ("erase", "I want the lot gone"),
    ("erase", "strike my name and everything attached to it from your systems"),
    ("object", "I object to you profiling me"),
    ("object", "I object to your analysing which pages I read"),
    ("withdraw_consent", "any consent I'm supposed to have given is hereby cancelled"),
    ("withdraw_consent", "Consent: withdrawn."),
    ("withdraw_consent", "I withdraw my consent"),
]

NEGATED = [
    ("erase", "don't delete my account"),
    ("erase", "you needn't remove me so long as the calls end"),
    ("erase", "nothing is to be erased on the strength of this letter"),
    ("erase", "please do not erase anything, just fix my number"),
    ("erase", "I don't want you to just delete it"),
    ("erase", "I'm not asking you to delete it, just pause using it"),
    ("erase", "rather than deleting my record, correct my address"),
    ("erase", "keep my record, no need to wipe it"),
    ("erase", "I never asked you to remove me"),
    ("erase", "Whatever you do, don’t get rid of my details"),
    ("restrict", "don't freeze my data"),
    ("object", "I don't object to the newsletter"),
    ("withdraw_consent", "I'm not withdrawing my consent, I just want fewer emails"),
]

QUESTIONS = [
    ("erase", "what happens if I ask you to delete me"),
    ("erase", "What would happen to my invoices if you erased me?"),
    ("erase", "how long does it take to delete my data"),
    ("erase", "How do I delete my account?"),
    ("erase", "do you delete data after a contract ends"),
    ("erase", "is deletion permanent?"),
    ("erase", "suppose I want to be deleted, how does that work"),
    ("erase", "I'm thinking about asking you to delete my account"),
    ("erase", "please tell me how you delete my data"),
    ("erase", "can my data be deleted while there is a contract? I wonder"),
    ("restrict", "what does restricting my data mean"),
    ("object", "can I object to profiling"),
    ("withdraw_consent", "how do I withdraw my consent"),
]

REPORTS = [
    ("erase", "my colleague asked you to delete her data last week"),
    ("erase", "you told me my data had been deleted"),
    ("erase", "your email said you would remove my record"),
    ("erase", "you deleted my data without asking"),
]


@pytest.mark.parametrize(("intent", "text"), ORDERS)
def test_an_order_is_not_held_back(intent: str, text: str) -> None:
    assert guard_for(intent, text) is None


@pytest.mark.parametrize(("intent", "text"), NEGATED)
def test_a_negation_is(intent: str, text: str) -> None:
    assert guard_for(intent, text) is Guard.NEGATED


@pytest.mark.parametrize(("intent", "text"), QUESTIONS)
def test_a_question_or_a_supposition_is(intent: str, text: str) -> None:
    assert guard_for(intent, text) is Guard.QUESTION


@pytest.mark.parametrize(("intent", "text"), REPORTS)
def test_a_report_is(intent: str, text: str) -> None:
    assert guard_for(intent, text) is Guard.REPORTED


@pytest.mark.parametrize("intent", ["access", "opt_out", "rectify"])
def test_what_can_be_undone_is_never_held_back(intent: str) -> None:
    assert guard_for(intent, "what happens if I don't delete it") is None


def test_a_long_text_takes_no_time() -> None:
    text = "I would not want that you, without asking me, no, never, should have deleted " * 110
    started = time.monotonic()
    guard_for("erase", text[:8000])
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        'A slide says "please erase everything". How long do you have?',
        'My course asks: "I want my file wiped." Must a firm do it?',
    ],
)
def test_what_is_only_quoted_is_held_back(text: str) -> None:
    assert guard_for("erase", text) is Guard.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "on 12 May I sent you a request to delete my file",
        "I have asked you to erase me before",
        "we told you to remove us",
    ],
)
def test_what_was_asked_before_is_a_report(text: str) -> None:
    assert guard_for("erase", text) is Guard.REPORTED


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("erase", "I might, at some point, want to be forgotten"),
        ("withdraw_consent", "in the event I later withdraw my consent, what becomes of my file"),
        ("restrict", "let's pretend I asked you to freeze it"),
        ("erase", "I was going to ask you to delete me"),
        ("object", "I haven't decided whether to object"),
    ],
)
def test_what_is_only_imagined_is_held_back(intent: str, text: str) -> None:
    assert guard_for(intent, text) is Guard.QUESTION


def test_what_was_said_is_told_from_what_was_not() -> None:
    assert guard_for("restrict", "i didnt say delete i said pause it") is None
    assert guard_for("erase", "i didn't say delete i said pause it") is Guard.NEGATED


@pytest.mark.parametrize(
    "text",
    [
        "Hold your horses on that erasure of mine.",
        "That deletion: please don't go through with it",
        "About erasing me, call it off",
    ],
)
def test_what_is_called_off_does_not_start(text: str) -> None:
    assert guard_for("erase", text) is Guard.NEGATED


@pytest.mark.parametrize(
    ("intent", "text", "mentioned"),
    [
        ("withdraw_consent", "I hereby revoke, with immediate effect, every consent that I have given", True),
        ("withdraw_consent", "I withdraw, with effect for the future, the consent to the newsletter", True),
        ("withdraw_consent", "I withdraw my letter, and as for consent I gave none", False),
        ("erase", "second, strike me from the CRM", True),
        ("erase", "a strike kept me from coming", False),
        ("restrict", "block it until this is settled", True),
        ("restrict", "make no use of it whatsoever", True),
        ("restrict", "make use of it as you like", False),
        ("restrict", "nothing may happen: it must not be used for anything", True),
        ("restrict", "it is not to be used until that is settled", True),
        ("restrict", "it must not be used for your brochures", False),
    ],
)
def test_a_grave_right_is_mentioned_in_words_of_templates(intent: str, text: str, mentioned: bool) -> None:
    assert is_mentioned(intent, text) is mentioned
