"""`labelbot review`: the queue without names, and every way to decide."""

from __future__ import annotations

import json

import pytest

from storage.tables import AuditEvent, Decision
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair
from tests.services.reviews.test_review_queue import EXPERTS, answer_by_text


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario in the shell's own database, with two comparisons on which all disagree."""
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1), pair(2)])
    for _ in range(2):
        answer_by_text(scenario, "a", "a", "b")
    return scenario


def waiting(shell: CommandRunner) -> list[int]:
    """Return the tasks in the queue."""
    return [case["task"] for case in shell("review", "list", "--json").json]


def test_the_queue_holds_what_was_said_and_nobodys_name(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    ran = labelbot_sqlite("review", "list", "--campaign", "tone", "--json")
    first, _second = ran.json
    assert (first["task"], first["campaign"], first["item"]) == (1, "tone", "pair-1")
    assert (first["review_reason"], first["fields"]["verdict"]) == (
        "disagreed",
        ["a", "b", "tie", "both_bad"],
    )
    assert [(one["text"], len(one["answer_ids"])) for one in first["responses"]] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    shown = labelbot_sqlite("review", "show", "1").out
    table = labelbot_sqlite("review", "list", "--limit", "1").out
    assert "A is better (2); B is better (1)" in table
    assert "pair-2" not in table
    assert "Left 1" in shown
    assert "field verdict: a, b, tie, both_bad" in shown
    for out in (ran.out, shown, table):
        assert not any(person in out for person in EXPERTS)
    assert labelbot_sqlite("review", "show", "2", "--json").json["item"] == "pair-2"
    assert scenario.rows(Decision) == []


def test_a_script_decides_sends_back_and_takes_back(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    (answer, *_others) = labelbot_sqlite("review", "list", "--json").json[0]["responses"][1][
        "answer_ids"
    ]
    assert labelbot_sqlite("review", "accept", str(answer)).out == "Decided.\n"
    assert waiting(labelbot_sqlite) == [2]
    assert (
        labelbot_sqlite("review", "decide", "2", '{"verdict": "tie"}', "--reason", "even").code == 0
    )
    assert waiting(labelbot_sqlite) == []
    assert labelbot_sqlite("review", "list").out == "Nothing waits for review.\n"
    assert labelbot_sqlite("review", "undo", "2").out == "It waits for review again.\n"
    assert labelbot_sqlite("review", "keep", "2").out == "Left as it is.\n"
    assert labelbot_sqlite("review", "return-to-queue", "1").out == "It goes out again.\n"
    assert labelbot_sqlite("review", "undo", "2").code == 0
    sent = labelbot_sqlite("review", "send-back", "2", "--reason", "Mind the units")
    assert sent.out == "Sent back to 3 experts.\n"
    assert [row.value for row in scenario.rows(Decision)][1]["verdict"] == "tie"
    events = [row for row in scenario.rows(AuditEvent) if row.subject.startswith("task ")]
    assert {row.origin for row in events} == {"command line"}
    assert [row.action for row in events] == [
        *("decided", "decided", "undid a decision", "kept as is", "returned to queue"),
        "undid a decision",
    ]


WRONG = [
    ("list --campaign tnoe", 1, "Did you mean “tone”?"),
    ("show 99", 1, "no longer in the review queue"),
    ("accept 99", 1, "no longer in the review queue"),
    ("decide 1 tie", 2, "the fields are no JSON"),
    ("decide 1 []", 2, 'must be a JSON object, such as {"verdict": "tie"}'),
    ("decide 1 {}", 1, "Choose one of the options shown."),
    ('decide 1 {"colour":"a"}', 1, "Choose one of the options shown."),
    ("decide 99 {}", 1, "no longer in the review queue"),
    ('decide 1 {"verdict":"c"}', 1, "Choose one of the options shown."),
    ("keep 99", 1, "no longer in the review queue"),
    ("undo 1", 1, "no longer in the review queue"),
    ("return-to-queue 99", 1, "no longer in the review queue"),
    ("send-back 1", 2, "--reason"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_decided(
    labelbot_sqlite: CommandRunner, scenario: Scenario, words: str, code: int, said: str
) -> None:
    ran = labelbot_sqlite("review", *words.split())
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.replace("│", " ").split())
    assert scenario.rows(Decision) == []


def test_fields_may_stand_in_a_file(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    name = labelbot_sqlite.write_file("answer.json", json.dumps({"verdict": "b"}))
    assert labelbot_sqlite("review", "decide", "1", f"@{name}").code == 0
    assert scenario.rows(Decision)[0].value["verdict"] == "b"
