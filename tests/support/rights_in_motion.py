"""Every right once, from the request to the moment when the journal has its steps and the worker begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.crm import services as crm_services
from actions.erasures import reviews
from actions.fulfilment.models import Step
from actions.notices import services as notices
from actions.rights import decisions, review, sources
from tests.support.dialogue import Chat
from tests.support.erasing import approve
from tests.support.working import work

TOM, PRIYA, MEI = "tom@northgate.example", "priya@hartwell.example", "mei.lin@post.example"
LONG = timedelta(days=10)
"""Longer than every waiting time of a step."""


def prepare(name: str, chat: Chat) -> None:
    """Bring a right to where the worker begins, with every step due at once.

    Args:
        name: one of `RIGHTS`.
        chat: a fresh conversation; a post office must take what was mailed on the way.
    """
    RIGHTS[name](chat)
    with chat.database.write() as session:
        _forget_codes(session)
    chat.pass_time(LONG)


def _erasure(chat: Chat) -> None:
    chat.send("erase")
    chat.prove(TOM)
    chat.send(choice="copy_first")


def _erasure_keeping(chat: Chat) -> None:
    chat.send("erase")
    chat.prove(PRIYA)
    chat.send(choice="erase")
    approve(chat, chat.cases()[-1].reference)


def _erasure_of_the_rest(chat: Chat) -> None:
    _erasure_keeping(chat)
    for _ in range(3):
        chat.pass_time(LONG)
        work(chat.database)
    chat.pass_time(timedelta(days=330))
    assert reviews.review(chat.database) == 1


def _access(chat: Chat) -> None:
    chat.send("access")
    chat.prove(TOM)


def _access_to_the_rest(chat: Chat) -> None:
    _access(chat)
    case = chat.cases()[-1]
    with chat.database.write() as session:
        found = session.get_one(Case, case.id)
        review.keep_the_rest(session, found, by="dana")
        for source in sources.open_searches(session, found):
            review.looked(session, found, source, by="dana")
        review.send(session, found, by="dana")


def _portability(chat: Chat) -> None:
    chat.send("portability")
    chat.prove(TOM)


def _information(chat: Chat) -> None:
    chat.send("source")
    chat.prove(TOM)


def _rectification(chat: Chat) -> None:
    chat.send("rectify")
    chat.prove(TOM)
    chat.send(choice="mobile_telephone")
    chat.send(phone="+447700900199")
    chat.send(choice="confirm")


def _restriction(chat: Chat) -> None:
    chat.send("restrict")
    chat.prove(TOM)
    chat.send(choice="claims")


def _restriction_lifted(chat: Chat) -> None:
    _restriction(chat)
    work(chat.database)
    _decide(
        chat,
        lambda session, case: decisions.lift(
            session, crm_services.get_crm(), case, by="dana", reason="We may use it."
        ),
    )


def _objection(chat: Chat) -> None:
    chat.send("object")
    chat.prove(TOM)
    chat.send(value="I do not want my clicks followed.")
    _answer(chat, "We follow no clicks of yours any more.")


def _refused(chat: Chat) -> None:
    chat.send("erase")
    chat.prove(PRIYA)
    chat.send(choice="erase")
    _decide(
        chat,
        lambda session, case: decisions.refuse(
            session, case, by="dana", reason="A dispute about the agreement is open."
        ),
    )


def _marketing_objection(chat: Chat) -> None:
    chat.send("opt_out", email=TOM)
    chat.send(choice="confirm")
    chat.send(phone="+447700900101")


def _opt_in(chat: Chat) -> None:
    chat.send("opt_in")
    chat.prove(MEI)


def _consent_withdrawal(chat: Chat) -> None:
    chat.send("withdraw_consent", email=TOM)
    _answer(chat, "Nothing else rested on it.")


def _complaint(chat: Chat) -> None:
    chat.send("complaint")
    chat.send(value="Seven weeks and no answer.")
    chat.send(email=TOM)
    _answer(chat, "We are sorry, and have changed how we work.")


def _breach_report(chat: Chat) -> None:
    chat.send("report_breach")
    chat.send(value="I got somebody else's invoice.")
    chat.send(email=TOM)
    _answer(chat, "Thank you. We have told them.")


def _on_behalf(chat: Chat) -> None:
    chat.send("on_behalf")
    chat.send(value="I'm her solicitor.")
    chat.send(email=MEI)
    _answer(chat, "Please send us her authority.")


def _message(chat: Chat) -> None:
    chat.send("talk_to_human")
    chat.send(email=TOM)
    chat.send(value="Ring me about the printer.")


def _notice(chat: Chat) -> None:
    notices.run(chat.database, crm_services.get_crm())


RIGHTS: Mapping[str, Callable[[Chat], None]] = {
    "informed": _notice,
    "information": _information,
    "access": _access,
    "access_to_the_rest": _access_to_the_rest,
    "portability": _portability,
    "rectification": _rectification,
    "erasure": _erasure,
    "erasure_keeping": _erasure_keeping,
    "erasure_of_the_rest": _erasure_of_the_rest,
    "refused": _refused,
    "restriction": _restriction,
    "restriction_lifted": _restriction_lifted,
    "objection": _objection,
    "marketing_objection": _marketing_objection,
    "opt_in": _opt_in,
    "consent_withdrawal": _consent_withdrawal,
    "complaint": _complaint,
    "breach_report": _breach_report,
    "on_behalf": _on_behalf,
    "message": _message,
}


def _answer(chat: Chat, answer: str) -> None:
    _decide(
        chat,
        lambda session, case: decisions.approve(
            session, crm_services.get_crm(), case, by="dana", answer=answer
        ),
    )


def _decide(chat: Chat, decision: Callable[[Session, Case], object]) -> None:
    case = chat.cases()[-1]
    with chat.database.write() as session:
        decision(session, session.get_one(Case, case.id))


def _forget_codes(session: Session) -> None:
    """A code's letter belongs to the proof, not to the right."""
    session.execute(delete(Step).where(Step.key.startswith("code:")))
