"""The time zone of a coordinator is fetched and stored."""

from __future__ import annotations

from bot.services.campaigns import create
from bot.slack.client.time_zone import fetch_time_zone
from tests.slack.slack_fixture import SlackFixture


async def test_time_zone_is_fetched_and_stored(slack: SlackFixture) -> None:
    cora = slack.sandbox.add_user("cora", tz="Asia/Tokyo")
    assert await fetch_time_zone(slack.sender, cora.id) == "Asia/Tokyo"
    assert slack.database.read_now(create.time_zone_of, cora.id) == "Asia/Tokyo"


async def test_unknown_person_has_no_time_zone(slack: SlackFixture) -> None:
    assert await fetch_time_zone(slack.sender, "U0NOBODY") == ""
    assert slack.database.read_now(create.time_zone_of, "U0NOBODY") == "UTC"
