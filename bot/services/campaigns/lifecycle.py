"""Pausing, resuming and closing a campaign; a repeated action reports who did it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.services.actors import audit_log
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import LifecycleAction
from bot.services.exports import schedules
from storage.queries import progress
from storage.queries.campaigns import newest_in_states
from storage.row_id import id_of
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
"""The states from which a campaign can change into each state."""


@dataclass(frozen=True, slots=True)
class TransitionResult:
    """The state of a campaign, and who changed it when (None: not in the audit log).

    `is_unchanged`: the campaign was in this state already.
    """

    id: int
    name: str
    state: CampaignState
    is_unchanged: bool
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
    """What closing a campaign would do: unassign open tasks, end schedules after a last run."""

    id: int
    name: str
    open_tasks: int
    schedules: int


def change_state(
    session: Session, campaign: Campaign, target_state: CampaignState, actor: Actor
) -> TransitionResult:
    """Change the state of a campaign that the caller has locked.

    Raises:
        ClosedCampaignError: the campaign is closed, which cannot be undone.
    """
    was_already = campaign.state == target_state
    if not was_already:
        TRANSITIONS[target_state](session, campaign, actor)
        session.flush()
    action = audit_log.STATE_ACTIONS[target_state]
    is_open = target_state == CampaignState.OPEN
    actions = (action, audit_log.CREATED_ACTION) if is_open else (action,)
    event = audit_log.latest_entry(session, campaign, *actions)
    return TransitionResult(
        id=id_of(campaign),
        name=campaign.name,
        state=target_state,
        is_unchanged=was_already,
        actor_name=event.actor if event else None,
        origin=event.origin if event else "",
        at=event.at if event else None,
    )


def change_state_by_name(
    session: Session, name: str, target_state: CampaignState, actor: Actor
) -> TransitionResult:
    """Change the state of the campaign called `name`, as `change_state` does.

    Raises:
        NotFoundError: there is no such campaign.
        ClosedCampaignError: the campaign is closed.
    """
    return change_state(
        session, campaigns.campaign_by_name(session, name, lock=True), target_state, actor
    )


def change_state_by_id(
    session: Session, campaign_id: int, target_state: CampaignState, actor: Actor
) -> TransitionResult:
    """Change the state of a campaign by its id, as `change_state` does.

    Raises:
        UnknownCampaignError: there is no such campaign.
        ClosedCampaignError: the campaign is closed.
    """
    return change_state(
        session, campaigns.campaign_by_id(session, campaign_id, lock=True), target_state, actor
    )


def list_campaign_options(session: Session, *states: CampaignState) -> list[CampaignOption]:
    """Return the campaigns in one of these states, newest first."""
    return [
        CampaignOption(id_of(row), row.name, row.title, row.kind, CampaignState(row.state))
        for row in newest_in_states(session, states)
    ]


def preview_close(session: Session, campaign: Campaign) -> ClosePreview | None:
    """Return what closing a campaign would do, None if it is closed already."""
    if campaign.state == CampaignState.CLOSED:
        return None
    counts = progress.counts_by_state(session, campaign.id)
    open_states = (AssignmentState.QUEUED, AssignmentState.DELIVERED)
    open_tasks = sum(
        count.assignments for (_campaign, state), count in counts.items() if state in open_states
    )
    schedule_count = len(schedules.list_schedules(session, campaign))
    return ClosePreview(id_of(campaign), campaign.name, open_tasks, schedule_count)
