"""How many items each list may have, and between which bounds each number must be.

The tables are Slack's, written out by hand.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

CaseMaker = Callable[[str], Any]
Limits = Callable[[str], set[tuple[str, str, int]]]

# How many items a list must and may have. The limits of charts and data tables, whose lists
# depend on each other, are tested with them.
ITEMS: list[tuple[str, str, int, int]] = [
    ("blocks/actions", "elements", 1, 25),
    ("blocks/card", "actions", 1, 3),
    ("blocks/carousel", "elements", 1, 10),
    ("blocks/container", "child_blocks", 1, 10),
    ("blocks/context", "elements", 1, 10),
    ("blocks/context_actions", "elements", 1, 5),
    ("blocks/section", "fields", 1, 10),
    ("blocks/table", "rows", 1, 100),
    ("blocks/table", "rows/0", 1, 20),
    ("blocks/table", "column_settings", 0, 20),
    ("blocks/data_table", "rows", 2, 101),
    ("blocks/data_visualization/pie", "chart/segments", 1, 6),
    ("elements/checkboxes", "options", 1, 10),
    ("elements/radio_buttons", "options", 1, 10),
    ("elements/static_select", "options", 1, 100),
    ("elements/static_select/groups", "option_groups", 1, 100),
    ("elements/static_select/groups", "option_groups/0/options", 1, 100),
    ("elements/multi_static_select", "options", 1, 100),
    ("elements/multi_static_select/groups", "option_groups", 1, 100),
    ("elements/multi_static_select/groups", "option_groups/0/options", 1, 100),
    ("elements/overflow", "options", 1, 5),
    ("views/modal", "blocks", 1, 100),
    ("views/home", "blocks", 1, 100),
]

# Between which whole numbers a field must be.
RANGES: list[tuple[str, str, int, int]] = [
    ("blocks/data_table", "page_size", 1, 100),
    ("blocks/header", "level", 1, 4),
    ("elements/datetimepicker", "initial_date_time", 1_000_000_000, 9_999_999_999),
    ("elements/plain_text_input", "max_length", 1, 3000),
    ("elements/plain_text_input", "min_length", 0, 3000),
    ("elements/rich_text_input", "min_lines", 1, 100),
    ("elements/rich_text_input", "max_lines", 1, 100),
    ("elements/file_input", "max_files", 1, 10),
    ("leaves/emoji", "skin_tone", 1, 6),
    ("containers/rich_text_list", "indent", 0, 8),
]


def items(made: Any, path: str, count: int) -> list[Any]:  # noqa: ANN401  a case of any kind
    """Return `count` copies of the first item at `path`, with action_ids of their own."""
    copies = [copy.deepcopy(made.get(path)[0]) for _ in range(count)]
    for index, item in enumerate(copies):
        if isinstance(item, dict) and "action_id" in item:
            item["action_id"] = f"a{index}"
    return copies


@pytest.mark.parametrize(("owner", "path", "least", "most"), ITEMS)
def test_a_list_has_as_many_items_as_it_may(
    owner: str, path: str, least: int, most: int, case: CaseMaker
) -> None:
    made = case(owner)
    for field in ("initial_option", "initial_options"):
        made.target.pop(field, None)
    original = items(made, path, most + 1)
    pointer = f"{made.pointer}/{path}"
    for count in (least, most):
        made.put(path, original[:count])
        assert made.found() == []
    made.put(path, original)
    assert made.found() == [f"no more than {most} items allowed @ {pointer}"]
    if least:
        made.put(path, original[: least - 1])
        assert made.found() == [f"must provide at least {least} items @ {pointer}"]


@pytest.mark.parametrize(("owner", "path", "least", "most"), RANGES)
def test_a_number_stays_within_its_range(
    owner: str, path: str, least: int, most: int, case: CaseMaker
) -> None:
    made = case(owner)
    for field in ("initial_value", "min_length", "max_length", "min_lines", "max_lines"):
        made.target.pop(field, None)
    if path == "min_lines":
        made.target["max_lines"] = most
    pointer = f"{made.pointer}/{path}"
    for value in (least, most):
        made.put(path, value)
        assert made.found() == []
    made.put(path, least - 1)
    assert made.found() == [f"must be greater than {least} @ {pointer}"]
    made.put(path, most + 1)
    assert made.found() == [f"must be less than {most} @ {pointer}"]


# Whole numbers without an upper bound.
FROM: list[tuple[str, str, int]] = [
    ("elements/multi_external_select", "max_selected_items", 1),
    ("elements/external_select", "min_query_length", 0),
    ("elements/multi_external_select", "min_query_length", 0),
    ("leaves/date", "timestamp", 0),
    ("leaves/citation", "index", 0),
    ("containers/rich_text_list", "offset", 0),
    ("blocks/data_table", "row_header_column_index", 0),
]


@pytest.mark.parametrize(("owner", "path", "least"), FROM)
def test_a_number_starts_somewhere(owner: str, path: str, least: int, case: CaseMaker) -> None:
    made = case(owner)
    made.put(path, least)
    assert made.found() == []
    made.put(path, least - 1)
    assert made.found() == [f"must be greater than {least} @ {made.pointer}/{path}"]


# Lists that may be empty.
EMPTY: list[tuple[str, str]] = [
    ("blocks/rich_text", "elements"),
    ("blocks/table", "column_settings"),
    ("elements/workflow_button", "workflow/trigger/customizable_input_parameters"),
    ("containers/rich_text_section", "elements"),
    ("containers/rich_text_preformatted", "elements"),
    ("containers/rich_text_quote", "elements"),
]


@pytest.mark.parametrize(("owner", "path"), EMPTY)
def test_some_lists_may_be_empty(owner: str, path: str, case: CaseMaker) -> None:
    made = case(owner)
    made.put(path, [])
    assert made.found() == []


@pytest.mark.parametrize(("owner", "path"), [(owner, path) for owner, path, _, _ in RANGES])
@pytest.mark.parametrize("value", ["5", 1.0, True])
def test_a_whole_number_is_nothing_else(
    owner: str, path: str, value: object, case: CaseMaker
) -> None:
    made = case(owner)
    made.put(path, value)
    assert made.found() == [f"must provide an integer @ {made.pointer}/{path}"]


# Tested with what they depend on, in the tests of charts.
ELSEWHERE = {
    ("blocks/data_table", "rows/0", 20),
    ("blocks/data_visualization", "chart/axis_config/categories", 20),
    ("blocks/data_visualization", "chart/series", 6),
    ("blocks/data_visualization", "chart/series/0/data", 20),
    ("blocks/data_table", "row_header_column_index", 19),
}


def test_no_limit_is_left_untested(limits: Limits) -> None:
    tested = {
        ("/".join(owner.split("/")[:2]), path, most) for owner, path, _, most in ITEMS + RANGES
    }
    assert (limits("ListOf") | limits("Whole")) - tested == ELSEWHERE
