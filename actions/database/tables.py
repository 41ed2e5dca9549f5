"""Importing this module makes every table known to the metadata."""

from __future__ import annotations

from actions.audit import models as audit
from actions.cases import models as cases
from actions.clock import models as clock
from actions.conversations import models as conversations
from actions.crm import models as crm
from actions.database.models import Base
from actions.erasures import models as erasures
from actions.fulfilment import models as fulfilment
from actions.handover import models as handover
from actions.helpdesk import models as helpdesk
from actions.identity import models as identity
from actions.limits import models as limits
from actions.mail import models as mail
from actions.notices import models as notices
from actions.preferences import models as preferences
from actions.recipients import models as recipients
from actions.retention import models as retention
from actions.rights import models as rights
from actions.situations import models as situations
from actions.slack import models as slack
from actions.tasks import models as tasks
from actions.vault import models as vault
from actions.worker import models as worker

ALL = (
    audit,
    cases,
    clock,
    conversations,
    crm,
    erasures,
    fulfilment,
    handover,
    helpdesk,
    identity,
    limits,
    mail,
    notices,
    preferences,
    recipients,
    retention,
    rights,
    situations,
    slack,
    tasks,
    vault,
    worker,
)
METADATA = Base.metadata
