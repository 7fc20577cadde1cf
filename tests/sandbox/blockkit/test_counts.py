"""Limits on the length of lists and on integers.

The tables repeat Slack's documentation by hand.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

CaseMaker = Callable[[str], Any]
UpperLimits = Callable[[str], set[tuple[str, str, int]]]

# The minimum and maximum number of items. The lists of charts and data tables depend on each other
# and are tested in test_data_blocks.py.
LIST_LENGTHS: list[tuple[str, str, int, int]] = [
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

# The minimum and maximum of integer fields.
RANGES: list[tuple[str, str, int, int]] = [
    ("blocks/data_table", "page_size", 1, 100),
    ("blocks/header", "level", 1, 4),
    ("elements/datetimepicker", "initial_date_time", 1_000_000_000, 9_999_999_999),
    ("elements/plain_text_input", "max_length", 1, 3000),
    ("elements/plain_text_input", "min_length", 0, 3000),
    ("elements/rich_text_input", "min_lines", 1, 100),
    ("elements/rich_text_input", "max_lines", 1, 100),
    ("elements/file_input", "max_files", 1, 10),
    ("inline/emoji", "skin_tone", 1, 6),
    ("containers/rich_text_list", "indent", 0, 8),
]


def copy_items(case: Any, path: str, count: int) -> list[Any]:  # noqa: ANN401 - an ExampleCase
    """Return `count` copies of the first item at `path`, with unique action_ids."""
    copies = [copy.deepcopy(case.get(path)[0]) for _ in range(count)]
    for index, item in enumerate(copies):
        if isinstance(item, dict) and "action_id" in item:
            item["action_id"] = f"a{index}"
    return copies


@pytest.mark.parametrize(("owner", "path", "minimum", "maximum"), LIST_LENGTHS)
def test_list_length_is_limited(
    owner: str, path: str, minimum: int, maximum: int, make_example_case: CaseMaker
) -> None:
    case = make_example_case(owner)
    for field in ("initial_option", "initial_options"):
        case.target.pop(field, None)
    items = copy_items(case, path, maximum + 1)
    pointer = f"{case.pointer}/{path}"
    for count in (minimum, maximum):
        case.replace(path, items[:count])
        assert case.problem_lines() == []
    case.replace(path, items)
    assert case.problem_lines() == [f"no more than {maximum} items allowed @ {pointer}"]
    if minimum:
        case.replace(path, items[: minimum - 1])
        assert case.problem_lines() == [f"must provide at least {minimum} items @ {pointer}"]


@pytest.mark.parametrize(("owner", "path", "minimum", "maximum"), RANGES)
def test_integer_range_is_enforced(
    owner: str, path: str, minimum: int, maximum: int, make_example_case: CaseMaker
) -> None:
    case = make_example_case(owner)
    for field in ("initial_value", "min_length", "max_length", "min_lines", "max_lines"):
        case.target.pop(field, None)
    if path == "min_lines":
        case.target["max_lines"] = maximum
    pointer = f"{case.pointer}/{path}"
    for value in (minimum, maximum):
        case.replace(path, value)
        assert case.problem_lines() == []
    case.replace(path, minimum - 1)
    assert case.problem_lines() == [f"must be greater than {minimum} @ {pointer}"]
    case.replace(path, maximum + 1)
    assert case.problem_lines() == [f"must be less than {maximum} @ {pointer}"]


# Integer fields without an upper bound.
MINIMUMS: list[tuple[str, str, int]] = [
    ("elements/multi_external_select", "max_selected_items", 1),
    ("elements/external_select", "min_query_length", 0),
    ("elements/multi_external_select", "min_query_length", 0),
    ("inline/date", "timestamp", 0),
    ("inline/citation", "index", 0),
    ("containers/rich_text_list", "offset", 0),
    ("blocks/data_table", "row_header_column_index", 0),
]


@pytest.mark.parametrize(("owner", "path", "minimum"), MINIMUMS)
def test_integer_minimum_is_enforced(
    owner: str, path: str, minimum: int, make_example_case: CaseMaker
) -> None:
    case = make_example_case(owner)
    case.replace(path, minimum)
    assert case.problem_lines() == []
    case.replace(path, minimum - 1)
    assert case.problem_lines() == [f"must be greater than {minimum} @ {case.pointer}/{path}"]


# Lists that may be empty.
OPTIONAL_LISTS: list[tuple[str, str]] = [
    ("blocks/rich_text", "elements"),
    ("blocks/table", "column_settings"),
    ("elements/workflow_button", "workflow/trigger/customizable_input_parameters"),
    ("containers/rich_text_section", "elements"),
    ("containers/rich_text_preformatted", "elements"),
    ("containers/rich_text_quote", "elements"),
]


@pytest.mark.parametrize(("owner", "path"), OPTIONAL_LISTS)
def test_some_lists_may_be_empty(owner: str, path: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    case.replace(path, [])
    assert case.problem_lines() == []


@pytest.mark.parametrize(("owner", "path"), [(owner, path) for owner, path, _, _ in RANGES])
def test_integer_field_rejects_other_types(
    owner: str, path: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(owner)
    for value in ("5", 1.0, True):
        case.replace(path, value)
        problem_line = f"must provide an integer @ {case.pointer}/{path}"
        assert case.problem_lines() == [problem_line], value


# Tested with the lists they depend on, in test_data_blocks.py.
TESTED_ELSEWHERE = {
    ("blocks/data_table", "rows/0", 20),
    ("blocks/data_visualization", "chart/axis_config/categories", 20),
    ("blocks/data_visualization", "chart/series", 6),
    ("blocks/data_visualization", "chart/series/0/data", 20),
    ("blocks/data_table", "row_header_column_index", 19),
}


def test_no_limit_is_untested(list_upper_limits: UpperLimits) -> None:
    tested = {
        ("/".join(owner.split("/")[:2]), path, maximum)
        for owner, path, _, maximum in LIST_LENGTHS + RANGES
    }
    assert (
        list_upper_limits("ListSchema") | list_upper_limits("IntegerSchema")
    ) - tested == TESTED_ELSEWHERE
