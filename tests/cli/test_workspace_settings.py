"""Tests of `labelbot settings`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_settings_are_shown_and_changed(labelbot: CommandRunner) -> None:
    assert "reminders per day: 2" in labelbot("settings").out
    changed = labelbot("settings", "--channel", "C0BOSS", "--reminders-per-day", "1", "--no-digest")
    assert "digest: no" in changed.out
    assert labelbot("settings", "--channel", "", "--json").json == {
        "channel": None,
        "reminders_per_day": 1,
        "reminders_per_week": 6,
        "digest": False,
    }


def test_settings_rejects_values_out_of_range(labelbot: CommandRunner) -> None:
    assert labelbot("settings", "--reminders-per-day", "11").code == 2
    result = labelbot("settings", "--reminders-per-day", "9")
    assert (result.code, "at least as many reminders per week as per day" in result.err) == (
        1,
        True,
    )
