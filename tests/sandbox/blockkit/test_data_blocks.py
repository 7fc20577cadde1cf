"""Tables and charts: what their rows, cells, series and axes agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CaseMaker = Callable[[str], Any]


def words(count: int) -> list[dict[str, object]]:
    return [{"type": "raw_text", "text": str(number)} for number in range(count)]


def test_a_data_table_has_at_most_twenty_columns(case: CaseMaker) -> None:
    made = case("blocks/data_table")
    made.put("rows", [words(20), words(20)])
    made.put("row_header_column_index", 19)
    assert made.found() == []
    made.put("rows", [words(21), words(21)])
    assert made.found() == [f"no more than 20 items allowed @ /0/rows/{row}" for row in (0, 1)]


def test_the_column_of_row_headers_exists(case: CaseMaker) -> None:
    made = case("blocks/data_table")
    made.put("row_header_column_index", 1)
    assert made.found() == ["must be less than 0 @ /0/row_header_column_index"]
    made.put("row_header_column_index", 20)
    assert made.found() == ["must be less than 19 @ /0/row_header_column_index"]


def test_the_header_of_a_data_table_is_not_rich(case: CaseMaker) -> None:
    made = case("blocks/data_table")
    rich = {"type": "rich_text", "elements": []}
    made.put("rows/1/0", rich)
    assert made.found() == []
    made.put("rows/0/0", rich)
    assert made.found() == ["unsupported type: rich_text @ /0/rows/0/0/type"]


def test_the_rows_of_a_data_table_are_even(case: CaseMaker) -> None:
    made = case("blocks/data_table")
    made.put("rows", [words(2), words(1), words(2), words(3)])
    assert made.found() == [
        "must provide at least 2 items @ /0/rows/1",
        "no more than 2 items allowed @ /0/rows/3",
    ]


def test_the_rows_of_a_table_may_be_uneven(case: CaseMaker) -> None:
    made = case("blocks/table")
    made.put("rows", [words(2), words(1)])
    assert made.found() == []


@pytest.mark.parametrize(
    ("cell", "complaint"),
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
def test_a_cell_is_text_a_number_or_rich(
    kind: str, cell: object, complaint: str, case: CaseMaker
) -> None:
    made = case(f"blocks/{kind}")
    made.put("rows/0/0", cell)
    assert made.found() == [complaint.format("/0/rows/0/0")]


def chart(made: Any, names: list[str], categories: list[str]) -> None:  # noqa: ANN401  a case
    points = [{"label": label, "value": 1} for label in categories]
    made.put("chart/series", [{"name": name, "data": points} for name in names])
    made.put("chart/axis_config/categories", categories)


LETTERS = [chr(ord("a") + number) for number in range(21)]


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_a_chart_has_six_series_of_twenty_points(kind: str, case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    made.put("chart/type", kind)
    chart(made, LETTERS[:6], LETTERS[:20])
    assert made.found() == []
    chart(made, LETTERS[:7], ["Mon"])
    assert made.found() == ["no more than 6 items allowed @ /0/chart/series"]
    chart(made, [], ["Mon"])
    assert made.found() == ["must provide at least 1 items @ /0/chart/series"]
    chart(made, ["A"], LETTERS[:21])
    assert made.found() == [
        "no more than 20 items allowed @ /0/chart/series/0/data",
        "no more than 20 items allowed @ /0/chart/axis_config/categories",
    ]


def test_the_labels_of_a_chart_are_short(case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    chart(made, ["A"], ["x" * 20])
    assert made.found() == []
    chart(made, ["A"], ["x" * 21])
    assert made.found() == [
        "must be less than 21 characters @ /0/chart/series/0/data/0/label",
        "must be less than 21 characters @ /0/chart/axis_config/categories/0",
    ]


def test_no_two_series_have_the_same_name(case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    chart(made, ["A", "B", "A"], ["Mon"])
    assert made.found() == ['`name` "A" already exists @ /0/chart/series/2/name']


@pytest.mark.parametrize("labels", [["Mon"], ["Mon", "Wed"], ["Mon", "Mon"], ["Mon", "Tue", "Wed"]])
def test_a_series_has_a_point_for_each_category(labels: list[str], case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    chart(made, ["A"], ["Tue", "Mon"])
    assert made.found() == []
    made.put("chart/series/0/data", [{"label": label, "value": 1} for label in labels])
    assert made.found() == ["must match one of `categories` exactly @ /0/chart/series/0/data"]


def test_no_category_comes_twice(case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    chart(made, ["A"], ["Mon", "Mon"])
    assert made.found() == ["Input contains duplicate items @ /0/chart/axis_config/categories"]


@pytest.mark.parametrize("value", [0, -1, -0.5])
def test_a_slice_of_a_pie_is_more_than_nothing(value: float, case: CaseMaker) -> None:
    made = case("blocks/data_visualization/pie")
    made.put("chart/segments/0/value", value)
    assert made.found() == ["must be greater than 0 @ /0/chart/segments/0/value"]


def test_other_charts_may_go_below_zero(case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    made.put("chart/series/0/data/0/value", -1)
    assert made.found() == []


def test_a_pie_has_no_axes(case: CaseMaker) -> None:
    made = case("blocks/data_visualization")
    made.put("chart/type", "pie")
    assert made.found() == ["missing required field: segments @ /0/chart"]
