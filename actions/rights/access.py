"""Access (UK GDPR Art. 15; policy 12): own details at once; free text once an agent has read it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.explain import long_date
from actions.cases.models import Case
from actions.cases.tasks import complete, open_tasks
from actions.crm.interfaces import Crm, Holdings
from actions.helpdesk.services import get_helpdesk
from actions.identity.stages import nothing_held
from actions.mail import services as mail
from actions.notices.interfaces import source_in_words
from actions.rights import review, sources
from actions.rights.answers import Answer, card, counted, follows, of_source, own_rows
from actions.rights.copies import copy_attachment
from actions.rights.ending import forget_address
from actions.rights.search import Wanted, addresses_of, nobody_on_file, note_searches, remains, search
from actions.rights.words import called, recipients_in_words
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

NOTHING = "nothing held any more"


class FromHoldings:
    """A stage that needs what is held on a proven contact, and asks nothing."""

    def enter(self, context: Context) -> Outcome:
        """Serve, or say that nothing is held any more."""
        if "contact_id" not in context.data:
            return self.unknown(context)
        holdings = context.crm.holdings(context.data["contact_id"])
        if holdings is None:
            cases.move(context.session, context.case, "fulfilled", by="assistant", note=NOTHING)
            context.say("access.nothing_any_more")
        else:
            self.serve(context, holdings)
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Do what the request asks for."""
        raise RuntimeError("a stage must say how it serves")

    def unknown(self, context: Context) -> Outcome:
        """The address is nobody's on file; only a flow that lets such through comes here."""
        raise RuntimeError("a stage must say how it serves an address that is not on file")


class ShowHoldings(FromHoldings):
    """Tell a proven contact what is held on them."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Show the card, send the same by mail, and give people what they have to read first."""
        case = context.case
        wanted = wanted_here(context, holdings)
        running = cases.under_way_like(context.session, case)
        if running is not None:
            self._join(context, running, wanted)
            return
        given = begin(context.session, case, wanted, by="assistant")
        counts = {each.source: each.count for each in given.found}
        record(context.session, actor="assistant", action="disclosed", subject=case.reference, details=counts)
        shown = card(holdings, given.found)
        name = called(holdings)
        if given.is_complete:
            forget_address(context.session, case)
            context.say("access.held", *AFTER, card=shown, case=case, name=name, reference=case.reference)
            return
        context.say(
            "access.held_more_follows",
            "enough",
            *AFTER,
            "why_date",
            card=shown,
            case=case,
            name=name,
            reference=case.reference,
            follows=follows(given),
            due=long_date(case.due_on),
        )

    def _join(self, context: Context, running: Case, wanted: Wanted) -> None:
        """Show what is held now, and leave the rest to the request that a person is at already."""
        cases.join(context.session, context.case, running)
        context.current.case_id = running.id
        found = tuple(search(wanted))
        counts = {each.source: each.count for each in found}
        record(
            context.session, actor="assistant", action="disclosed", subject=running.reference, details=counts
        )
        context.say(
            "access.running",
            "why_date",
            card=card(wanted.holdings, found),
            case=running,
            name=called(wanted.holdings),
            reference=running.reference,
            due=long_date(running.due_on),
        )

    def unknown(self, context: Context) -> Outcome:
        """Nobody on file; yet our own records of earlier requests are personal data too."""
        case, session = context.case, context.session
        wanted = wanted_here(context, nobody_on_file(case.address or "", context.at))
        found = remains(search(wanted))
        if not found:
            return nothing_held(context)
        given = begin(session, case, wanted, by="assistant")
        held = [of_source(each) for each in found]
        context.say(
            "access.not_on_file",
            *(() if given.is_complete else ("enough", "why_date")),
            card={"title": phrase("access.card"), "rows": held},
            case=case,
            reference=case.reference,
            follows="" if given.is_complete else follows(given),
        )
        if given.is_complete:
            forget_address(session, case)
        return "over"


