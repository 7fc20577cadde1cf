"""Tables and charts: rows, cells, series and axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CaseMaker = Callable[[str], Any]


def text_cells(count: int) -> list[dict[str, object]]:
    return [{"type": "raw_text", "text": str(number)} for number in range(count)]


def test_data_table_has_at_most_twenty_columns(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_table")
    case.replace("rows", [text_cells(20), text_cells(20)])
    case.replace("row_header_column_index", 19)
    assert case.problem_lines() == []
    case.replace("rows", [text_cells(21), text_cells(21)])
    assert case.problem_lines() == [
        f"no more than 20 items allowed @ /0/rows/{row}" for row in (0, 1)
    ]


def test_row_header_column_must_exist(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_table")
    case.replace("row_header_column_index", 1)
    assert case.problem_lines() == ["must be less than 0 @ /0/row_header_column_index"]
    case.replace("row_header_column_index", 20)
    assert case.problem_lines() == ["must be less than 19 @ /0/row_header_column_index"]


def test_data_table_header_rejects_rich_text(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_table")
    rich_text = {"type": "rich_text", "elements": []}
    case.replace("rows/1/0", rich_text)
    assert case.problem_lines() == []
    case.replace("rows/0/0", rich_text)
    assert case.problem_lines() == ["unsupported type: rich_text @ /0/rows/0/0/type"]


def test_data_table_rows_have_equal_length(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_table")
    case.replace("rows", [text_cells(2), text_cells(1), text_cells(2), text_cells(3)])
    assert case.problem_lines() == [
        "must provide at least 2 items @ /0/rows/1",
        "no more than 2 items allowed @ /0/rows/3",
    ]


def test_table_rows_may_differ_in_length(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/table")
    case.replace("rows", [text_cells(2), text_cells(1)])
    assert case.problem_lines() == []


@pytest.mark.parametrize(
    ("cell", "problem_line"),
    [
        ({"type": "raw_text"}, "missing required field: text @ {}"),
        ({"type": "raw_text", "text": ""}, "must be more than 0 characters @ {}/text"),
        ({"type": "raw_number", "text": "1"}, "missing required field: value @ {}"),
        ({"type": "raw_number", "value": "1"}, "must provide a number @ {}/value"),
        ({"type": "raw_number", "value": True}, "must provide a number @ {}/value"),
        ({"type": "raw_number", "value": float("nan")}, "must provide a number @ {}/value"),
        ({"type": "rich_text"}, "missing required field: elements @ {}"),
        (
            {"type": "rich_text", "elements": [], "block_id": "b"},
            "invalid additional property: block_id @ {}",
        ),
        ({"type": "button"}, "unsupported type: button @ {}/type"),
        ("text", "must provide an object @ {}"),
    ],
)
@pytest.mark.parametrize("kind", ["table", "data_table"])
def test_cell_is_text_number_or_rich_text(
    kind: str, cell: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"blocks/{kind}")
    case.replace("rows/0/0", cell)
    assert case.problem_lines() == [problem_line.format("/0/rows/0/0")]


def set_series(case: Any, names: list[str], categories: list[str]) -> None:  # noqa: ANN401 - an ExampleCase
    points = [{"label": label, "value": 1} for label in categories]
    case.replace("chart/series", [{"name": name, "data": points} for name in names])
    case.replace("chart/axis_config/categories", categories)


LETTERS = [chr(ord("a") + number) for number in range(21)]


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_chart_has_at_most_six_series_of_twenty_points(
    kind: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("blocks/data_visualization")
    case.replace("chart/type", kind)
    set_series(case, LETTERS[:6], LETTERS[:20])
    assert case.problem_lines() == []
    set_series(case, LETTERS[:7], ["Mon"])
    assert case.problem_lines() == ["no more than 6 items allowed @ /0/chart/series"]
    set_series(case, [], ["Mon"])
    assert case.problem_lines() == ["must provide at least 1 items @ /0/chart/series"]
    set_series(case, ["A"], LETTERS[:21])
    assert case.problem_lines() == [
        "no more than 20 items allowed @ /0/chart/series/0/data",
        "no more than 20 items allowed @ /0/chart/axis_config/categories",
    ]


def test_chart_labels_have_at_most_twenty_characters(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization")
    set_series(case, ["A"], ["x" * 20])
    assert case.problem_lines() == []
    set_series(case, ["A"], ["x" * 21])
    assert case.problem_lines() == [
        "must be less than 21 characters @ /0/chart/series/0/data/0/label",
        "must be less than 21 characters @ /0/chart/axis_config/categories/0",
    ]


def test_series_names_are_unique(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization")
    set_series(case, ["A", "B", "A"], ["Mon"])
    assert case.problem_lines() == ['`name` "A" already exists @ /0/chart/series/2/name']


@pytest.mark.parametrize("labels", [["Mon"], ["Mon", "Wed"], ["Mon", "Mon"], ["Mon", "Tue", "Wed"]])
def test_series_has_one_point_per_category(labels: list[str], make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization")
    set_series(case, ["A"], ["Tue", "Mon"])
    assert case.problem_lines() == []
    case.replace("chart/series/0/data", [{"label": label, "value": 1} for label in labels])
    assert case.problem_lines() == [
        "must match one of `categories` exactly @ /0/chart/series/0/data"
    ]


def test_categories_are_unique(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization")
    set_series(case, ["A"], ["Mon", "Mon"])
    assert case.problem_lines() == [
        "Input contains duplicate items @ /0/chart/axis_config/categories"
    ]


@pytest.mark.parametrize("value", [0, -1, -0.5])
def test_pie_segment_must_be_positive(value: float, make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization/pie")
    case.replace("chart/segments/0/value", value)
    assert case.problem_lines() == ["must be greater than 0 @ /0/chart/segments/0/value"]


def test_other_chart_values_may_be_negative(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization")
    case.replace("chart/series/0/data/0/value", -1)
    assert case.problem_lines() == []


def test_pie_chart_needs_segments(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/data_visualization")
    case.replace("chart/type", "pie")
    assert case.problem_lines() == ["missing required field: segments @ /0/chart"]
