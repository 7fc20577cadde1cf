"""The time zone of a coordinator is asked for once a window, and remembered."""

from __future__ import annotations

from bot.services import founding
from bot.slack.zones import zone_in_slack
from tests.slack.line import Line


async def test_it_is_asked_for_and_remembered(line: Line) -> None:
    cora = line.sandbox.person("cora", tz="Asia/Tokyo")
    assert await zone_in_slack(line.sender, cora.id) == "Asia/Tokyo"
    assert line.database.read_now(founding.zone_of, cora.id) == "Asia/Tokyo"


async def test_who_slack_does_not_know_has_none(line: Line) -> None:
    assert await zone_in_slack(line.sender, "U0NOBODY") == ""
    assert line.database.read_now(founding.zone_of, "U0NOBODY") == "UTC"
