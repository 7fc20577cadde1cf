"""`labelbot review`: the queue without names, and every way to decide."""

from __future__ import annotations

import json

import pytest

from storage.tables import AuditEvent, Decision
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair
from tests.services.reviews.test_review_queue import PEOPLE, texts


@pytest.fixture
def workshop(beside: Scenario) -> Scenario:
    """Return a workshop in the shell's own database, with two comparisons on which all disagree."""
    beside.create_campaign(experts=PEOPLE, overlap=3)
    beside.import_rows("tone", [pair(1), pair(2)])
    for _ in range(2):
        texts(beside, "a", "a", "b")
    return beside


def waiting(shell: CommandRunner) -> list[int]:
    """Return the tasks in the queue."""
    return [case["task"] for case in shell("review", "list", "--json").json]


def test_the_queue_holds_what_was_said_and_nobodys_name(
    local: CommandRunner, workshop: Scenario
) -> None:
    ran = local("review", "list", "--campaign", "tone", "--json")
    first, _second = ran.json
    assert (first["task"], first["campaign"], first["item"]) == (1, "tone", "pair-1")
    assert (first["why"], first["fields"]["verdict"]) == (
        "disagreed",
        ["a", "b", "tie", "both_bad"],
    )
    assert [(one["words"], len(one["answers"])) for one in first["said"]] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    shown = local("review", "show", "1").out
    table = local("review", "list", "--most", "1").out
    assert "A is better (2); B is better (1)" in table
    assert "pair-2" not in table
    assert "Left 1" in shown
    assert "field verdict: a, b, tie, both_bad" in shown
    for out in (ran.out, shown, table):
        assert not any(person in out for person in PEOPLE)
    assert local("review", "show", "2", "--json").json["item"] == "pair-2"
    assert workshop.rows(Decision) == []


def test_a_script_decides_sends_back_and_takes_back(
    local: CommandRunner, workshop: Scenario
) -> None:
    (answer, *_others) = local("review", "list", "--json").json[0]["said"][1]["answers"]
    assert local("review", "adopt", str(answer)).out == "Decided.\n"
    assert waiting(local) == [2]
    assert local("review", "decide", "2", '{"verdict": "tie"}', "--reason", "even").code == 0
    assert waiting(local) == []
    assert local("review", "list").out == "Nothing waits for review.\n"
    assert local("review", "take-back", "2").out == "It waits for review again.\n"
    assert local("review", "leave", "2").out == "Left as it is.\n"
    assert local("review", "hand-out", "1").out == "It goes out again.\n"
    assert local("review", "take-back", "2").code == 0
    sent = local("review", "send-back", "2", "--reason", "Mind the units")
    assert sent.out == "Sent back to 3 experts.\n"
    assert [row.value for row in workshop.rows(Decision)][1]["verdict"] == "tie"
    events = [row for row in workshop.rows(AuditEvent) if row.subject.startswith("task ")]
    assert {row.through for row in events} == {"command line"}
    assert [row.action for row in events] == [
        *("decided", "decided", "took back a decision", "left as it is", "handed out again"),
        "took back a decision",
    ]


WRONG = [
    ("list --campaign tnoe", 1, "perhaps you mean “tone”"),
    ("show 99", 1, "no longer there to be reviewed"),
    ("adopt 99", 1, "no longer there to be reviewed"),
    ("decide 1 tie", 2, "the fields are no JSON"),
    ("decide 1 []", 2, 'must be a JSON object, such as {"verdict": "tie"}'),
    ("decide 1 {}", 1, "choose one of the answers"),
    ('decide 1 {"colour":"a"}', 1, "choose one of the answers"),
    ("decide 99 {}", 1, "no longer there to be reviewed"),
    ('decide 1 {"verdict":"c"}', 1, "choose one of the answers"),
    ("leave 99", 1, "no longer there to be reviewed"),
    ("take-back 1", 1, "no longer there to be reviewed"),
    ("hand-out 99", 1, "no longer there to be reviewed"),
    ("send-back 1", 2, "--reason"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_decided(
    local: CommandRunner, workshop: Scenario, words: str, code: int, said: str
) -> None:
    ran = local("review", *words.split())
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.replace("│", " ").split())
    assert workshop.rows(Decision) == []


def test_fields_may_stand_in_a_file(local: CommandRunner, workshop: Scenario) -> None:
    name = local.write_file("answer.json", json.dumps({"verdict": "b"}))
    assert local("review", "decide", "1", f"@{name}").code == 0
    assert workshop.rows(Decision)[0].value["verdict"] == "b"
