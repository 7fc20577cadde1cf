"""Pausing, resuming and closing by several hands: who comes second hears who was first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.services.actors import audit_log
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import LifecycleAction
from bot.services.exports import jobs
from storage.queries import progress
from storage.tables import AssignmentState, Campaign, CampaignState

TRANSITIONS: dict[CampaignState, LifecycleAction] = {
    CampaignState.OPEN: campaigns.resume,
    CampaignState.PAUSED: campaigns.pause,
    CampaignState.CLOSED: campaigns.close,
}

ALLOWED_FROM = {
    CampaignState.OPEN: (CampaignState.PAUSED,),
    CampaignState.PAUSED: (CampaignState.OPEN,),
    CampaignState.CLOSED: (CampaignState.OPEN, CampaignState.PAUSED),
}
"""From which states each one is reached."""


@dataclass(frozen=True, slots=True)
class TransitionResult:
    """What a campaign is now, and who made it so when (None: nobody wrote it down).

    `was_so`: it was so already when we came, and nothing changed.
    """

    id: int
    name: str
    state: CampaignState
    was_already: bool
    actor_name: str | None
    origin: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CampaignOption:
    """A campaign to choose from a list."""

    id: int
    name: str
    title: str
    kind: str
    state: CampaignState


@dataclass(frozen=True, slots=True)
class ClosePreview:
    """What closing a campaign would end: open tasks taken back, schedules with a last run."""

    id: int
    name: str
    open_tasks: int
    schedules: int


def change_state(
    session: Session, campaign: Campaign, target_state: CampaignState, actor: Actor
) -> TransitionResult:
    """Bring a campaign (locked by the caller) into a state; say so if it was in it already.

    Raises:
        ClosedCampaignError: it is closed, which nothing undoes.
    """
    was_already = campaign.state == target_state
    if not was_already:
        TRANSITIONS[target_state](session, campaign, actor)
        session.flush()
    actions = (
        (target_state.value, "created")
        if target_state == CampaignState.OPEN
        else (target_state.value,)
    )
    event = audit_log.latest_entry(session, campaign, *actions)
    return TransitionResult(
        id=campaign.id or 0,
        name=campaign.name,
        state=target_state,
        was_already=was_already,
        actor_name=event.actor if event else None,
        origin=event.origin if event else "",
        at=event.at if event else None,
    )


def change_state_by_name(
    session: Session, name: str, target_state: CampaignState, actor: Actor
) -> TransitionResult:
    """Do as `steer` does to the campaign called `name`. Raises NotFoundError, too."""
    return change_state(
        session, campaigns.campaign_by_name(session, name, lock=True), target_state, actor
    )


def change_state_by_id(
    session: Session, campaign_id: int, target_state: CampaignState, actor: Actor
) -> TransitionResult:
    """Do as `steer` does to the campaign that a button is about. Raises GoneCampaignError, too."""
    return change_state(
        session, campaigns.campaign_by_id(session, campaign_id, lock=True), target_state, actor
    )


def list_campaign_options(session: Session, *states: CampaignState) -> list[CampaignOption]:
    """Return the campaigns in one of these states, the newest first."""
    chosen = select(Campaign).where(col(Campaign.state).in_(states))
    found: Sequence[Campaign] = session.exec(chosen.order_by(col(Campaign.id).desc())).all()
    return [
        CampaignOption(one.id or 0, one.name, one.title, one.kind, CampaignState(one.state))
        for one in found
    ]


def preview_close(session: Session, campaign: Campaign) -> ClosePreview | None:
    """Return what closing a campaign would end, None if it is closed already."""
    if campaign.state == CampaignState.CLOSED:
        return None
    states = progress.counts_by_state(session, campaign.id)
    held = (AssignmentState.QUEUED, AssignmentState.DELIVERED)
    open_count = sum(gone.number for (_one, state), gone in states.items() if state in held)
    schedules = len(jobs.list_schedules(session, campaign))
    return ClosePreview(campaign.id or 0, campaign.name, open_count, schedules)
