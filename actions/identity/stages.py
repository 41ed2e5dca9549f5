"""The dialogue of verification: an address, a code, and whom they stand for."""

from __future__ import annotations

from actions.cases import services as cases
from actions.cases.deadlines import local_date
from actions.cases.explain import long_date as long_day
from actions.identity import lost_mailbox
from actions.identity import services as identity
from actions.identity.addresses import resolve, well_formed
from actions.identity.interfaces import Closed, Resolution
from actions.identity.words import closed_for, duration, tries
from actions.mail import services as mail
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.vault.cipher import keyed_hash
from actions.wording import phrase
from actions.wording.services import identity_rules


class ProveIdentity:
    """Before anything is seen, changed or destroyed (rules: "Who is asking"; UK GDPR Art. 12(6)).

    Attributes:
        goes_on_in_doubt: whether the stages behind it know what to do when a mailbox does not tell who is
            asking (`Context.data["doubt"]`): ask for what they need, disclose nothing, and `hand_over`.
        goes_on_unknown: whether they can serve an address nobody on file uses; `contact_id` is missing then.
        agent_looks_later: whether they ask an agent themselves where an agreement wants one.
    """

    def __init__(
        self,
        *,
        goes_on_in_doubt: bool = False,
        goes_on_unknown: bool = False,
        agent_looks_later: bool = False,
    ) -> None:
        self.goes_on_in_doubt = goes_on_in_doubt
        self.goes_on_unknown = goes_on_unknown
        self.agent_looks_later = agent_looks_later

    def enter(self, context: Context) -> Outcome:
        """Go on at once with a proof that still holds; else ask for an address, or for the code sent."""
        if context.data.get("lost"):
            return lost_mailbox.ask(context)
        address = identity.proven_address(context.session, context.conversation)
        if address is not None:
            return self._settle(context, address)
        if context.case.state == "draft":
            cases.move(context.session, context.case, "awaiting_identity", by="assistant")
        if context.data.get("sent"):
            return context.ask("code", "identity.code_again", "resend_code", "no_mailbox")
        mentioned = context.value(context.data.get("entities", {}).get("email"))
        if mentioned is not None:
            return self._send(context, mentioned)
        return self._ask_address(context)

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take an address, a code, or a way out."""
        wish = given.choice or given.intent
        if context.data.get("lost"):
            return lost_mailbox.receive(context, given)
        if wish == "no_mailbox":
            return lost_mailbox.begin(context)
        if "email" in given.fields:
            return self._send(context, context.value(given.fields["email"]) or "")
        if wish == "resend_code" and context.data.get("address"):
            return self._send(context, context.data["address"])
        if "code" in given.fields:
            return self._check(context, context.value(given.fields["code"]) or "")
        if wish in ("deny", "cancel") and context.data.get("another"):
            context.say("anything_else")
            return "over"
        return self.enter(context)

    def _ask_address(self, context: Context) -> Outcome:
        asked_before = context.data.get("asked", False)
        context.remember(asked=True)
        name = "identity.email_again" if asked_before else f"identity.email.{context.case.right}"
        return context.ask("email", name, date=long_date(context), case_right=context.case.right)

    def _send(self, context: Context, typed: str) -> Outcome:
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        sent = identity.send_code(context.session, context.conversation, address)
        if isinstance(sent, Closed):
            return self._closed(context, "identity.no_more_codes", duration(sent.wait))
        again = context.data.get("address") == address and bool(context.data.get("sent"))
        context.remember(address=address, sent=True, another=False)
        name = "identity.code_resent" if again else "identity.code_sent"
        return context.ask("code", name, "resend_code", "no_mailbox", minutes=sent.minutes)

    def _check(self, context: Context, typed: str) -> Outcome:
        checked = identity.check_code(context.session, context.conversation, typed)
        if checked.result == "right":
            return self._settle(context, checked.address)
        if checked.result == "closed":
            return self._closed(context, "identity.closed", closed_for())
        if checked.result == "wrong":
            return context.ask(
                "code", "identity.wrong_code", "resend_code", "no_mailbox", left=tries(checked.left)
            )
        return context.ask("code", "identity.code_expired", "resend_code", "no_mailbox")

    def _closed(self, context: Context, name: str, wait: str) -> Outcome:
        context.remember(sent=False)
        return context.ask("email", name, "talk_to_human", wait=wait)

    def _settle(self, context: Context, address: str) -> Outcome:
        """Whom does the address stand for? Only from here on may anything be said about what is held."""
        resolution = resolve(context.crm, address, context.at)
        case = context.case
        case.address = address
        case.address_hash = keyed_hash("address", address)
        if resolution.nothing_held:
            return "next" if self.goes_on_unknown else nothing_held(context)
        if resolution.contact is None or self._wants_an_agent(context, resolution.contact.id):
            return self._doubtful(context, resolution)
        case.contact_id = resolution.contact.id
        context.remember(address=address, contact_id=resolution.contact.id)
        return "next"

    def _wants_an_agent(self, context: Context, contact_id: str) -> bool:
        rules, right = identity_rules(), context.case.right
        if rules.needed(right, "ordinary") == "code_and_agent":
            return True
        if self.agent_looks_later or rules.needed(right, "agreement") != "code_and_agent":
            return False
        holdings = context.crm.holdings(contact_id)
        return holdings is not None and holdings.active_agreement is not None

    def _doubtful(self, context: Context, resolution: Resolution) -> Outcome:
        """A person looks first; a request that needs more words than these takes them before that."""
        case = context.case
        case.details["candidates"] = list(resolution.candidates)
        case.details["doubt"] = resolution.doubt
        context.remember(doubt=resolution.doubt)
        return "next" if self.goes_on_in_doubt else hand_over(context)


def nothing_held(context: Context) -> Outcome:
    """Close the request with that answer, and go on with another address, if the contact has one."""
    identity.forget_proof(context.session, context.conversation)
    case, session = context.case, context.session
    cases.move(session, case, "fulfilled", by="assistant", note="nothing held under the address")
    if case.address:
        mail.post(
            session,
            "case_closed_nothing_held",
            case.address,
            case=case,
            key=f"case:{case.id}:nothing-held",
            reference=case.reference,
        )
    again = cases.open_case(
        session,
        right=case.right,
        conversation_id=context.conversation.id,
        received_at=case.received_at,
        channel=case.channel,
    )
    context.current.case_id = again.id
    context.current.stage = 0
    cases.move(session, again, "awaiting_identity", by="assistant", note=f"continues {case.reference}")
    context.remember(sent=False, another=True)
    return context.ask("email", f"identity.nothing_held.{case.right}", "cancel.another_address")


def hand_over(context: Context) -> Outcome:
    """Give a request to a person, because the mailbox alone does not tell who is asking."""
    case = context.case
    cases.move(context.session, case, "awaiting_approval", by="assistant", note="identity needs a person")
    if case.address:
        mail.post(
            context.session,
            "case_received",
            case.address,
            case=case,
            key=f"case:{case.id}:received",
            reference=case.reference,
            right=phrase(f"right.{case.right}"),
            due=long_day(case.due_on),
        )
    context.say("identity.person_first", "why_date", case=case, reference=case.reference, due=due(context))
    return "over"


def prove_again(context: Context) -> Outcome:
    """Go back to the proof when it has run out in the middle of a request."""
    context.current.stage = 0
    context.remember(sent=False, asked=True)
    context.say("identity.proof_over")
    return ProveIdentity().enter(context)


def long_date(context: Context) -> str:
    """The day the request was received, as people say it; not today where it was unclear at first."""
    received = local_date(context.case.received_at)
    when = "today," if received == local_date(context.at) else "on"
    return f"{when} {received:%-d %B}"


def due(context: Context) -> str:
    """The day the answer is due, as people say it."""
    return f"{context.case.due_on:%A %-d %B %Y}"
