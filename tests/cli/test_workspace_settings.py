"""`labelbot settings`: what holds for the whole workspace."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_settings_are_shown_and_changed(labelbot: CommandRunner) -> None:
    assert "reminders per day: 2" in labelbot("settings").out
    changed = labelbot("settings", "--channel", "C0BOSS", "--reminders-per-day", "1", "--no-digest")
    assert "digest: no" in changed.out
    assert labelbot("settings", "--channel", "-", "--json").json == {
        "channel": None,
        "reminders_per_day": 1,
        "reminders_per_week": 6,
        "digest": False,
    }


def test_what_is_out_of_bounds_is_refused(labelbot: CommandRunner) -> None:
    assert labelbot("settings", "--reminders-per-day", "11").code == 2
    ran = labelbot("settings", "--reminders-per-day", "9")
    assert (ran.code, "A week cannot have fewer" in ran.err) == (1, True)
