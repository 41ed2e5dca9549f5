"""The shapes of the files in the data folder that hold words and facts."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class WordingError(Exception):
    """A file under the data folder is wrong; the message names the file and what to change."""


class Strict(BaseModel):
    """A file's part: unknown keys are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Regulator(Strict):
    """Whom a data subject may complain to (UK GDPR Art. 77)."""

    name: str
    website: str
    phone: str
    address: str


class Organisation(Strict):
    """Who the assistant speaks for (`organisation.yml`)."""

    name: str
    brand: str
    assistant_name: str
    website: str
    portal_url: str
    policy_url: str
    policy_version: str
    privacy_team_email: str
    privacy_team_phone: str
    press_email: str
    postal_address: str
    timezone: str
    nation: Literal["ENG", "SCT", "WLS", "NIR"]
    opening_hours: dict[str, tuple[str, str]]
    regulator: Regulator

    @property
    def public_names(self) -> tuple[str, ...]:
        """Names that are nobody's secret and are never hidden from the engine."""
        return (self.name, self.brand, self.assistant_name)


class Topic(Strict):
    """What may be sent: `optional` is marketing, `service` lasts as an agreement does (policy 8.6, 8.8)."""

    label: str
    kind: Literal["optional", "service"]
    said_as: tuple[str, ...] = ()


class Channel(Strict):
    """How it may be sent, and what kind of address silences it."""

    label: str
    address: Literal["email", "phone", "account"]
    said_as: tuple[str, ...] = ()


class Topics(Strict):
    """All topics and channels (`topics.yml`)."""

    topics: dict[str, Topic]
    channels: dict[str, Channel]

    @property
    def optional(self) -> tuple[str, ...]:
        """The topics that are marketing."""
        return tuple(name for name, topic in self.topics.items() if topic.kind == "optional")

    def channels_of(self, address: str) -> tuple[str, ...]:
        """The channels that an address of this kind receives on."""
        return tuple(name for name, channel in self.channels.items() if channel.address == address)


class ChoiceText(Strict):
    """A button's label and what else counts as pressing it (`choices.yml`)."""

    label: str
    style: Literal["danger"] | None = None
    send: str | None = None
    typed: tuple[str, ...] = Field(default=())


class CodeRules(Strict):
    """How codes behave (`identity.yml`)."""

    minutes: int = Field(ge=1)
    tries: int = Field(ge=1)
    codes_per_address_a_day: int = Field(ge=1)
    closed_minutes: int = Field(ge=0)


Risk = Literal["ordinary", "agreement", "doubtful"]
Proof = Literal["nothing", "code", "code_and_agent"]
STRENGTH: dict[Proof, int] = {"nothing": 0, "code": 1, "code_and_agent": 2}


class ProofByRisk(Strict):
    """What a right needs, by risk; doubt never lowers it."""

    ordinary: Proof
    agreement: Proof
    doubtful: Proof

    @model_validator(mode="after")
    def _never_less_in_doubt(self) -> ProofByRisk:
        weakest = max(STRENGTH[self.ordinary], STRENGTH[self.agreement])
        if STRENGTH[self.doubtful] < weakest:
            raise ValueError("a doubtful mailbox must not need less than one that is not")
        return self


class IdentityRules(Strict):
    """What each right needs before it is served (`identity.yml`; UK GDPR Art. 12(6))."""

    proof: dict[str, ProofByRisk]
    code: CodeRules
    proven_minutes: int = Field(ge=1)
    address_settled_days: int = Field(ge=0)
    telephone_settled_days: int = Field(ge=0)
    role_addresses: frozenset[str]

    def needed(self, right: str, risk: Risk) -> Proof:
        """What a right needs at a risk."""
        return getattr(self.proof[right], risk)  # type: ignore[no-any-return] # one of the fields above