class SendCopy(FromHoldings):
    """Send a proven contact their details as a file (UK GDPR Art. 20; policy 12)."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Mail the file to the address that was proven, and close the case."""
        case = context.case
        post_copy(context.session, case, holdings, case.address or "")
        cases.move(context.session, case, "fulfilled", by="assistant", note="copy sent to the proven address")
        forget_address(context.session, case)
        context.say("portability.sent", case=case, reference=case.reference)


AFTER = ("rectify.after", "portability.after", "erase.intent")


def wanted_here(context: Context, holdings: Holdings) -> Wanted:
    """Whom to look for, in the conversation in which they ask."""
    return Wanted(
        context.session,
        context.crm,
        get_helpdesk(),
        holdings,
        addresses_of(holdings, context.case.address),
        but=context.conversation.id,
        case_id=context.case.id,
    )


def begin(session: Session, case: Case, wanted: Wanted, *, by: str) -> Answer:
    """Answer what can be answered at once, and give people the rest.

    Args:
        session: a writing session.
        case: the request; it is closed when there is nothing left to do, and else in progress.
        wanted: where to look, and for whom.
        by: who answers: `assistant`, or the agent who confirmed the identity.
    """
    found = tuple(search(wanted))
    note_searches(session, case, found, by=by)
    passages = [passage for each in found for passage in each.passages]
    unreached = [each.source for each in found if not each.reached]
    to_search = (
        *sources.raise_tasks(session, case, wanted.holdings, "access"),
        *sources.raise_for_unreached(session, case, unreached),
    )
    answer = Answer(found, review.begin(session, case, passages), to_search)
    post_answer(session, case, wanted.holdings, answer)
    if answer.is_complete:
        cases.move(session, case, "fulfilled", by=by, note="all of it shown at once")
    else:
        cases.move(session, case, "in_progress", by=by, note="own data shown; the rest is read by a person")
    return answer


def open_answer(session: Session, crm: Crm, case: Case, holdings: Holdings, *, by: str) -> Answer:
    """The same for a contact whose identity an agent has confirmed."""
    addresses = addresses_of(holdings, None)
    return begin(session, case, Wanted(session, crm, get_helpdesk(), holdings, addresses), by=by)


def enough(context: Context, case: Case) -> None:
    """The contact has what they wanted: nobody need read or look for the rest (ICO, clarifying a request)."""
    for task in open_tasks(context.session, case=case):
        if task.kind in (review.TASK, sources.MANUAL):
            complete(context.session, task, by="contact")
    review.destroy(context.session, case.id)
    cases.move(context.session, case, "fulfilled", by="contact", note="own data shown, the rest not wanted")
    forget_address(context.session, case)
    context.say("access.enough", case=case, reference=case.reference)


def post_answer(session: Session, case: Case, holdings: Holdings, answer: Answer) -> None:
    """Mail what is held, as the card shows it, with all that Art. 15(1) and (2) want told."""
    mail.post(
        session,
        "access_answer",
        case.address or holdings.contact.email,
        case=case,
        key=f"case:{case.id}:answer",
        reference=case.reference,
        name=called(holdings),
        summary="\n".join(f"{row['label']}: {row['value']}" for row in own_rows(holdings)),
        counts="\n".join(f"- {line}" for line in counted(answer.found, with_use=True)),
        follows="" if answer.is_complete else follows(answer),
        due="" if answer.is_complete else long_date(case.due_on),
        source=source_in_words(holdings.contact.source),
        recipients="\n".join(f"- {line}" for line in recipients_in_words(session, holdings.contact.id)),
        not_searched="\n".join(
            f"- {source.label}: {source.reason}" for source in sources.left_out().values()
        ),
    )


def post_copy(session: Session, case: Case, holdings: Holdings, address: str) -> None:
    """Mail the contact's details as a file, to an address that was proven or that an agent confirmed."""
    mail.post(
        session,
        "copy_of_data",
        address,
        case=case,
        key=f"case:{case.id}:copy",
        attachments=(copy_attachment(holdings),),
        reference=case.reference,
    )
