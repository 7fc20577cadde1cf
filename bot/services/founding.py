"""A campaign founded from Slack: made, its exports planned, its people sent for, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from bot.recurring import Rhythm
from bot.services import campaigning, inviting, reporting, scheduling
from bot.services.campaigning import NewCampaign
from bot.services.directing import By
from bot.services.scheduling import Wanted
from storage.queries import putting, telling
from storage.tables import Campaign, Expert, WorkspaceSetting

ZONE = "zone of "
"""Under this and their Slack id the time zone of a coordinator is kept."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who is to label: people, members of a user group and of a channel, those who know something.

    `group` is as it was written: an id, or a handle such as @linguists. Slack is asked about all
    but the last before they are let in.
    """

    people: Sequence[str] = ()
    group: str = ""
    channel: str = ""
    domains: Sequence[str] = ()

    @property
    def is_asked_about(self) -> bool:
        """Say whether Slack has to be asked who they are."""
        return bool(self.people or self.group or self.channel)

    def facts(self) -> dict[str, Any]:
        """Return what the outbox keeps of it."""
        return {
            "people": list(self.people),
            "groups": [self.group] if self.group else [],
            "channels": [self.channel] if self.channel else [],
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """A campaign as a coordinator wishes it. `rhythm`: when it is exported by itself, if ever."""

    campaign: NewCampaign
    pool: Pool = field(default_factory=Pool)
    rhythm: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Founded:
    """A campaign that is there now, as its coordinator is told of it."""

    id: int
    name: str
    title: str
    kind: str
    experts: int
    items: int


def found(session: Session, wish: Wish, exports: Path, by: By) -> Campaign:
    """Make a campaign, and queue what is said of it; `exports` is the folder of its datasets.

    Raises as `campaigning.create` and `scheduling.schedule_export` do; nothing is made then.
    """
    campaign = campaigning.create(session, wish.campaign, by)
    knowing = inviting.knowing(session, wish.pool.domains)
    if knowing:
        campaigning.add_experts(session, campaign, knowing, by)
    if wish.rhythm:
        shape = scheduling.formats_for(campaign.kind)[0]
        wanted = Wanted(shape, exports, wish.campaign.channel)
        scheduling.schedule_export(session, campaign, wanted, wish.rhythm, by)
    if wish.pool.is_asked_about:
        send_for(session, by, wish.pool.facts() | {"campaign": campaign.name})
    ready = {"campaign": campaign.id}
    telling.put(session, "ready", lane=by.actor, facts=ready, now=by.at)
    return campaign


def send_for(session: Session, by: By, facts: Mapping[str, Any]) -> None:
    """Queue that people are asked about in Slack, let in, and told of to whoever sent for them."""
    telling.put(session, "gather", lane=by.actor, facts=dict(facts), now=by.at)


def founded(session: Session, campaign_id: int) -> Founded:
    """Return how a campaign stands after it was made. Raises GoneCampaignError."""
    status = reporting.status_of(session, campaigning.campaign_by_id(session, campaign_id))
    return Founded(
        id=campaign_id,
        name=status.name,
        title=status.title,
        kind=status.kind,
        experts=status.experts,
        items=status.items,
    )


def keep_zone(session: Session, slack_id: str, tz: str, now: datetime) -> None:
    """Keep the time zone of a coordinator, who may be no expert."""
    value, name = {"is": tz}, f"{ZONE}{slack_id}"
    row = WorkspaceSetting(name=name, value=value, changed_by=slack_id, changed_at=now)
    putting.put(session, row)


def zone_of(session: Session, slack_id: str) -> str:
    """Return the time zone of a coordinator: their own if we know it, else that of most experts."""
    kept = session.get(WorkspaceSetting, f"{ZONE}{slack_id}")
    if kept:
        return str(kept.value["is"])
    own = select(Expert.tz).where(Expert.slack_id == slack_id, col(Expert.profile_at).is_not(None))
    if found := session.exec(own).first():
        return found
    counted = select(Expert.tz).where(col(Expert.profile_at).is_not(None)).group_by(col(Expert.tz))
    most = session.exec(counted.order_by(func.count().desc(), col(Expert.tz)).limit(1)).first()
    return most or "UTC"
