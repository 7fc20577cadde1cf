"""References of tasks: unique, parsed in any spelling, and refused with similar ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.items.references import (
    UnknownItemError,
    find_item,
    parse_reference,
    reference_of,
)
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
