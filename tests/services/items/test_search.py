"""Search of items: each condition, in any script, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.imports.mapping import ColumnMapping
from bot.services.items import changes, search
from bot.services.items.search import ItemPage
from storage.queries.item_search import ItemFilter, ItemState
from tests.services.conftest import Scenario, pair


def find(scenario: Scenario, **conditions: object) -> list[str]:
    """Return the keys of the items that a search finds."""
    wanted = ItemFilter(**conditions)  # type: ignore[arg-type]  # conditions of the test
    page: ItemPage = scenario.run_for_campaign("tone", search.search_items, wanted, limit=50)
    assert page.total == len(page.items)
    return [item.found.key for item in page.items]


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with one expert and five different pairs."""
    scenario.create_campaign(experts=["U01"], overlap=1, domains=("birds",))
    scenario.import_rows(
        "tone",
        [
            pair(1, prompt="Why does a Penguin swim?"),
            pair(2, response_b="ÜBER den Wolken 100%"),
            pair(3, prompt="日本語の質問です。", model_a="owl-3b"),
            pair(4, domains=["law", "Tax"]),
            pair(5, prompt="مرحبا", gold="left"),
        ],
        columns=ColumnMapping.parse(["gold=gold", "domains=domains"]),
    )
    return scenario


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("penguin", ["pair-1"]),
        ("über", ["pair-2"]),
        ("100%", ["pair-2"]),
        ("質問", ["pair-3"]),
        ("مرحبا", ["pair-5"]),
        ("Right 4", ["pair-4"]),
        ("content", []),
        ("user", []),
        ("_", []),
    ],
)
def test_text_is_found_as_experts_read_it(scenario: Scenario, text: str, keys: list[str]) -> None:
    assert find(scenario, text=text) == keys
    assert find(scenario, any_part=text) == keys


def test_other_conditions(scenario: Scenario) -> None:
    assert find(scenario, key="PAIR-4") == ["pair-4"]
    assert find(scenario, model="owl-3b") == ["pair-3"]
    assert find(scenario, model="owl") == []
    assert find(scenario, domain="TAX") == ["pair-4"]
    assert find(scenario, domain="Birds") == ["pair-1", "pair-2", "pair-3", "pair-5"]
    assert find(scenario, text="Question", domain="law") == ["pair-4"]


def test_states(scenario: Scenario) -> None:
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    ids = {row.found.key: row.found.item_id for row in all_items(scenario).items}
    actor = scenario.actor
    scenario.run_for_campaign("tone", changes.hold_items, [ids["pair-2"]], "Check it", actor)
    scenario.run_for_campaign("tone", changes.delete_items, [ids["pair-3"]], actor)
    assert {state: find(scenario, state=state) for state in ItemState} == {
        ItemState.NEW: ["pair-4"],
        ItemState.IN_PROGRESS: [],
        ItemState.COMPLETE: ["pair-1"],
        ItemState.ON_HOLD: ["pair-2"],
        ItemState.GOLD: ["pair-5"],
        ItemState.DELETED: ["pair-3"],
    }
    assert "pair-3" not in find(scenario)


def all_items(scenario: Scenario) -> ItemPage:
    """Return all items of the campaign."""
    return scenario.run_for_campaign("tone", search.search_items, ItemFilter(), limit=50)


def test_pages_show_every_item_once(scenario: Scenario) -> None:
    pages = [
        scenario.run_for_campaign("tone", search.search_items, ItemFilter(), limit=2, offset=offset)
        for offset in (0, 2, 4, 6)
    ]
    keys = [[item.found.key for item in page.items] for page in pages]
    assert keys == [["pair-1", "pair-2"], ["pair-3", "pair-4"], ["pair-5"], []]
    assert {page.total for page in pages} == {5}


def test_item_is_found_by_the_reference_of_a_task(scenario: Scenario) -> None:
    assignment = scenario.assign_next("U01")
    assert find(scenario, any_part=f"t-{assignment}") == ["pair-1"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_every_text_finds_the_item_that_has_it(scenario: Scenario, text: str) -> None:
    key = f"text-{scenario.count('item')}"
    prompt = f"{key} [{text}] end"
    scenario.import_rows("tone", [pair(9, id=key, prompt=prompt)])
    assert key in find(scenario, text=f"[{text}] end")
