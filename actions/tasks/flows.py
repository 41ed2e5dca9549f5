"""Which stages serve which intent, and in what order several requests are served.

The order is the safe one: stopping marketing at once, then seeing and copying, then changing, erasure last.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actions.identity.stages import ProveIdentity
from actions.rights.access import SendCopy, ShowHoldings
from actions.rights.erasure import ProposeErasure
from actions.rights.handover import LeaveMessage
from actions.rights.information import TellOrigin
from actions.rights.marketing import StartMarketing, StopCalls, StopMarketing
from actions.rights.person import AskReplyAddress, AskWords, RecordForPerson
from actions.tasks.interfaces import Flow, Stage


def _proven(right: str, rank: int, *stages: Stage) -> Flow:
    return Flow(right, (ProveIdentity(), *stages), rank)


FLOWS: Mapping[str, Flow] = MappingProxyType(
    {
        "opt_out": Flow("marketing_objection", (StopMarketing(), StopCalls()), 10),
        "report_breach": Flow(
            "breach_report", (AskWords("breach.what"), AskReplyAddress(), RecordForPerson()), 15
        ),
        "access": _proven("access", 20, ShowHoldings()),
        "view_preferences": _proven("access", 21, ShowHoldings()),
        "source": _proven("information", 22, TellOrigin()),
        "portability": _proven("portability", 25, SendCopy()),
        "opt_in": _proven("opt_in", 30, StartMarketing()),
        "rectify": _proven("rectification", 40, AskWords("rectify.what"), RecordForPerson()),
        "object": _proven("objection", 50, AskWords("object.what"), RecordForPerson()),
        "withdraw_consent": _proven("consent_withdrawal", 55, RecordForPerson()),
        "restrict": _proven("restriction", 60, RecordForPerson()),
        "complaint": Flow(
            "complaint", (AskWords("complaint.what"), AskReplyAddress(), RecordForPerson()), 70
        ),
        "on_behalf": Flow("other", (AskWords("on_behalf.what"), AskReplyAddress(), RecordForPerson()), 75),
        "talk_to_human": Flow(None, (LeaveMessage(),), 80),
        "erase": _proven("erasure", 90, ProposeErasure()),
    }
)
