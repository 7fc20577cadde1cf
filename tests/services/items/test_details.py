"""Details of an item: what experts see, answers and history; blind for those who label."""

from __future__ import annotations

import pytest

from bot.imports.mapping import ColumnMapping
from bot.services.items import changes, details
from bot.services.items.details import ItemDetails
from bot.services.items.references import UnknownItemError, reference_of
from tests.services.conftest import Scenario, pair

WITH_GOLD = ColumnMapping.parse(["gold=gold"])


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario in which one expert has answered the first pair and another has it."""
    scenario.create_campaign(experts=["U01", "U02"], overlap=2)
    scenario.import_rows("tone", [pair(1), pair(2, gold="left")], columns=WITH_GOLD)
    scenario.advance_clock(minutes=1)
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="a")
    scenario.advance_clock(minutes=1)
    scenario.assign_next("U02")
    return scenario


def show(scenario: Scenario, item_id: int = 1, viewer: str = "") -> ItemDetails:
    """Return the details of an item."""
    return scenario.run_for_campaign("tone", details.details_of, item_id, viewer)


def test_answers_are_described_in_imported_order(scenario: Scenario) -> None:
    shown = show(scenario)
    assert [passage.text for passage in shown.form.passages] == [
        "Question 1?",
        "Left 1",
        "Right 1",
    ]
    answered, waiting = shown.answers
    assert answered.text in {"A is better", "B is better"}
    assert (waiting.text, waiting.slack_id) == ("open", "U02")
    assert answered.reference == reference_of(1)
    assert shown.models == ("heron-7b", "wren-mini")
    assert show(scenario, 2).gold == "A is better"


def test_history_is_in_order(scenario: Scenario) -> None:
    scenario.run_for_campaign("tone", changes.hold_items, [1], "Check it", scenario.actor)
    texts = [(entry.actor, entry.text) for entry in show(scenario).history]
    assert texts == [
        ("ada", "imported from items.jsonl"),
        ("U01", "got task T-1"),
        ("U01", "answered task T-1"),
        ("U02", "got task T-2"),
        ("ada", "put an item on hold: Check it"),
    ]


def test_people_who_may_still_answer_see_no_answers(scenario: Scenario) -> None:
    for item_id, viewer in ((1, "U02"), (2, "U01")):
        shown = show(scenario, item_id, viewer)
        assert shown.is_blind
        assert (shown.answers, shown.history, shown.gold) == ((), (), "")
    assert show(scenario, 1, "U01").answers
    assert show(scenario, 2, "UCORA").gold


def test_deleted_item_shows_no_text(scenario: Scenario) -> None:
    scenario.run_for_campaign("tone", changes.delete_items, [1], scenario.actor)
    shown = show(scenario)
    assert (shown.form.passages, shown.found.state) == ((), "deleted")
    assert [answer.text for answer in shown.answers] == ["excluded", "unassigned"]
    assert shown.history[-1].text == "deleted an item"


def test_item_of_another_campaign_is_unknown(scenario: Scenario) -> None:
    scenario.create_campaign("other")
    with pytest.raises(UnknownItemError):
        scenario.run_for_campaign("other", details.details_of, 1)
