"""`labelbot fix`: each correction from a script, and the way back."""

from __future__ import annotations

import pytest

from storage.tables import Assignment, AuditEvent, Campaign
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario in the shell's own database: one answer, one task held, two experts."""
    scenario.create_campaign(experts=["U01", "U02"], overlap=1)
    scenario.import_rows("tone", [pair(1), pair(2), pair(3)])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    scenario.assign_next("U01")
    return scenario


def states(scenario: Scenario) -> list[str]:
    """Return the state of every assignment."""
    return [row.state for row in scenario.rows(Assignment)]


def test_the_overlap_is_changed(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    ran = labelbot_sqlite("fix", "overlap", "tone", "2")
    assert ran.out == "Each item of “tone” wants 2 answers now, not 1.\n"
    assert scenario.rows(Campaign)[0].overlap == 2


def test_what_somebody_holds_is_released_or_goes_to_somebody_else(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    ran = labelbot_sqlite("fix", "reassign", "tone", "U01", "--to", "U02")
    assert ran.out == "1 tasks taken back from U01, 1 of them handed to U02.\n"
    assert labelbot_sqlite("fix", "unassign", "tone", "U02").out == "1 tasks taken back from U02.\n"
    assert states(scenario) == ["answered", "released", "released"]


def test_an_answer_is_opened_again(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    ran = labelbot_sqlite("fix", "reopen", "tone", "pair-1", "U01", "--reason", "Read again")
    assert ran.out == "U01 can change their answer to pair-1 again.\n"
    assert scenario.rows(Assignment)[0].sent_back_reason == "Read again"


def test_answers_are_left_out_listed_and_let_in_again(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    words = ("--since", "2026-03-01", "--reason", "a bot")
    ran = labelbot_sqlite("fix", "exclude", "tone", "U01", *words)
    assert ran.out.startswith("1 answers of U01 are left out;")
    assert states(scenario)[0] == "quarantined"
    (row,) = labelbot_sqlite("fix", "list", "tone", "--json").json
    assert (row["slack_id"], row["reason"], row["answer_count"]) == ("U01", "a bot", 1)
    assert row["since"] == "2026-03-01T00:00:00+00:00"
    assert "a bot" in labelbot_sqlite("fix", "list", "tone").out
    assert labelbot_sqlite("fix", "include", "tone", "U01").out == "1 answers of U01 count again.\n"
    assert labelbot_sqlite("fix", "list", "tone").out == "Nothing is left out of “tone”.\n"
    assert states(scenario)[0] == "answered"
    events = [row for row in scenario.rows(AuditEvent) if row.action in ("excluded", "included")]
    assert [row.origin for row in events] == ["command line"] * 2


WRONG = [
    ("overlap tone 0", 1, "Answers per item must be from 1 to 100"),
    ("overlap tone many", 2, "valid integer"),
    ("overlap tnoe 2", 1, "Did you mean “tone”?"),
    ("unassign tone U09", 1, "is not an expert of “tone”"),
    ("reassign tone U01", 2, "--to"),
    ("reassign tone U01 --to U09", 1, "is not an expert of “tone”"),
    ("reopen tone pair-9 U01", 1, "no answer to reopen"),
    ("exclude tone U01 --since soon --reason x", 2, "“soon” is no date"),
    ("exclude tone U01 --since 2026-03-01", 2, "--reason"),
    ("include tone U01", 1, "Nothing of"),
    ("list tnoe", 1, "Did you mean “tone”?"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_changed(
    labelbot_sqlite: CommandRunner, scenario: Scenario, words: str, code: int, said: str
) -> None:
    before = states(scenario)
    ran = labelbot_sqlite("fix", *words.split())
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.replace("│", " ").split())
    assert states(scenario) == before
