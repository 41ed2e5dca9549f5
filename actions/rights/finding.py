"""Finding requests made in another chat, on another day: whoever proves the address may know of them."""

from __future__ import annotations

from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.identity.interfaces import Closed
from actions.identity.words import closed_for, duration, tries
from actions.rights import status
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome


class FindRequests:
    """Prove an address, then say how its requests are doing, or take the newest one back."""

    def enter(self, context: Context) -> Outcome:
        """Tell at once what this conversation may know; else ask for an address, or for its code."""
        if self._tell(context):
            return "over"
        if identity.proven_address(context.session, context.conversation) is not None:
            context.say("status.none_of_yours", "access", "talk_to_human")
            return "over"
        if context.data.get("sent"):
            return context.ask("code", "identity.code_again", "resend_code", "cancel.words")
        return context.ask("email", f"find.{context.current.intent}", "cancel.words")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address, then the code."""
        wish = given.choice or given.intent
        if wish in ("cancel", "deny", "no_mailbox"):
            context.say("stopped" if wish != "no_mailbox" else "reply.no_mailbox", "talk_to_human")
            return "over"
        if wish == "resend_code" and context.data.get("address"):
            return self._send(context, context.data["address"])
        typed = context.value(given.fields.get("email"))
        if typed is not None:
            address = well_formed(typed)
            return (
                context.ask("email", "identity.not_an_address")
                if address is None
                else self._send(context, address)
            )
        code = context.value(given.fields.get("code"))
        return self.enter(context) if code is None else self._check(context, code)

    def _tell(self, context: Context) -> bool:
        if context.current.intent == "withdraw_request":
            return status.withdraw(context)
        reference = context.value(context.data.get("entities", {}).get("reference"))
        return status.tell_status(context, reference)

    def _send(self, context: Context, address: str) -> Outcome:
        sent = identity.send_code(context.session, context.conversation, address)
        if isinstance(sent, Closed):
            wait = duration(sent.wait)
            return context.ask("email", "identity.no_more_codes", "talk_to_human", "cancel.words", wait=wait)
        context.remember(sent=True, address=address)
        return context.ask("code", "identity.code_sent", "resend_code", "cancel.words", minutes=sent.minutes)

    def _check(self, context: Context, code: str) -> Outcome:
        checked = identity.check_code(context.session, context.conversation, code)
        if checked.result == "right":
            return self.enter(context)
        if checked.result == "wrong":
            left = tries(checked.left)
            return context.ask("code", "identity.wrong_code", "resend_code", "cancel.words", left=left)
        context.remember(sent=False)
        if checked.result == "closed":
            return context.ask("email", "identity.closed", "talk_to_human", wait=closed_for())
        return context.ask("email", "identity.code_expired", "cancel.words")
