"""Tests of `labelbot digest`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_digest_is_shown_changed_and_switched_off(labelbot: CommandRunner) -> None:
    assert "to each coordinator: Mondays at 09:00 (UTC)." in labelbot("digest").out
    changed = labelbot("digest", "--cron", "30 8 * * fri", "--tz", "Asia/Tokyo", "--channel", "C01")
    assert "in the channel C01: Fridays at 08:30 (Asia/Tokyo), next Fri " in changed.out
    settings = labelbot("digest", "--json").json
    assert (settings["is_enabled"], settings["channel"], settings["schedule"]["tz"]) == (
        True,
        "C01",
        "Asia/Tokyo",
    )
    assert "is off. To switch it on, use labelbot digest --on" in labelbot("digest", "--off").out
    assert "in the channel C01" in labelbot("digest", "--on").out
    assert "each coordinator" in labelbot("digest", "--channel", "").out


def test_digest_rejects_invalid_cron(labelbot_sqlite: CommandRunner) -> None:
    result = labelbot_sqlite("digest", "--cron", "whenever")
    assert (result.code, result.out) == (1, "")
    assert "“whenever” is not a cron expression" in result.err
