"""Label quality: alerts to coordinators, and appeals against verdicts on gold questions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import CoordinatorNotice, Priority, Recipient


@dataclass(frozen=True, slots=True)
class QualityAlertMessage(CoordinatorNotice):
    """A clear failure of an expert's answers, or an update of its message."""

    message_type = "quality_alert"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    case_id: int


@dataclass(frozen=True, slots=True)
class CampaignJumpMessage(CoordinatorNotice):
    """A week of a campaign that differs from the weeks before."""

    message_type = "campaign_jump"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    case_id: int


@dataclass(frozen=True, slots=True)
class AppealMessage(CoordinatorNotice):
    """An expert's appeal against the verdict on a gold question, or an update of its message."""

    message_type = "gold_appeal"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    case_id: int
