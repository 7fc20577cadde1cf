"""References of tasks: unique, parsed in any spelling, and refused with similar ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot.services.items.references import (
    UnknownItemError,
    find_item,
    parse_reference,
    reference_of,
    short_key,
)
from storage.queries import item_search
from storage.queries.item_search import FoundItem, ItemFilter
from storage.row_id import id_of
from storage.tables import Campaign
from tests.services.conftest import Scenario, pair


@given(st.integers(1, 2**31 - 1))
def test_reference_names_its_assignment(number: int) -> None:
    assert parse_reference(reference_of(number)) == number
    assert parse_reference(f" t{number} ") == number


@pytest.mark.parametrize(
    "text", ["", "T-", "T-0", "T-9999999999", "1204", "T-12a", "XT-12", "T--1"]
)
def test_other_texts_are_no_references(text: str) -> None:
    assert parse_reference(text) is None


def test_item_is_found_by_id_first(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(1), pair(2, id="T-1")])
    assert scenario.assign_next("U01") == 1
    assert scenario.run_for_campaign("tone", find_item, "T-1") == 2
    assert scenario.run_for_campaign("tone", find_item, "t1") == 1


def test_reference_of_another_campaign_is_unknown(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.create_campaign("other")
    scenario.import_rows("tone", [pair(1)])
    held = scenario.assign_next("U01") or 0
    with pytest.raises(UnknownItemError, match="labelbot items list other"):
        scenario.run_for_campaign("other", find_item, reference_of(held))


def test_id_in_the_file_is_shown_as_it_is_and_another_one_short() -> None:
    assert short_key("joke-7") == "joke-7"
    assert short_key("x" * 100) == "x" * 80
    assert short_key("0123456789abcdef" * 2) == "01234567"


def test_item_without_an_id_in_the_file_is_found_by_its_short_id(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    rows = [{key: value for key, value in pair(n).items() if key != "id"} for n in (1, 2, 3)]
    scenario.import_rows("tone", rows)
    scenario.import_rows("tone", [pair(4, id="deadbeef1")])
    keys = [item.key for item in scenario.run_for_campaign("tone", _all_items)]
    assert [len(key) for key in keys] == [32, 32, 32, 9]
    found = [scenario.run_for_campaign("tone", find_item, short_key(key)) for key in keys]
    assert found == [1, 2, 3, 4]
    for text in (keys[0][:7], keys[0][1:9], "deadbeef"):
        with pytest.raises(UnknownItemError):
            scenario.run_for_campaign("tone", find_item, text)


def _all_items(session: Session, campaign: Campaign) -> list[FoundItem]:
    return item_search.find_items(session, id_of(campaign), ItemFilter(), limit=10)
