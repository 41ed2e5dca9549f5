"""Order or question, by the form alone."""

from __future__ import annotations

from nlu.requests.forms import ASKED, ORDERED, form_of, weighed
from nlu.understanding.vocabulary import CONTRACT, GRAVE


def test_content_is_masked_and_the_form_is_kept() -> None:
    assert form_of("What if I ask you to erase my file?") == "^ what if i ask you to w my w ? $"
    assert form_of("Deleted by mistake, or restricting?") == "^ ed by w , or ing ? $"


def test_a_question_speaks_for_questions_and_an_order_for_orders() -> None:
    even = {"erase": 0.4, "ask_rights": 0.4, "greet": 0.2}

    asked, ordered = weighed(even, 0.9), weighed(even, 0.1)

    assert asked["ask_rights"] > 0.7 > 0.1 > asked["erase"]
    assert ordered["erase"] > 0.7 > 0.1 > ordered["ask_rights"]
    assert abs(sum(asked.values()) - 1) < 1e-9


def test_an_open_form_changes_nothing() -> None:
    even = {"erase": 0.4, "ask_rights": 0.4, "greet": 0.2}
    assert all(abs(weighed(even, 0.5)[intent] - probability) < 1e-9 for intent, probability in even.items())


def test_what_is_grave_is_ordered() -> None:
    assert GRAVE <= ORDERED <= CONTRACT
    assert not ORDERED & ASKED
