"""Tests of `labelbot fix`: each correction, and how it is undone."""

from __future__ import annotations

import pytest

from storage.tables import Assignment, AuditEvent, Campaign
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with two experts, one answer and one open task."""
    scenario.create_campaign(experts=["U01", "U02"], overlap=1)
    scenario.import_rows("tone", [pair(1), pair(2), pair(3)])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    scenario.assign_next("U01")
    return scenario


def states(scenario: Scenario) -> list[str]:
    """Return the state of every assignment."""
    return [row.state for row in scenario.rows(Assignment)]


def test_overlap_is_changed(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    result = labelbot_sqlite("fix", "overlap", "tone", "2")
    assert result.out == "Answers per item of “tone”: 2 (was 1).\n"
    assert scenario.rows(Campaign)[0].overlap == 2


def test_open_tasks_are_reassigned_and_unassigned(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    result = labelbot_sqlite("fix", "reassign", "tone", "U01", "--to", "U02")
    assert result.out == "Unassigned 1 task from U01; assigned 1 to U02.\n"
    assert labelbot_sqlite("fix", "unassign", "tone", "U02").out == "Unassigned 1 task from U02.\n"
    assert states(scenario) == ["answered", "released", "released"]


def test_answer_is_reopened(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    result = labelbot_sqlite("fix", "reopen", "tone", "pair-1", "U01", "--reason", "Read again")
    assert result.out == "Reopened the answer of U01 to pair-1.\n"
    assert scenario.rows(Assignment)[0].sent_back_reason == "Read again"


def test_answers_are_excluded_listed_and_included(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    options = ("--since", "2026-03-01", "--reason", "a bot")
    result = labelbot_sqlite("fix", "exclude", "tone", "U01", *options)
    assert result.out.startswith("Excluded 1 answer of U01. ")
    assert states(scenario)[0] == "quarantined"
    (row,) = labelbot_sqlite("fix", "list", "tone", "--json").json
    assert (row["slack_id"], row["reason"], row["answer_count"]) == ("U01", "a bot", 1)
    assert row["since"] == "2026-03-01T00:00:00+00:00"
    assert "a bot" in labelbot_sqlite("fix", "list", "tone").out
    assert (
        labelbot_sqlite("fix", "include", "tone", "U01").out == "Included 1 answer of U01 again.\n"
    )
    assert labelbot_sqlite("fix", "list", "tone").out == "No answers of “tone” are excluded.\n"
    assert states(scenario)[0] == "answered"
    actions = ("excluded answers", "included answers")
    events = [row for row in scenario.rows(AuditEvent) if row.action in actions]
    assert [row.origin for row in events] == ["command line"] * 2


INVALID_ARGUMENTS = [
    ("overlap tone 0", 1, "Answers per item must be from 1 to 100"),
    ("overlap tone many", 2, "valid integer"),
    ("overlap tnoe 2", 1, "Did you mean “tone”?"),
    ("unassign tone U09", 1, "is not an expert of “tone”"),
    ("reassign tone U01", 2, "--to"),
    ("reassign tone U01 --to U09", 1, "is not an expert of “tone”"),
    ("reopen tone pair-9 U01", 1, "has no item “pair-9”. Did you mean"),
    ("exclude tone U01 --since soon --reason x", 2, "“soon” is not a date"),
    ("exclude tone U01 --since 2026-03-01", 2, "--reason"),
    ("include tone U01", 1, "No answers of"),
    ("list tnoe", 1, "Did you mean “tone”?"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), INVALID_ARGUMENTS)
def test_invalid_correction_changes_nothing(
    labelbot_sqlite: CommandRunner, scenario: Scenario, arguments: str, code: int, message: str
) -> None:
    before = states(scenario)
    result = labelbot_sqlite("fix", *arguments.split())
    assert (result.code, result.out) == (code, "")
    assert message in " ".join(result.err.replace("│", " ").split())
    assert states(scenario) == before
