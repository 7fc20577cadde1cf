"""A campaign founded from Slack: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.recurring import BadCronError, Rhythm
from bot.services import founding, inviting
from bot.services.auditing import SLACK
from bot.services.campaigning import NewCampaign
from bot.services.directing import By
from bot.services.founding import Founded, Pool, Wish
from bot.services.inviting import Invitation
from storage.tables import Campaign, Expert, ExportSchedule, Outbox
from tests.services.conftest import Workshop, pair

CORA = "U0CORA"


def founds(workshop: Workshop, wish: Wish) -> None:
    """Found a campaign."""
    by = By(CORA, SLACK, workshop.now)
    workshop.database.write_now(founding.found, wish, Path("datasets"), by)


def test_it_is_made_with_its_people_and_plan_and_told_of(workshop: Workshop) -> None:
    knows = Invitation(["U0ADA"], domains=["Law"])
    workshop.database.write_now(inviting.invite, knows, workshop.by)
    new = NewCampaign("jokes", "rating", channel="C1", gold_share=0.1)
    pool = Pool(("U0BO",), "@linguists", "C2", ("law",))
    founds(workshop, Wish(new, pool, Rhythm("0 6 * * *", "Asia/Tokyo")))
    (campaign,) = workshop.rows(Campaign)
    assert (campaign.created_by, campaign.channel, campaign.gold_share) == (CORA, "C1", 0.1)
    (plan,) = workshop.rows(ExportSchedule)
    assert (plan.format, plan.channel, plan.tz) == ("rating", "C1", "Asia/Tokyo")
    gather, ready = workshop.rows(Outbox)
    assert gather.facts == {
        "people": ["U0BO"],
        "groups": ["@linguists"],
        "channels": ["C2"],
        "campaign": "jokes",
    }
    assert [(row.word, row.lane) for row in (gather, ready)] == [("gather", CORA), ("ready", CORA)]
    now = workshop.database.read_now(founding.founded, campaign.id)
    assert now == Founded(campaign.id, "jokes", "jokes", "rating", 1, 0)


def test_if_a_part_of_it_is_wrong_nothing_is_made(workshop: Workshop) -> None:
    wish = Wish(NewCampaign("jokes", "rating"), Pool(), Rhythm("nonsense"))
    with pytest.raises(BadCronError):
        founds(workshop, wish)
    assert workshop.count("campaign") == workshop.count("outbox") == 0


def test_the_zone_is_ones_own_or_that_of_most(workshop: Workshop) -> None:
    zone = founding.zone_of
    assert workshop.database.read_now(zone, CORA) == "UTC"
    workshop.creates(experts=["U0ADA", "U0BO", "U0CY"])
    workshop.imports("tone", [pair(1)])

    def settle(session: object) -> None:
        for number, tz in enumerate(("Asia/Tokyo", "Europe/Paris", "Europe/Paris"), start=1):
            expert = session.get_one(Expert, number)  # type: ignore[attr-defined]  # a Session
            expert.tz, expert.profile_at = tz, workshop.now

    workshop.database.write_now(settle)
    assert workshop.database.read_now(zone, CORA) == "Europe/Paris"
    assert workshop.database.read_now(zone, "U0ADA") == "Asia/Tokyo"
