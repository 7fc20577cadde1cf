"""Tests of `labelbot schedule`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_schedules_are_added_listed_and_removed(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    assert labelbot("schedule", "list", "tone").out == "“tone” has no export schedules.\n"
    arguments = ("weekly fri 18:00", "--tz", "Asia/Tokyo", "--channel", "C0DATA")
    assert labelbot("schedule", "add", "tone", *arguments).out.startswith(
        "Scheduled: Fridays at 18:00 (Asia/Tokyo), next Fri "
    )
    (schedule,) = labelbot("schedule", "list", "tone", "--json").json
    assert (schedule["cron"], schedule["tz"], schedule["channel"]) == (
        "0 18 * * fri",
        "Asia/Tokyo",
        "C0DATA",
    )
    assert schedule["format"] == "preference"
    assert "Fridays at 18:00 (Asia/Tokyo)" in labelbot("schedule", "list", "tone").out
    assert labelbot("schedule", "remove", str(schedule["id"])).out == "Removed.\n"
    assert "no longer exists" in labelbot("schedule", "remove", str(schedule["id"])).err


def test_schedule_rejects_invalid_cron_and_closed_campaign(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    assert "is not a cron expression" in labelbot("schedule", "add", "tone", "now and then").err
    labelbot("campaign", "close", "tone")
    assert "is closed" in labelbot("schedule", "add", "tone", "daily 06:00").err
