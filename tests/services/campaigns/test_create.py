"""Creating a campaign from Slack: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from bot.cron import CronSchedule, InvalidCronError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import create, invitations
from bot.services.campaigns.create import CampaignRequest, CreatedCampaign, MemberSelection
from bot.services.campaigns.invitations import Invitation
from bot.services.campaigns.new_campaign import NewCampaign
from storage.tables import Campaign, Expert, ExportSchedule, OutboxMessage
from tests.services.conftest import Scenario, pair

CORA = "U0CORA"


def create_from_request(scenario: Scenario, request: CampaignRequest) -> None:
    """Create a campaign as Cora."""
    actor = Actor(CORA, SLACK, scenario.now)
    scenario.database.write_now(create.create_from_request, request, Path("datasets"), actor)


def test_campaign_is_created_with_members_and_schedule(scenario: Scenario) -> None:
    invitation = Invitation(["U0ADA"], domains=["Law"])
    scenario.database.write_now(invitations.invite, invitation, scenario.actor)
    new_campaign = NewCampaign("jokes", "rating", channel="C1", gold_share=0.1)
    members = MemberSelection(("U0BO",), "@linguists", "C2", ("law",))
    schedule = CronSchedule("0 6 * * *", "Asia/Tokyo")
    create_from_request(scenario, CampaignRequest(new_campaign, members, schedule))
    (campaign,) = scenario.rows(Campaign)
    assert (campaign.created_by, campaign.channel, campaign.gold_share) == (CORA, "C1", 0.1)
    (export_schedule,) = scenario.rows(ExportSchedule)
    assert (export_schedule.format, export_schedule.channel) == ("rating", "C1")
    assert export_schedule.tz == "Asia/Tokyo"
    member_lookup, created = scenario.rows(OutboxMessage)
    assert member_lookup.payload == {
        "slack_ids": ["U0BO"],
        "groups": ["@linguists"],
        "channels": ["C2"],
        "campaign": "jokes",
    }
    assert [(row.message_type, row.recipient) for row in (member_lookup, created)] == [
        ("member_lookup", CORA),
        ("campaign_created", CORA),
    ]
    report = scenario.database.read_now(create.created_campaign, campaign.id)
    assert report == CreatedCampaign(campaign.id, "jokes", "jokes", 1, 0)


def test_nothing_is_created_if_a_part_is_invalid(scenario: Scenario) -> None:
    request = CampaignRequest(
        NewCampaign("jokes", "rating"), MemberSelection(), CronSchedule("nonsense")
    )
    with pytest.raises(InvalidCronError):
        create_from_request(scenario, request)
    assert scenario.count("campaign") == scenario.count("outbox") == 0


def test_time_zone_is_own_or_the_most_common(scenario: Scenario) -> None:
    assert scenario.database.read_now(create.time_zone_of, CORA) == "UTC"
    scenario.create_campaign(experts=["U0ADA", "U0BO", "U0CY"])
    scenario.import_rows("tone", [pair(1)])

    def set_time_zones(session: Session) -> None:
        for number, tz in enumerate(("Asia/Tokyo", "Europe/Paris", "Europe/Paris"), start=1):
            expert = session.get_one(Expert, number)
            expert.tz, expert.profile_synced_at = tz, scenario.now

    scenario.database.write_now(set_time_zones)
    assert scenario.database.read_now(create.time_zone_of, CORA) == "Europe/Paris"
    assert scenario.database.read_now(create.time_zone_of, "U0ADA") == "Asia/Tokyo"
