"""Pausing, resuming and closing by several hands: who comes second hears who was first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.services import auditing, campaigning, scheduling
from bot.services.campaigning import Move
from bot.services.directing import By
from storage.queries import progress
from storage.tables import AssignmentState, Campaign, CampaignState

MOVES: dict[CampaignState, Move] = {
    CampaignState.OPEN: campaigning.resume,
    CampaignState.PAUSED: campaigning.pause,
    CampaignState.CLOSED: campaigning.close,
}

LEADS_TO = {
    CampaignState.OPEN: (CampaignState.PAUSED,),
    CampaignState.PAUSED: (CampaignState.OPEN,),
    CampaignState.CLOSED: (CampaignState.OPEN, CampaignState.PAUSED),
}
"""From which states each one is reached."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a campaign is now, and who made it so when (None: nobody wrote it down).

    `was_so`: it was so already when we came, and nothing changed.
    """

    id: int
    name: str
    state: CampaignState
    was_so: bool
    actor: str | None
    through: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """A campaign to choose from a list."""

    id: int
    name: str
    title: str
    kind: str
    state: CampaignState


@dataclass(frozen=True, slots=True)
class Ending:
    """What closing a campaign would end: open tasks taken back, schedules with a last run."""

    id: int
    name: str
    open_tasks: int
    schedules: int


def steer(session: Session, campaign: Campaign, to: CampaignState, by: By) -> Moved:
    """Bring a campaign (locked by the caller) into a state; say so if it was in it already.

    Raises:
        ClosedCampaignError: it is closed, which nothing undoes.
    """
    was_so = campaign.state == to
    if not was_so:
        MOVES[to](session, campaign, by)
        session.flush()
    deeds = (to.value, "created") if to == CampaignState.OPEN else (to.value,)
    event = auditing.last_of(session, campaign, *deeds)
    return Moved(
        id=campaign.id or 0,
        name=campaign.name,
        state=to,
        was_so=was_so,
        actor=event.actor if event else None,
        through=event.through if event else "",
        at=event.at if event else None,
    )


def steer_named(session: Session, name: str, to: CampaignState, by: By) -> Moved:
    """Do as `steer` does to the campaign called `name`. Raises NotFoundError, too."""
    return steer(session, campaigning.campaign_named(session, name, lock=True), to, by)


def steer_numbered(session: Session, campaign_id: int, to: CampaignState, by: By) -> Moved:
    """Do as `steer` does to the campaign that a button is about. Raises GoneCampaignError, too."""
    return steer(session, campaigning.campaign_by_id(session, campaign_id, lock=True), to, by)


def choosable(session: Session, *states: CampaignState) -> list[Named]:
    """Return the campaigns in one of these states, the newest first."""
    chosen = select(Campaign).where(col(Campaign.state).in_(states))
    found: Sequence[Campaign] = session.exec(chosen.order_by(col(Campaign.id).desc())).all()
    return [
        Named(one.id or 0, one.name, one.title, one.kind, CampaignState(one.state)) for one in found
    ]


def ending(session: Session, campaign: Campaign) -> Ending | None:
    """Return what closing a campaign would end, None if it is closed already."""
    if campaign.state == CampaignState.CLOSED:
        return None
    states = progress.states(session, campaign.id)
    held = (AssignmentState.QUEUED, AssignmentState.DELIVERED)
    count = sum(gone.number for (_one, state), gone in states.items() if state in held)
    schedules = len(scheduling.schedules(session, campaign))
    return Ending(campaign.id or 0, campaign.name, count, schedules)
