"""The answer to an access request is read in Slack, word for word, and sent."""

from __future__ import annotations

from actions.cases import services as cases
from bot.slack_standin.looking import words
from tests.slack.desk.conftest import DESK, TOM, Desk
from tests.support.dialogue import Chat
from tests.support.working import PostOffice


def test_the_answer_to_access_is_read_and_sent(desk: Desk, chat: Chat, post_office: PostOffice) -> None:
    chat.send("access")
    chat.prove(TOM)
    desk.work()
    reference = chat.cases()[-1].reference
    dana = desk.person("dana")
    dana.command("/privacy", reference, channel=DESK)
    dana.press("review")
    assert dana.modal is not None
    first = words(dana.modal)
    dana.press("review_withhold")
    dana.submit("review_withhold_form", {"exemption": "legal_advice"})
    assert "withheld" in words(dana.modal)
    dana.press("review_next")
    second = words(dana.modal)
    assert second != first
    word = _some_word(desk, reference, 2)
    dana.press("review_redact")
    bad = dana.submit("review_redact_form", {"passages": "this stands nowhere", "exemption": "other_people"})
    assert "does not stand in piece 2" in bad.errors["passages"]
    dana.submit("review_redact_form", {"passages": word, "exemption": "other_people"})
    assert "[…]" in words(dana.modal)
    dana.press("review_keep_rest")
    while "Looked through" in words(dana.modal):
        dana.press("review_looked")
        dana.submit("review_looked_form", {"source": _place(desk, reference)})
    dana.press("review_preview")
    assert dana.modal is not None
    preview = words(dana.modal)
    assert "[…]" in preview
    assert "legal advice" in preview
    dana.closes()
    dana.press("review_send")
    desk.work()
    assert desk.case(reference).state == "fulfilled"


def _some_word(desk: Desk, reference: str, number: int) -> str:
    from actions.rights import review

    with desk.database.read() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        text = review.items(session, case)[number - 1].text or ""
    return max(text.split(), key=len)


def _place(desk: Desk, reference: str) -> str:
    from actions.rights import sources

    with desk.database.read() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        return next(iter(sources.open_searches(session, case)))
