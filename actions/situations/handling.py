"""What follows from each situation. What is said stands in `data/phrases/situations.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actions.cases.notes import RESTRICTED, SAFE_CHANNEL
from actions.situations.interfaces import Handling

DANGER = "danger"
OWN_DATA = ("access", "erase.intent", "opt_out", "talk_to_human")
ABOUT_OTHERS = frozenset({"on_behalf", "customers_customer", "contact_dpo"})
EVERY_REQUEST = frozenset(
    {
        "on_behalf",
        "access",
        "portability",
        "erase",
        "rectify",
        "restrict",
        "object",
        "opt_out",
        "withdraw_consent",
        "view_preferences",
        "complaint",
        "customers_customer",
        "source",
    }
)

HANDLING: Mapping[str, Handling] = MappingProxyType(
    {
        # In the order in which they are answered: whatever touches somebody's safety comes first.
        DANGER: Handling(
            task="Somebody may be in danger now.",
            hides=frozenset({"on_behalf", "complaint", "report_breach", "contact_dpo", "account_help"}),
            always=True,
        ),
        "domestic": Handling(
            offers=("talk_to_human", "access", "erase.intent", "opt_out"),
            task="Somebody else may read this contact's mail. Nothing is sent: agree a safe way with them.",
            hides=frozenset({"on_behalf", "report_breach", "account_help", "complaint", "source"}),
            tag=SAFE_CHANNEL,
            by_person=True,
        ),
        "child": Handling(
            offers=OWN_DATA,
            task="It is about a child. Help them yourself; release nothing to a parent unchecked.",
            tag="child",
            by_person=True,
        ),
        "death": Handling(
            hides=EVERY_REQUEST,
            starts="bereavement",
        ),
        "threat": Handling(
            offers=OWN_DATA,
            task="A threat was made. Decide whether to tell the police.",
            hides=frozenset({"complaint"}),
        ),
        "staff": Handling(
            offers=OWN_DATA,
            tag=RESTRICTED,
            by_person=True,
            hides=frozenset({"source", "account_help"}),
        ),
        "adjustment": Handling(
            offers=OWN_DATA,
            task="This contact needs another way than a code. Agree with them on what helps.",
            task_days=1,
            tag="adjustment",
            by_person=True,
            hides=frozenset({"account_help", "resend_code", "no_mailbox", "ask_rights"}),
        ),
        "still_mailed": Handling(
            starts="broken_promise",
            hides=frozenset(
                {"complaint", "request_status", "opt_out", "erase", "object", "report_breach", "source"}
            ),
        ),
        "regret": Handling(
            offers=("withdraw_request", "talk_to_human"),
            hides=EVERY_REQUEST | {"opt_in", "account_help", "request_status", "withdraw_request"},
        ),
        "police": Handling(
            offers=("leave_message",),
            task="Somebody who says that they are an authority asked for data. Nothing was told.",
            task_days=1,
            hides=ABOUT_OTHERS | {"access", "portability", "complaint", "report_breach"},
        ),
        "regulator": Handling(
            offers=("leave_message",),
            task="Somebody who says that they are a regulator was here. Nothing was told.",
            task_days=1,
            hides=ABOUT_OTHERS | {"access", "portability", "complaint", "report_breach"},
        ),
        "press": Handling(
            offers=("leave_message",),
            task="Somebody who says that they are from the press was here. Tell the press contact.",
            task_days=1,
            hides=ABOUT_OTHERS | {"access", "complaint", "report_breach", "talk_to_human"},
        ),
        "fishing": Handling(
            offers=("access", "talk_to_human"),
            hides=ABOUT_OTHERS | {"access", "ask_policy", "source"},
        ),
        "authority": Handling(offers=("access", "contact_dpo"), hides=ABOUT_OTHERS),
        "instructions": Handling(offers=OWN_DATA, hides=frozenset({"on_behalf", "withdraw_request"})),
        "bargain": Handling(
            offers=("access", "complaint", "talk_to_human"),
            # What is threatened is not asked for yet: the right is offered as a button.
            hides=EVERY_REQUEST | {"withdraw_request", "account_help", "report_breach", "ask_rights"},
        ),
        "abuse": Handling(offers=OWN_DATA),
    }
)

ABUSE_AGAIN = "The insults go on. You may end the conversation."
"""What a person has to look at once the boundary was not kept."""
