"""All tables and the values of their state columns, one module for each subject.

State columns hold plain strings that a check constraint restricts.
"""

from __future__ import annotations

from storage.tables.answers import Annotation, ResponsePart
from storage.tables.api import ApiKey, ApiRequest
from storage.tables.assignments import Assignment, Reminder, ReminderMessage
from storage.tables.audit_log import AuditEvent
from storage.tables.campaigns import Campaign, CampaignDraft, CampaignTemplate, GuidelinesVersion
from storage.tables.experts import Expert, Membership, Quarantine, RoleGrant
from storage.tables.exports import ExportRun, ExportSchedule, StoredSnapshot
from storage.tables.imports import ImportRun, ItemImport
from storage.tables.items import CandidateRow, FormulaImage, Item, MediaFile
from storage.tables.leadership import Leader
from storage.tables.outbox import OutboxMessage
from storage.tables.quality import (
    AgreementReport,
    CampaignJump,
    GoldAppeal,
    QualityAlert,
    WarningNotice,
)
from storage.tables.questions import Flag, Question, QuestionPost
from storage.tables.settings import CoordinatorTimeZone, DigestSchedule, WorkspaceSetting
from storage.tables.slack_traffic import ReceivedRequest, SlackCallLog, ThreadReply
from storage.tables.states import (
    AssignmentState,
    CampaignState,
    KeyScope,
    OutboxState,
    Role,
    RunState,
    SkipPolicy,
    WebhookDeliveryState,
)
from storage.tables.tasks import Decision, Task
from storage.tables.webhooks import Webhook, WebhookDelivery

__all__ = [
    "AgreementReport",
    "Annotation",
    "ApiKey",
    "ApiRequest",
    "Assignment",
    "AssignmentState",
    "AuditEvent",
    "Campaign",
    "CampaignDraft",
    "CampaignJump",
    "CampaignState",
    "CampaignTemplate",
    "CandidateRow",
    "CoordinatorTimeZone",
    "Decision",
    "DigestSchedule",
    "Expert",
    "ExportRun",
    "ExportSchedule",
    "Flag",
    "FormulaImage",
    "GoldAppeal",
    "GuidelinesVersion",
    "ImportRun",
    "Item",
    "ItemImport",
    "KeyScope",
    "Leader",
    "MediaFile",
    "Membership",
    "OutboxMessage",
    "OutboxState",
    "QualityAlert",
    "Quarantine",
    "Question",
    "QuestionPost",
    "ReceivedRequest",
    "Reminder",
    "ReminderMessage",
    "ResponsePart",
    "Role",
    "RoleGrant",
    "RunState",
    "SkipPolicy",
    "SlackCallLog",
    "StoredSnapshot",
    "Task",
    "ThreadReply",
    "WarningNotice",
    "Webhook",
    "WebhookDelivery",
    "WebhookDeliveryState",
    "WorkspaceSetting",
]
