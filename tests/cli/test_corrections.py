"""`labelbot correct`: each correction from a script, and the way back."""

from __future__ import annotations

import pytest

from storage.tables import Assignment, AuditEvent, Campaign
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair


@pytest.fixture
def workshop(beside: Scenario) -> Scenario:
    """Return a workshop in the shell's own database: one answer, one task held, two experts."""
    beside.create_campaign(experts=["U01", "U02"], overlap=1)
    beside.import_rows("tone", [pair(1), pair(2), pair(3)])
    beside.submit_answer("U01", beside.assign_next("U01") or 0, verdict="tie")
    beside.assign_next("U01")
    return beside


def states(workshop: Scenario) -> list[str]:
    """Return the state of every assignment."""
    return [row.state for row in workshop.rows(Assignment)]


def test_the_overlap_is_changed(local: CommandRunner, workshop: Scenario) -> None:
    ran = local("correct", "overlap", "tone", "2")
    assert ran.out == "Each item of “tone” wants 2 answers now, not 1.\n"
    assert workshop.rows(Campaign)[0].overlap == 2


def test_what_somebody_holds_is_released_or_goes_to_somebody_else(
    local: CommandRunner, workshop: Scenario
) -> None:
    ran = local("correct", "reassign", "tone", "U01", "--to", "U02")
    assert ran.out == "1 tasks taken back from U01, 1 of them handed to U02.\n"
    assert local("correct", "release", "tone", "U02").out == "1 tasks taken back from U02.\n"
    assert states(workshop) == ["answered", "released", "released"]


def test_an_answer_is_opened_again(local: CommandRunner, workshop: Scenario) -> None:
    ran = local("correct", "reopen", "tone", "pair-1", "U01", "--reason", "Read again")
    assert ran.out == "U01 can change their answer to pair-1 again.\n"
    assert workshop.rows(Assignment)[0].sent_back_reason == "Read again"


def test_answers_are_left_out_listed_and_let_in_again(
    local: CommandRunner, workshop: Scenario
) -> None:
    words = ("--since", "2026-03-01", "--reason", "a bot")
    ran = local("correct", "exclude", "tone", "U01", *words)
    assert ran.out.startswith("1 answers of U01 are left out;")
    assert states(workshop)[0] == "quarantined"
    (row,) = local("correct", "list", "tone", "--json").json
    assert (row["slack_id"], row["reason"], row["answers"]) == ("U01", "a bot", 1)
    assert row["since"] == "2026-03-01T00:00:00+00:00"
    assert "a bot" in local("correct", "list", "tone").out
    assert local("correct", "include", "tone", "U01").out == "1 answers of U01 count again.\n"
    assert local("correct", "list", "tone").out == "Nothing is left out of “tone”.\n"
    assert states(workshop)[0] == "answered"
    events = [row for row in workshop.rows(AuditEvent) if row.action in ("excluded", "included")]
    assert [row.through for row in events] == ["command line"] * 2


WRONG = [
    ("overlap tone 0", 1, "The overlap must be 1 to 100"),
    ("overlap tone many", 2, "valid integer"),
    ("overlap tnoe 2", 1, "perhaps you mean “tone”"),
    ("release tone U09", 1, "is no expert of “tone”"),
    ("reassign tone U01", 2, "--to"),
    ("reassign tone U01 --to U09", 1, "is no expert of “tone”"),
    ("reopen tone pair-9 U01", 1, "no answer to open again"),
    ("exclude tone U01 --since soon --reason x", 2, "“soon” is no date"),
    ("exclude tone U01 --since 2026-03-01", 2, "--reason"),
    ("include tone U01", 1, "Nothing of"),
    ("list tnoe", 1, "perhaps you mean “tone”"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_changed(
    local: CommandRunner, workshop: Scenario, words: str, code: int, said: str
) -> None:
    before = states(workshop)
    ran = local("correct", *words.split())
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.replace("│", " ").split())
    assert states(workshop) == before
