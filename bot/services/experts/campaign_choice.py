"""The campaign that an expert chooses to work on: its tasks come first until they choose again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.services.experts.time_off import require_expert
from bot.services.tasks import expert_progress
from bot.services.tasks.expert_progress import CampaignProgress
from storage.queries import task_routing
from storage.row_id import id_of


class NotAMemberError(BotError):
    """You have no open campaign called “{name}”. {hint}"""  # noqa: D415 - the hint has its own punctuation


class CampaignNotOpenError(BotError):
    """This campaign is paused or closed, or you are no longer in it. Use `/label next`."""


class NothingWaitingError(BotError):
    """{reason} `/label next` looks in all your campaigns."""


def choose_by_name(session: Session, slack_id: str, name: str, now: datetime) -> None:
    """Choose the campaign with a name or title, in upper or lower case.

    Raises:
        NotAnExpertError: the person is not an expert.
        NotAMemberError: they have no open campaign of this name.
        NothingWaitingError: it has no task for them.
    """
    wanted = name.strip().casefold()
    expert_id, campaigns = _campaigns_of(session, slack_id, now)
    for campaign in campaigns:
        if wanted in (campaign.name.casefold(), campaign.title.casefold()):
            _choose(session, expert_id, campaign, now)
            return
    raise NotAMemberError(name=name, hint=_list_names(campaigns))


def choose_by_id(session: Session, slack_id: str, campaign_id: int, now: datetime) -> None:
    """Choose a campaign by its id; raises as `choose_by_name`."""
    expert_id, campaigns = _campaigns_of(session, slack_id, now)
    for campaign in campaigns:
        if campaign.campaign_id == campaign_id:
            _choose(session, expert_id, campaign, now)
            return
    raise CampaignNotOpenError


def choose_none(session: Session, slack_id: str, now: datetime) -> None:
    """Return to the usual order of campaigns.

    Raises:
        NotAnExpertError: the person is not an expert.
    """
    expert = require_expert(session, slack_id)
    task_routing.choose_campaign(session, id_of(expert), None, now)


def _campaigns_of(
    session: Session, slack_id: str, now: datetime
) -> tuple[int, list[CampaignProgress]]:
    expert_id = id_of(require_expert(session, slack_id))
    return expert_id, expert_progress.list_campaigns(session, expert_id, now)


def _choose(session: Session, expert_id: int, campaign: CampaignProgress, now: datetime) -> None:
    if not campaign.waiting:
        reason = campaign.reason or f"No tasks are waiting for you in “{campaign.title}”."
        raise NothingWaitingError(reason=reason)
    task_routing.choose_campaign(session, expert_id, campaign.campaign_id, now)


def _list_names(campaigns: Sequence[CampaignProgress]) -> str:
    names = ", ".join(campaign.name for campaign in campaigns)
    return f"Your campaigns: {names}." if names else "None of your campaigns is open."
