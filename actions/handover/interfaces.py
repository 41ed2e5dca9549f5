"""The vocabulary of handovers, and the facts about the support desk (`data/desk.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from pydantic import ValidationError

from actions.wording.interfaces import Strict, WordingError
from actions.wording.services import read_yaml

HandoverState = Literal["waiting", "taken", "over"]
Outcome = Literal["handed_back", "closed", "given_up", "message_left", "nobody_came"]
Role = Literal["observer", "agent", "approver", "dpo"]
ROLES: tuple[Role, ...] = get_args(Role)
TALKING_ROLES: frozenset[Role] = frozenset({"agent", "approver", "dpo"})


class HandoverRefused(Exception):
    """It cannot be done like this; the message is a sentence for the agent that says why and what to do."""


class DeskRules(Strict):
    """What the desk promises and who may see what (`desk.yml`).

    Attributes:
        patience_minutes: after how long without an agent the contact is told again, and offered other ways.
        duty_minutes: how long an agent counts as being there after their desk was last heard of.
        reveal: which roles may see a kind of value that is hidden from the rest; a kind not here, nobody may.
    """

    patience_minutes: int
    duty_minutes: int
    reveal: dict[str, tuple[Role, ...]]


@dataclass(frozen=True)
class AgentIdentity:
    """Who acts at the desk."""

    name: str
    role: Role

    @property
    def may_talk(self) -> bool:
        """Whether this role takes conversations; observers only read."""
        return self.role in TALKING_ROLES


@lru_cache(maxsize=1)
def desk_rules() -> DeskRules:
    """The desk's rules, read once.

    Raises:
        WordingError: the file is malformed; the message names the place.
    """
    try:
        return DeskRules.model_validate(read_yaml("desk.yml"))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WordingError(f"data/desk.yml: {place}: {first['msg']}") from error
