"""Tests of `labelbot campaign edit` and `labelbot campaign clone`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair


def _show(labelbot: CommandRunner, name: str) -> Any:  # noqa: ANN401 - JSON
    return labelbot("campaign", "show", name, "--json").json


@pytest.fixture
def tone(labelbot_sqlite: CommandRunner) -> CommandRunner:
    """Return a runner whose database has the campaign “tone”."""
    labelbot_sqlite(
        *("campaign", "create", "tone", "--kind", "comparison", "--title", "Tone"),
        *("--expert", "U0ADA", "--deadline", "2090-05-31", "--lease", "8h"),
    )
    return labelbot_sqlite


def test_edit_changes_what_is_given_and_keeps_the_rest(tone: CommandRunner) -> None:
    result = tone(
        *("campaign", "edit", "tone", "--title", "Tone of voice", "--overlap", "2..5"),
        *("--remind-after", "1h", "--remind-after", "2h", "--settings", '{"confidence": true}'),
    )
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("Changed 6 fields of “tone”.\n")
    details = _show(tone, "tone")
    status = details["status"]
    assert (status["title"], status["overlap"], status["max_overlap"]) == ("Tone of voice", 2, 5)
    assert (details["lease_minutes"], details["reminder_minutes"]) == (480, [60, 120])
    assert details["settings"]["confidence"] is True
    assert status["deadline"] == "2090-05-31T23:59:59+00:00"


def test_dry_run_shows_an_edit_and_changes_nothing(tone: CommandRunner) -> None:
    before = _show(tone, "tone")
    result = tone("campaign", "edit", "tone", "--title", "Voice", "--deadline", "", "--dry-run")
    rows = [line.split() for line in result.out.splitlines()]
    assert rows[1] == ["title", "Tone", "Voice"]
    assert rows[2] == ["deadline", "2090-05-31", "23:59", "-"]
    assert result.out.endswith("Would change 2 fields of “tone”.\n")
    assert _show(tone, "tone") == before


def test_edit_without_difference_says_so(tone: CommandRunner) -> None:
    result = tone("campaign", "edit", "tone", "--title", "Tone")
    assert (result.code, result.out) == (0, "Nothing changes in “tone”.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["edit", "tone", "--remind-after", "9h"], "the last one comes after the lease ends"),
        (["edit", "tone", "--title", " "], "The title is empty"),
        (["edit", "tone", "--deadline", "2001-01-01"], "has passed"),
        (["edit", "tone", "--settings", '{"strong": true}'], "unknown setting “strong”"),
        (["edit", "tnoe", "--title", "Tone"], "Unknown campaign “tnoe”. Did you mean “tone”?"),
        (["clone", "tone", "Tone 2"], "use lowercase letters, digits and hyphens, as in “tone-2”"),
        (["clone", "tone", "tone"], "already exists"),
    ],
)
def test_wrong_value_changes_nothing(
    tone: CommandRunner, arguments: list[str], message: str
) -> None:
    before = _show(tone, "tone")
    result = tone("campaign", *arguments)
    assert result.code != 0
    assert message in " ".join(result.err.split())
    assert _show(tone, "tone") == before
    assert len(tone("campaign", "list", "--json").json) == 1


def test_edit_keeps_the_meaning_of_answers(scenario: Scenario, tone: CommandRunner) -> None:
    scenario.import_rows("tone", [pair(1)])
    result = tone("campaign", "edit", "tone", "--settings", '{"strength": true}')
    assert result.code == 1
    assert "“strength” of “tone” cannot change" in result.err


def test_clone_has_the_settings_and_members_and_no_deadline(tone: CommandRunner) -> None:
    result = tone("campaign", "clone", "tone", "--settings", '{"strength": true}')
    assert result.out == ("Created “tone-2” like “tone”. Next: labelbot import tone-2 FILE\n")
    copy, original = _show(tone, "tone-2"), _show(tone, "tone")
    assert copy["settings"] == original["settings"] | {"strength": True}
    assert [expert["slack_id"] for expert in copy["experts"]] == ["U0ADA"]
    assert (copy["status"]["title"], copy["status"]["deadline"]) == ("Tone (copy)", None)
    assert tone("campaign", "clone", "tone", "voice").out.startswith("Created “voice”")
