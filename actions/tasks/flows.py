"""Which stages serve which intent, and in what order several requests are served.

The order is the safe one: stopping marketing at once, then seeing and copying, then changing, erasure last.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actions.handover.stages import ConnectPerson, LeaveMessage
from actions.identity.stages import ProveIdentity
from actions.rights.access import SendCopy, ShowHoldings
from actions.rights.erasure import ProposeErasure
from actions.rights.information import TellOrigin
from actions.rights.marketing import StopCalls, StopMarketing, WithdrawConsent
from actions.rights.objection import WeighObjection
from actions.rights.opting_in import StartMarketing
from actions.rights.person import AskReplyAddress, AskWords, RecordForPerson
from actions.rights.preference_view import ShowPreferences
from actions.rights.rectification import CollectCorrections, ConfirmCorrections
from actions.rights.restriction import ChooseGround
from actions.situations.stages import (
    CheckSuppression,
    HandToPerson,
    HowToReach,
    RecordBereavement,
    StopForTheDead,
)
from actions.tasks.interfaces import Flow, Stage
from actions.tasks.models import Task


def _proven(right: str, rank: int, *stages: Stage) -> Flow:
    return Flow(right, (ProveIdentity(), *stages), rank)


def _proven_or_doubtful(right: str, rank: int, *stages: Stage) -> Flow:
    """Where a mailbox does not tell who is asking, the stages go on and hand over at their end."""
    return Flow(right, (ProveIdentity(goes_on_in_doubt=True), *stages), rank)


FLOWS: Mapping[str, Flow] = MappingProxyType(
    {
        # Whoever wants a person is not made to finish anything first.
        "talk_to_human": Flow(None, (ConnectPerson(), LeaveMessage()), 5),
        "opt_out": Flow("marketing_objection", (StopMarketing(), StopCalls()), 10),
        "withdraw_consent": Flow("consent_withdrawal", (WithdrawConsent(),), 12),
        "report_breach": Flow(
            "breach_report", (AskWords("breach.what"), AskReplyAddress(), RecordForPerson()), 15
        ),
        "access": _proven("access", 20, ShowHoldings()),
        "view_preferences": _proven("access", 21, ShowPreferences()),
        "source": _proven("information", 22, TellOrigin()),
        "portability": _proven("portability", 25, SendCopy()),
        "opt_in": Flow(
            "opt_in", (ProveIdentity(goes_on_in_doubt=True, goes_on_unknown=True), StartMarketing()), 30
        ),
        "rectify": _proven_or_doubtful("rectification", 40, CollectCorrections(), ConfirmCorrections()),
        "object": _proven_or_doubtful("objection", 50, WeighObjection()),
        "restrict": _proven_or_doubtful("restriction", 60, ChooseGround()),
        "complaint": Flow(
            "complaint", (AskWords("complaint.what"), AskReplyAddress(), RecordForPerson()), 70
        ),
        "on_behalf": Flow("other", (AskWords("on_behalf.what"), AskReplyAddress(), RecordForPerson()), 75),
        # What a situation starts, never a contact's words by themselves.
        "bereavement": Flow(
            "other", (StopForTheDead(), AskReplyAddress(), RecordBereavement(), RecordForPerson()), 12
        ),
        "broken_promise": Flow("complaint", (CheckSuppression(),), 14),
        "erase": Flow("erasure", (ProveIdentity(agent_looks_later=True), ProposeErasure()), 90),
    }
)

BY_PERSON: tuple[Stage, ...] = (HowToReach(), HandToPerson())
"""Instead of a proof: a person makes sure in their own way who is asking."""


def needs_proof(intent: str) -> bool:
    """Whether a request begins with a code."""
    return isinstance(FLOWS[intent].stages[0], ProveIdentity)


def stages_of(task: Task) -> tuple[Stage, ...]:
    """The stages that serve a task."""
    return BY_PERSON if (task.data or {}).get("by_person") else FLOWS[task.intent].stages
