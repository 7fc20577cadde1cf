"""Messages to the coordinators of a campaign: in their channel, or to each of them directly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.messages.campaigns import CampaignWarningMessage
from bot.messages.practice import PracticeFailureMessage
from bot.messages.quality import AppealMessage, CampaignJumpMessage, QualityAlertMessage
from bot.messages.questions import FlagMessage, QuestionMessage
from bot.services.settings.workspace_settings import load_settings
from storage.queries import outbox, questions_and_flags
from storage.tables import Campaign


def notify_coordinators(
    session: Session,
    message: QuestionMessage
    | FlagMessage
    | QualityAlertMessage
    | AppealMessage
    | CampaignJumpMessage
    | CampaignWarningMessage
    | PracticeFailureMessage,
    *,
    campaign_id: int,
    coordinators: Collection[str],
    now: datetime,
) -> None:
    """Queue a message to the coordinators of a campaign.

    It goes to the campaign's channel, else to the workspace's channel, else to each coordinator.
    `coordinators` are the Slack ids in LABELBOT_COORDINATORS.
    """
    channel = session.get_one(Campaign, campaign_id).channel or load_settings(session).channel
    if channel:
        outbox.enqueue(session, replace(message, channel=channel), recipient=channel, now=now)
        return
    for slack_id in sorted({*coordinators, *questions_and_flags.granted_coordinator_ids(session)}):
        outbox.enqueue(session, message, recipient=slack_id, now=now)
