"""A campaign founded from Slack: made, its exports planned, its people sent for, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.campaigns import NewCampaign
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from bot.services.reports import campaign_status
from storage.queries import outbox, upsert
from storage.tables import Campaign, Expert, WorkspaceSetting

ZONE_SETTING_PREFIX = "zone of "
"""Under this and their Slack id the time zone of a coordinator is kept."""


@dataclass(frozen=True, slots=True)
class MemberSelection:
    """Who is to label: people, members of a user group and of a channel, those who know something.

    `group` is as it was written: an id, or a handle such as @linguists. Slack is asked about all
    but the last before they are let in.
    """

    people: Sequence[str] = ()
    group: str = ""
    channel: str = ""
    domains: Sequence[str] = ()

    @property
    def needs_lookup(self) -> bool:
        """Say whether Slack has to be asked who they are."""
        return bool(self.people or self.group or self.channel)

    def to_payload(self) -> dict[str, Any]:
        """Return what the outbox keeps of it."""
        return {
            "people": list(self.people),
            "groups": [self.group] if self.group else [],
            "channels": [self.channel] if self.channel else [],
        }


@dataclass(frozen=True, slots=True)
class CampaignRequest:
    """A campaign as a coordinator wishes it. `rhythm`: when it is exported by itself, if ever."""

    campaign: NewCampaign
    members: MemberSelection = field(default_factory=MemberSelection)
    export_schedule: CronSchedule | None = None


@dataclass(frozen=True, slots=True)
class CreatedCampaign:
    """A campaign that is there now, as its coordinator is told of it."""

    id: int
    name: str
    title: str
    kind: str
    experts: int
    items: int


def create_from_request(
    session: Session, request: CampaignRequest, exports: Path, actor: Actor
) -> Campaign:
    """Make a campaign, and queue what is said of it; `exports` is the folder of its datasets.

    Raises as `campaigning.create` and `scheduling.schedule_export` do; nothing is made then.
    """
    campaign = campaigns.create_campaign(session, request.campaign, actor)
    matching = invitations.experts_in_domains(session, request.members.domains)
    if matching:
        campaigns.add_experts(session, campaign, matching, actor)
    if request.export_schedule:
        export_format = jobs.formats_for(campaign.kind)[0]
        export_request = ExportRequest(export_format, exports, request.campaign.channel)
        jobs.schedule_export(session, campaign, export_request, request.export_schedule, actor)
    if request.members.needs_lookup:
        queue_member_lookup(
            session, actor, request.members.to_payload() | {"campaign": campaign.name}
        )
    payload = {"campaign": campaign.id}
    outbox.enqueue(session, "ready", recipient=actor.name, payload=payload, now=actor.at)
    return campaign


def queue_member_lookup(session: Session, actor: Actor, payload: Mapping[str, Any]) -> None:
    """Queue that people are asked about in Slack, let in, and told of to whoever sent for them."""
    outbox.enqueue(session, "gather", recipient=actor.name, payload=dict(payload), now=actor.at)


def created_campaign(session: Session, campaign_id: int) -> CreatedCampaign:
    """Return how a campaign stands after it was made. Raises GoneCampaignError."""
    created_status = campaign_status.status_of(
        session, campaigns.campaign_by_id(session, campaign_id)
    )
    return CreatedCampaign(
        id=campaign_id,
        name=created_status.name,
        title=created_status.title,
        kind=created_status.kind,
        experts=created_status.experts,
        items=created_status.items,
    )


def store_time_zone(session: Session, slack_id: str, tz: str, now: datetime) -> None:
    """Keep the time zone of a coordinator, who may be no expert."""
    value, name = {"is": tz}, f"{ZONE_SETTING_PREFIX}{slack_id}"
    row = WorkspaceSetting(name=name, value=value, changed_by=slack_id, changed_at=now)
    upsert.upsert_row(session, row)


def time_zone_of(session: Session, slack_id: str) -> str:
    """Return the time zone of a coordinator: their own if we know it, else that of most experts."""
    setting = session.get(WorkspaceSetting, f"{ZONE_SETTING_PREFIX}{slack_id}")
    if setting:
        return str(setting.value["is"])
    own_zone = select(Expert.tz).where(
        Expert.slack_id == slack_id, col(Expert.profile_synced_at).is_not(None)
    )
    if found := session.exec(own_zone).first():
        return found
    by_frequency = (
        select(Expert.tz).where(col(Expert.profile_synced_at).is_not(None)).group_by(col(Expert.tz))
    )
    most_common = session.exec(
        by_frequency.order_by(func.count().desc(), col(Expert.tz)).limit(1)
    ).first()
    return most_common or "UTC"
