"""The desk as a port: everything an agent may do, whatever they do it with (a page of ours, Slack)."""

from __future__ import annotations

from typing import Any, Protocol

from actions.handover.interfaces import AgentIdentity


class Desk(Protocol):
    """What an agent may see and do. Every method may raise `HandoverRefused`, whose message is for the agent.

    Conversations are named by the id of their handover. What is shown never holds a value that the contact
    gave privately: it has placeholders, which `reveal` uncovers one at a time for roles that need it.
    """

    def queue(self, agent: AgentIdentity) -> dict[str, Any]:
        """Who waits, who is being served by whom, and whether the agent is on duty."""
        ...

    def conversation(self, agent: AgentIdentity, handover_id: int, after: int = 0) -> dict[str, Any]:
        """One conversation: its story after a seq, the identity's state, the cases, what may be uncovered."""
        ...

    def duty(self, agent: AgentIdentity, on: bool) -> None:
        """Be there for contacts, or not."""
        ...

    def take(self, agent: AgentIdentity, handover_id: int, *, over: bool = False) -> None:
        """Take a conversation, or take it over from a colleague."""
        ...

    def reply(self, agent: AgentIdentity, handover_id: int, text: str, *, key: str) -> None:
        """Say something to the contact, once for each key."""
        ...

    def hand_back(self, agent: AgentIdentity, handover_id: int) -> None:
        """Let the assistant go on."""
        ...

    def close(self, agent: AgentIdentity, handover_id: int) -> None:
        """End the talk."""
        ...

    def reveal(self, agent: AgentIdentity, handover_id: int, placeholder: str) -> str:
        """Uncover one value; put on the audit trail."""
        ...
