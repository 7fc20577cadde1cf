"""`labelbot schedule`: exports that come by themselves."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_exports_are_planned_listed_and_given_up(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    assert labelbot("schedule", "list", "tone").out == "“tone” is not exported by itself.\n"
    words = ("weekly fri 18:00", "--tz", "Asia/Tokyo", "--channel", "C0DATA")
    assert labelbot("schedule", "add", "tone", *words).out.startswith("Planned; next at ")
    (plan,) = labelbot("schedule", "list", "tone", "--json").json
    assert (plan["cron"], plan["tz"], plan["channel"]) == ("0 18 * * fri", "Asia/Tokyo", "C0DATA")
    assert plan["format"] == "preference"
    assert "0 18 * * fri" in labelbot("schedule", "list", "tone").out
    assert labelbot("schedule", "remove", str(plan["id"])).out == "Removed.\n"
    assert "not there any more" in labelbot("schedule", "remove", str(plan["id"])).err


def test_what_cannot_be_planned_is_said(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    assert "is not a cron expression" in labelbot("schedule", "add", "tone", "now and then").err
    labelbot("campaign", "close", "tone")
    assert "is closed" in labelbot("schedule", "add", "tone", "daily 06:00").err
