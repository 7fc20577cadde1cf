"""Tests of `labelbot items` and `labelbot import undo`."""

from __future__ import annotations

import pytest

from storage.tables import Item
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with one expert, twelve pairs and one answer."""
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(1, 13)])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    return scenario


def test_items_are_listed_in_pages(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    first = labelbot_sqlite("items", "list", "tone", "--limit", "5", "--json")
    assert [row["item"] for row in first.json] == [f"pair-{number}" for number in range(1, 6)]
    assert first.json[0] == {
        "item": "pair-1",
        "state": "complete",
        "answers": 1,
        "overlap": 1,
        "on_hold_reason": None,
        "created_at": scenario.now.isoformat(),
        "deleted_at": None,
        "text": "Question 1?",
    }
    rest = labelbot_sqlite("items", "list", "tone", "--limit", "5", "--offset", "5")
    assert "pair-6" in rest.out
    assert rest.err == "5 of 12 items. Continue with --offset 10.\n"
    assert labelbot_sqlite("items", "list", "tone", "--text", "nowhere").out == (
        "No items of “tone” match.\n"
    )


def test_item_is_shown_by_id_and_by_reference(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    by_key = labelbot_sqlite("items", "show", "tone", "pair-1")
    assert "pair-1: complete" in by_key.out
    assert "models: heron-7b, wren-mini" in by_key.out
    assert "T-1: a tie" in by_key.out
    assert labelbot_sqlite("items", "show", "tone", "T-1").out == by_key.out
    shown = labelbot_sqlite("items", "show", "tone", "t-1", "--json").json
    assert [answer["text"] for answer in shown["answers"]] == ["a tie"]
    unknown = labelbot_sqlite("items", "show", "tone", "pair-99")
    assert (unknown.code, unknown.out) == (1, "")
    assert "Did you mean “pair-9”" in unknown.err
    assert scenario.count("item") == 12


def test_items_are_held_released_and_deleted(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    held = labelbot_sqlite("items", "hold", "tone", "pair-2", "pair-3", "--reason", "Check it")
    assert held.out == "Put 2 items of “tone” on hold.\n"
    listed = labelbot_sqlite("items", "list", "tone", "--state", "on_hold", "--json").json
    assert [row["on_hold_reason"] for row in listed] == ["Check it", "Check it"]
    released = labelbot_sqlite("items", "release", "tone", "pair-2")
    assert released.out == "Returned 1 item of “tone” to the queue.\n"
    deleted = labelbot_sqlite("items", "delete", "tone", "pair-1", "pair-2", "--yes")
    assert deleted.out == "Deleted 2 items of “tone”, 1 answer excluded.\n"
    assert [row.key for row in scenario.rows(Item) if row.deleted_at] == ["pair-1", "pair-2"]


def test_nothing_is_deleted_if_one_id_is_wrong_or_nobody_confirms(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    assert labelbot_sqlite("items", "delete", "tone", "pair-1", "pair-99", "--yes").code == 1
    asked = labelbot_sqlite("items", "delete", "tone", "pair-1")
    assert asked.code == 1
    assert "Delete 1 item of “tone”? 1 answer will not count." in asked.err
    assert [row.deleted_at for row in scenario.rows(Item)] == [None] * 12


def test_import_is_listed_and_undone(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    assert labelbot_sqlite("import", "undo", "tone").code == 1
    file = scenario.write_file([pair(20)], "more.jsonl")
    labelbot_sqlite("import", "tone", str(file))
    listed = labelbot_sqlite("import", "list", "tone", "--json").json
    assert [(row["file"], row["items"]) for row in listed] == [
        ("items.jsonl", 12),
        ("more.jsonl", 1),
    ]
    undone = labelbot_sqlite("import", "undo", "tone")
    assert undone.out == "Undid the import of more.jsonl into “tone”: 1 item deleted.\n"
    assert "more.jsonl" in labelbot_sqlite("import", "list", "tone").out
