"""A campaign founded from Slack: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cron import CronSchedule, InvalidCronError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import create, invitations
from bot.services.campaigns.campaigns import NewCampaign
from bot.services.campaigns.create import CampaignRequest, CreatedCampaign, MemberSelection
from bot.services.campaigns.invitations import Invitation
from storage.tables import Campaign, Expert, ExportSchedule, OutboxMessage
from tests.services.conftest import Scenario, pair

CORA = "U0CORA"


def founds(scenario: Scenario, wish: CampaignRequest) -> None:
    """Found a campaign."""
    actor = Actor(CORA, SLACK, scenario.now)
    scenario.database.write_now(create.create_from_request, wish, Path("datasets"), actor)


def test_it_is_made_with_its_people_and_plan_and_told_of(scenario: Scenario) -> None:
    knows = Invitation(["U0ADA"], domains=["Law"])
    scenario.database.write_now(invitations.invite, knows, scenario.actor)
    new = NewCampaign("jokes", "rating", channel="C1", gold_share=0.1)
    pool = MemberSelection(("U0BO",), "@linguists", "C2", ("law",))
    founds(scenario, CampaignRequest(new, pool, CronSchedule("0 6 * * *", "Asia/Tokyo")))
    (campaign,) = scenario.rows(Campaign)
    assert (campaign.created_by, campaign.channel, campaign.gold_share) == (CORA, "C1", 0.1)
    (plan,) = scenario.rows(ExportSchedule)
    assert (plan.format, plan.channel, plan.tz) == ("rating", "C1", "Asia/Tokyo")
    gather, ready = scenario.rows(OutboxMessage)
    assert gather.payload == {
        "slack_ids": ["U0BO"],
        "groups": ["@linguists"],
        "channels": ["C2"],
        "campaign": "jokes",
    }
    assert [(row.message_type, row.recipient) for row in (gather, ready)] == [
        ("member_lookup", CORA),
        ("campaign_created", CORA),
    ]
    now = scenario.database.read_now(create.created_campaign, campaign.id)
    assert now == CreatedCampaign(campaign.id, "jokes", "jokes", "rating", 1, 0)


def test_if_a_part_of_it_is_wrong_nothing_is_made(scenario: Scenario) -> None:
    wish = CampaignRequest(
        NewCampaign("jokes", "rating"), MemberSelection(), CronSchedule("nonsense")
    )
    with pytest.raises(InvalidCronError):
        founds(scenario, wish)
    assert scenario.count("campaign") == scenario.count("outbox") == 0


def test_the_zone_is_ones_own_or_that_of_most(scenario: Scenario) -> None:
    zone = create.time_zone_of
    assert scenario.database.read_now(zone, CORA) == "UTC"
    scenario.create_campaign(experts=["U0ADA", "U0BO", "U0CY"])
    scenario.import_rows("tone", [pair(1)])

    def settle(session: object) -> None:
        for number, tz in enumerate(("Asia/Tokyo", "Europe/Paris", "Europe/Paris"), start=1):
            expert = session.get_one(Expert, number)  # type: ignore[attr-defined]  # a Session
            expert.tz, expert.profile_synced_at = tz, scenario.now

    scenario.database.write_now(settle)
    assert scenario.database.read_now(zone, CORA) == "Europe/Paris"
    assert scenario.database.read_now(zone, "U0ADA") == "Asia/Tokyo"
