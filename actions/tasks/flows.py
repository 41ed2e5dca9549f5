"""Which stages serve which intent, and in what order several requests are served.

The order is the safe one: stopping marketing at once, then seeing and copying, then changing, erasure last.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actions.handover.stages import ConnectPerson, LeaveMessage
from actions.identity.stages import ProveIdentity
from actions.rights.access import SendCopy, ShowHoldings
from actions.rights.behalf import AskAuthority
from actions.rights.breach import ReportBreach, ThankForReport
from actions.rights.complaint import AcknowledgeComplaint, TakeComplaint
from actions.rights.customers import PassToCustomer
from actions.rights.erasure import ProposeErasure
from actions.rights.finding import FindRequests
from actions.rights.information import TellOrigin
from actions.rights.marketing import StopCalls, StopMarketing, WithdrawConsent
from actions.rights.objection import WeighObjection
from actions.rights.opting_in import StartMarketing
from actions.rights.person import AskReplyAddress, RecordForPerson
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
            "breach_report",
            (ReportBreach(), AskReplyAddress("breach.reply_address", optional=True), ThankForReport()),
            15,
        ),
        "access": Flow("access", (ProveIdentity(goes_on_unknown=True), ShowHoldings()), 20),
        "view_preferences": _proven("access", 21, ShowPreferences()),
        "source": _proven("information", 22, TellOrigin()),
        "portability": _proven("portability", 25, SendCopy()),
        "opt_in": Flow(
            "opt_in", (ProveIdentity(goes_on_in_doubt=True, goes_on_unknown=True), StartMarketing()), 30
        ),
        "rectify": _proven_or_doubtful("rectification", 40, CollectCorrections(), ConfirmCorrections()),
        "object": _proven_or_doubtful("objection", 50, WeighObjection()),
        "restrict": _proven_or_doubtful("restriction", 60, ChooseGround()),
        "customers_customer": Flow("other", (PassToCustomer(),), 65),
        "complaint": Flow(
            "complaint",
            (
                TakeComplaint(),
                AskReplyAddress("complaint.reply_address", optional=True),
                AcknowledgeComplaint(),
            ),
            70,
        ),
        "on_behalf": Flow("other", (AskAuthority(), AskReplyAddress(), RecordForPerson()), 75),
        "request_status": Flow(None, (FindRequests(),), 77),
        "withdraw_request": Flow(None, (FindRequests(),), 78),
        "erase": Flow(
            "erasure", (ProveIdentity(agent_looks_later=True, goes_on_unknown=True), ProposeErasure()), 90
        ),
        # What a situation starts, never a contact's words by themselves.
        "bereavement": Flow(
            "other",
            (
                StopForTheDead(),
                AskReplyAddress(optional=True),
                RecordBereavement(),
                RecordForPerson(),
            ),
            12,
        ),
        "broken_promise": Flow("complaint", (CheckSuppression(), AcknowledgeComplaint()), 14),
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
