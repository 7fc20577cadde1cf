"""Creating a campaign from Slack, with its export schedule and members, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.messages.campaigns import CampaignCreatedMessage, MemberLookupMessage
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.campaigns.qualification import count_missing_gold
from bot.services.exports import schedules
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.recurrence import Recurrence
from bot.services.exports.supported_formats import formats_for
from bot.services.reports import campaign_status
from storage.queries import experts, outbox, upsert
from storage.row_id import id_of
from storage.tables import Campaign, CoordinatorTimeZone


@dataclass(frozen=True, slots=True)
class MemberSelection:
    """The members to add: people, members of a user group or channel, and experts in domains.

    `group` is as it was typed: an id, or a handle such as @linguists. All but `domains` are looked
    up in Slack before they are added.
    """

    people: Sequence[str] = ()
    group: str = ""
    channel: str = ""
    domains: Sequence[str] = ()

    @property
    def needs_lookup(self) -> bool:
        """Return whether anyone has to be looked up in Slack."""
        return bool(self.people or self.group or self.channel)

    def lookup_for(self, campaign: str) -> MemberLookupMessage:
        """Return the message that looks them up and adds them to a campaign."""
        return MemberLookupMessage(
            slack_ids=tuple(self.people),
            groups=(self.group,) if self.group else (),
            channels=(self.channel,) if self.channel else (),
            campaign=campaign,
        )


@dataclass(frozen=True, slots=True)
class CampaignRequest:
    """A campaign to create, with its members and its scheduled export, if any."""

    campaign: NewCampaign
    members: MemberSelection = field(default_factory=MemberSelection)
    export_schedule: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class CreatedCampaign:
    """A campaign that was just created, for the report to its coordinator.

    `missing_gold` is how many more gold items its practice needs.
    """

    id: int
    name: str
    title: str
    experts: int
    items: int
    missing_gold: int = 0


def create_from_request(
    session: Session, request: CampaignRequest, exports: Path, actor: Actor
) -> Campaign:
    """Create a campaign and queue the report to the coordinator; `exports` is the export folder.

    Nothing is created if `campaigns.create_campaign` or `schedules.schedule_export` raises.
    """
    campaign = campaigns.create_campaign(session, request.campaign, actor)
    matching = invitations.experts_in_domains(session, request.members.domains)
    if matching:
        campaigns.add_experts(session, campaign, matching, actor)
    if request.export_schedule:
        export_format = formats_for(campaign.kind)[0]
        export_request = ExportRequest(export_format, exports, request.campaign.channel)
        schedules.schedule_export(session, campaign, export_request, request.export_schedule, actor)
    if request.members.needs_lookup:
        lookup = request.members.lookup_for(campaign.name)
        outbox.enqueue(session, lookup, recipient=actor.name, now=actor.at)
    report = CampaignCreatedMessage(id_of(campaign))
    outbox.enqueue(session, report, recipient=actor.name, now=actor.at)
    return campaign


def created_campaign(session: Session, campaign_id: int) -> CreatedCampaign:
    """Return what to report about a new campaign.

    Raises:
        UnknownCampaignError: there is no such campaign.
    """
    campaign = campaigns.campaign_by_id(session, campaign_id)
    status = campaign_status.status_of(session, campaign)
    return CreatedCampaign(
        id=campaign_id,
        name=status.name,
        title=status.title,
        experts=status.experts,
        items=status.items,
        missing_gold=count_missing_gold(session, campaign),
    )


def store_time_zone(session: Session, slack_id: str, tz: str, now: datetime) -> None:
    """Store the time zone of a coordinator, who may have no expert profile."""
    upsert.upsert_row(session, CoordinatorTimeZone(slack_id=slack_id, tz=tz, synced_at=now))


def time_zone_of(session: Session, slack_id: str) -> str:
    """Return a coordinator's time zone; if unknown, the most common one among experts, else UTC."""
    row = session.get(CoordinatorTimeZone, slack_id)
    if row is not None:
        return row.tz
    zone = experts.time_zone_of_expert(session, slack_id)
    return zone or experts.most_common_time_zone(session) or "UTC"
