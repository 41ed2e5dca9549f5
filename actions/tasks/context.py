"""What a stage works with: the turn's transaction, the conversation, its task and case, and a voice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.conversations.interfaces import AskedField, Card
from actions.conversations.models import Conversation, Message, Turn
from actions.conversations.offers import Option, Speech, say
from actions.crm.interfaces import Crm
from actions.tasks.interfaces import Outcome
from actions.tasks.models import Task
from actions.vault import services as vault
from actions.wording import option, phrase
from actions.wording.services import ask_label


@dataclass
class Context:
    """Everything one turn may use. All of it happens in one transaction."""

    session: Session
    conversation: Conversation
    turn: Turn
    crm: Crm
    task: Task | None = None
    _held: dict[int, Case] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The present instant."""
        return now(self.session)

    @property
    def said_at(self) -> datetime:
        """When the contact sent the message this turn answers."""
        at = self.session.scalar(
            select(Message.at).where(
                Message.conversation_id == self.conversation.id, Message.seq == self.turn.seq
            )
        )
        return at or self.at

    @property
    def current(self) -> Task:
        """The task being served; only stages ask, and they always have one."""
        if self.task is None:
            raise RuntimeError("a stage runs without a task")
        return self.task

    @property
    def data(self) -> dict[str, Any]:
        """What the task remembers; change it with `remember`."""
        return dict(self.current.data or {})

    def remember(self, **values: Any) -> None:
        """Keep values with the task, encrypted."""
        self.current.data = self.data | values

    @property
    def case(self) -> Case:
        """The case of the current task."""
        found = self.session.get(Case, self.current.case_id)
        if found is None:
            raise RuntimeError(f"the task '{self.current.intent}' has no case")
        # Held, because a change inside `details` is lost when nobody holds the case any more.
        self._held[found.id] = found
        return found

    def value(self, placeholder: str | None) -> str | None:
        """What stands behind a placeholder of this conversation, while the vault still has it."""
        return (
            None if placeholder is None else vault.value_of(self.session, self.conversation.id, placeholder)
        )

    def say(
        self,
        phrase_id: str,
        /,
        *choices: str | Option,
        card: Card | None = None,
        case: Case | None = None,
        **values: object,
    ) -> None:
        """Say a phrase, with buttons, a card or a case beside it.

        Args:
            phrase_id: the phrase's id.
            choices: keys of buttons (`choices.yml`), or buttons.
            card: a card to show.
            case: a case to show the state of.
            values: what the phrase's blanks need.
        """
        self._speak(phrase(phrase_id, **values), choices, None, card, case)

    def ask(self, field: AskedField, phrase_id: str, /, *choices: str | Option, **values: object) -> Outcome:
        """Say a phrase that asks for a typed field, and wait for it."""
        self.current.awaits = field
        self._speak(phrase(phrase_id, **values), choices, field, None, None)
        return "wait"

    def offer(
        self,
        phrase_id: str,
        /,
        *choices: str | Option,
        card: Card | None = None,
        case: Case | None = None,
        **values: object,
    ) -> Outcome:
        """Say a phrase that offers buttons, and wait for one."""
        self.current.awaits = "choice"
        self._speak(phrase(phrase_id, **values), choices, None, card, case)
        return "wait"

    def _speak(
        self,
        text: str,
        choices: tuple[str | Option, ...],
        field: AskedField | None,
        card: Card | None,
        case: Case | None,
    ) -> None:
        speech = Speech(
            text,
            tuple(option(choice) if isinstance(choice, str) else choice for choice in choices),
            {"field": field, "label": ask_label(field)} if field else None,
            card,
            cases.summary(case) if case else None,
        )
        say(self.session, self.conversation, speech, self.turn.seq)
