"""Tests of `labelbot review`: the queue without names, and every decision."""

from __future__ import annotations

import json
import re

import pytest

from storage.tables import AuditEvent, Decision
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair
from tests.services.reviews.test_review_queue import EXPERTS, answer_by_text


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with two comparisons on which the experts disagree."""
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1), pair(2)])
    for _ in range(2):
        answer_by_text(scenario, "a", "a", "b")
    return scenario


def queued_tasks(labelbot: CommandRunner) -> list[int]:
    """Return the ids of the tasks in the review queue."""
    return [case["task"] for case in labelbot("review", "list", "--json").json]


def test_queue_lists_answers_without_names(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    result = labelbot_sqlite("review", "list", "--campaign", "tone", "--json")
    first, _second = result.json
    assert (first["task"], first["campaign"], first["item"]) == (1, "tone", "pair-1")
    assert (first["review_reason"], first["fields"]["verdict"]) == (
        "disagreed",
        ["a", "b", "tie", "both_bad"],
    )
    assert [(group["text"], len(group["answer_ids"])) for group in first["responses"]] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    details = labelbot_sqlite("review", "show", "1").out
    table = labelbot_sqlite("review", "list", "--limit", "1").out
    assert "A is better (2); B is better (1)" in table
    assert "pair-2" not in table
    assert "Left 1" in details
    assert "field verdict: a, b, tie, both_bad" in details
    for out in (result.out, details, table):
        assert not any(person in out for person in EXPERTS)
    assert labelbot_sqlite("review", "show", "2", "--json").json["item"] == "pair-2"
    assert scenario.rows(Decision) == []
    assert labelbot_sqlite("review", "list", "--reason", "flagged", "--json").json == []


def test_cases_are_decided_sent_back_and_undone(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    (answer, *_others) = labelbot_sqlite("review", "list", "--json").json[0]["responses"][1][
        "answer_ids"
    ]
    assert labelbot_sqlite("review", "accept", str(answer)).out == "Decision saved.\n"
    assert queued_tasks(labelbot_sqlite) == [2]
    assert (
        labelbot_sqlite("review", "decide", "2", '{"verdict": "tie"}', "--reason", "even").code == 0
    )
    assert queued_tasks(labelbot_sqlite) == []
    assert labelbot_sqlite("review", "list").out == "The review queue is empty.\n"
    table = labelbot_sqlite("review", "decisions", "tone").out
    assert re.search("2 +pair-2 +a tie .*even", table)
    assert [
        one["item_key"] for one in labelbot_sqlite("review", "decisions", "tone", "--json").json
    ] == [
        "pair-2",
        "pair-1",
    ]
    assert (
        labelbot_sqlite("review", "undo", "2").out == "Undone; the task needs a decision again.\n"
    )
    assert labelbot_sqlite("review", "keep", "2").out == "The answers stay as they are.\n"
    assert labelbot_sqlite("review", "return-to-queue", "1").out == "Returned to the queue.\n"
    assert labelbot_sqlite("review", "undo", "2").code == 0
    sent = labelbot_sqlite("review", "send-back", "2", "--reason", "Mind the units")
    assert sent.out == "Sent back to 3 experts.\n"
    assert [row.value for row in scenario.rows(Decision)][1]["verdict"] == "tie"
    events = [row for row in scenario.rows(AuditEvent) if row.subject.startswith("task ")]
    assert {row.origin for row in events} == {"command line"}
    assert [row.action for row in events] == [
        *(
            "made a decision",
            "made a decision",
            "undid a decision",
            "kept a task as is",
            "returned a task to the queue",
        ),
        "undid a decision",
    ]


INVALID_ARGUMENTS = [
    ("list --campaign tnoe", 1, "Did you mean “tone”?"),
    ("show 99", 1, "no longer in the review queue"),
    ("accept 99", 1, "no longer in the review queue"),
    ("decide 1 tie", 2, "The fields are not valid JSON"),
    ("decide 1 []", 2, 'must be a JSON object. Write, for example, {"verdict": "tie"}'),
    ("decide 1 {}", 1, "Choose one of the options shown."),
    ('decide 1 {"color":"a"}', 1, "Choose one of the options shown."),
    ("decide 99 {}", 1, "no longer in the review queue"),
    ('decide 1 {"verdict":"c"}', 1, "Choose one of the options shown."),
    ("keep 99", 1, "no longer in the review queue"),
    ("undo 1", 1, "no longer in the review queue"),
    ("return-to-queue 99", 1, "no longer in the review queue"),
    ("send-back 1", 2, "--reason"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), INVALID_ARGUMENTS)
def test_invalid_review_command_decides_nothing(
    labelbot_sqlite: CommandRunner, scenario: Scenario, arguments: str, code: int, message: str
) -> None:
    result = labelbot_sqlite("review", *arguments.split())
    assert (result.code, result.out) == (code, "")
    assert message in " ".join(result.err.replace("│", " ").split())
    assert scenario.rows(Decision) == []


def test_fields_are_read_from_file(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    name = labelbot_sqlite.write_file("answer.json", json.dumps({"verdict": "b"}))
    assert labelbot_sqlite("review", "decide", "1", f"@{name}").code == 0
    assert scenario.rows(Decision)[0].value["verdict"] == "b"
