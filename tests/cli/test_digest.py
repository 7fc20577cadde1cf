"""`labelbot digest`: when the weekly summary comes, from the command line."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_the_summary_is_shown_changed_and_switched_off(labelbot: CommandRunner) -> None:
    assert "“0 9 * * mon” (UTC), in the direct messages of each" in labelbot("digest").out
    changed = labelbot("digest", "--cron", "30 8 * * fri", "--tz", "Asia/Tokyo", "--channel", "C01")
    assert "“30 8 * * fri” (Asia/Tokyo), in C01; next 2" in changed.out
    told = labelbot("digest", "--json").json
    assert (told["is_enabled"], told["channel"], told["schedule"]["tz"]) == (
        True,
        "C01",
        "Asia/Tokyo",
    )
    assert "is off; labelbot digest --on" in labelbot("digest", "--off").out
    assert "in C01" in labelbot("digest", "--on").out
    assert "each coordinator" in labelbot("digest", "--channel", "").out


def test_a_time_that_is_none_is_one_sentence(labelbot_sqlite: CommandRunner) -> None:
    ran = labelbot_sqlite("digest", "--cron", "whenever")
    assert (ran.code, ran.out) == (1, "")
    assert "“whenever” is not a cron expression" in ran.err
