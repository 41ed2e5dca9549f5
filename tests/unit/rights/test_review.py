"""Access: own data at once, free text once an agent has read it, and nobody else's data at any time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.cases.models import Case
from actions.cases.services import by_reference
from actions.cases.tasks import open_tasks
from actions.crm.models import TrackedEmail
from actions.rights import review, sources
from actions.rights.models import ReviewItem
from tests.support.dialogue import Chat
from tests.support.working import PostOffice
from tests.unit.rights.conftest import Work


def asked(chat: Chat, address: str = "tom@northgate.example") -> dict:
    chat.send("access")
    return chat.prove(address)[-1]


def as_agent(chat: Chat, action: Callable[..., object]) -> object:
    """Do something with the newest case, in a transaction."""
    with chat.database.write() as session:
        case = by_reference(session, chat.cases()[-1].reference)
        assert case is not None
        return action(session, case)


def kinds(chat: Chat) -> list[str]:
    with chat.database.read() as session:
        return sorted(task.kind for task in open_tasks(session))


def finish_searches(session: object, case: Case) -> None:
    for name in list(sources.open_searches(session, case)):
        review.looked(session, case, name, by="dana", found="A call on 3 May." if name == "telephony" else "")


def test_own_data_is_shown_at_once_and_people_get_the_rest(chat: Chat) -> None:
    shown = asked(chat)
    rows = {row["id"]: row["value"] for row in shown["card"]["rows"]}
    assert rows["surname"] == "Aldous"
    assert "our helpdesk: nothing" in rows["searched"]
    assert "our backups" in rows["not_searched"]
    assert shown["case"]["state"] == "in_progress"
    assert "6 more texts" in shown["text"]
    assert "our telephone system" in shown["text"]
    assert kinds(chat) == ["manual_source", "manual_source", "manual_source", "review"]
    with chat.database.read() as session:
        assert all(task.due_on is not None for task in open_tasks(session))


def test_what_is_shown_may_be_enough(chat: Chat, work: Work) -> None:
    asked(chat)
    assert "all right" in chat.send(choice="enough")[-1]["text"].lower()
    assert chat.cases()[-1].state == "fulfilled"
    assert kinds(chat) == []
    work()
    assert chat.cases()[-1].address is None
    with chat.database.read() as session:
        assert {item.text for item in session.query(ReviewItem)} == {None}


def test_an_answer_is_sent_once_everything_is_decided_and_looked_through(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    with chat.database.write() as session:
        session.query(TrackedEmail).filter_by(contact_id="tom").first().body = "Lee Nakamura rang. Tom, ok."
    asked(chat)
    work()
    with pytest.raises(review.ReviewRefused, match="not decided yet: 1, 2, 3, 4, 5, 6; not looked through"):
        as_agent(chat, lambda session, case: review.send(session, case, by="dana"))
    as_agent(chat, finish_searches)
    with chat.database.read() as session:
        (named,) = (item.number for item in session.query(ReviewItem) if "Lee" in (item.text or ""))
    as_agent(
        chat,
        lambda session, case: review.redact(
            session, case, named, ["Lee Nakamura"], exemption="other_people", by="dana"
        ),
    )
    other = 1 if named != 1 else 2
    as_agent(
        chat,
        lambda session, case: review.withhold(session, case, [other], exemption="legal_advice", by="d"),
    )
    assert as_agent(chat, lambda session, case: review.keep_the_rest(session, case, by="dana")) == 5
    as_agent(chat, lambda session, case: review.send(session, case, by="dana"))
    work()
    letter = post_office.letters[-1]
    assert "1 with words taken out, because it is about somebody else" in letter.text
    assert "1 not sent at all, because it is legal advice" in letter.text
    assert "our telephone system: what is there is in the file" in letter.text
    assert "log-ins to the customer portal: nothing about you" in letter.text
    sent = letter.attachments[0].text
    assert "A call on 3 May." in sent
    assert "[…] rang. Tom, ok." in sent
    assert "Lee Nakamura" not in sent
    assert sent.count("Subject") == 0
    case = chat.cases()[-1]
    assert (case.state, case.address) == ("fulfilled", None)
    assert kinds(chat) == []
    with chat.database.read() as session:
        left = session.query(ReviewItem).all()
        assert {(item.title, item.text, item.shown) for item in left} == {(None, None, None)}
        assert {item.verdict for item in left} == {"kept", "redacted", "withheld"}


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda session, case: review.keep(session, case, [9], by="dana"), "has no piece 9; it has 6"),
        (
            lambda session, case: review.redact(session, case, 1, ["No"], exemption="planning", by="d"),
            "does not stand in piece 1",
        ),
        (
            lambda session, case: review.redact(session, case, 1, [], exemption="other_people", by="d"),
            "Say which passages",
        ),
        (
            lambda session, case: review.withhold(session, case, [1], exemption="because", by="dana"),
            "There is no ground 'because'",
        ),
        (lambda session, case: review.looked(session, case, "crm", by="dana"), "does not wait for 'crm'"),
    ],
)
def test_a_review_says_what_cannot_be_done(chat: Chat, act: Callable[..., object], message: str) -> None:
    asked(chat)
    with pytest.raises(review.ReviewRefused, match=message):
        as_agent(chat, act)


def test_a_closed_case_is_not_reviewed_any_more(chat: Chat) -> None:
    asked(chat)
    chat.send(choice="enough")
    with pytest.raises(review.ReviewRefused, match="is closed"):
        as_agent(chat, lambda session, case: review.keep(session, case, [1], by="dana"))


def test_a_shared_mailbox_does_not_lend_one_contact_the_chats_of_the_other(chat: Chat, work: Work) -> None:
    from actions.crm.embedded import EmbeddedCrm
    from actions.helpdesk.services import get_helpdesk
    from actions.rights.search import Wanted, addresses_of, search

    chat.send("access")
    chat.prove("accounts@millbrook.example")
    crm = EmbeddedCrm(chat.database)
    with chat.database.read() as session:
        holdings = crm.holdings("lee")
        assert holdings is not None
        wanted = Wanted(session, crm, get_helpdesk(), holdings, addresses_of(holdings, None))
        counts = {found.source: found.count for found in search(wanted)}
    assert (counts["chats"], counts["cases"], counts["verification"]) == (0, 0, 0)


def test_where_data_came_from_is_told_at_once_to_a_proven_contact(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    assert chat.send("source")[-1]["ask"]["field"] == "email"
    told = chat.prove("tom@northgate.example")[-1]
    assert [row["id"] for row in told["card"]["rows"]] == [
        "held",
        "origin",
        "purpose",
        "basis",
        "recipients",
        "retention",
    ]
    assert (told["case"]["right"], told["case"]["state"]) == ("information", "fulfilled")
    work()
    assert "work telephone" in post_office.letters[-1].text
