"""Schemas of table and chart blocks, and rules on their rows and series."""

from __future__ import annotations

from collections.abc import Iterable

from . import error_messages
from .composition import BLOCK_ID
from .problems import Problem
from .rich_text import ELEMENTS
from .schema import (
    BooleanSchema,
    EnumSchema,
    IntegerSchema,
    Json,
    ListSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    OneOfSchema,
    StringSchema,
)

# An empty cell needs at least a space: app developers report that Slack rejects an empty string.
CELL = OneOfSchema(
    {
        "raw_text": ObjectSchema({"text": StringSchema()}),
        "raw_number": ObjectSchema({"value": NumberSchema()}, {"text": StringSchema()}),
        "rich_text": ObjectSchema({"elements": ELEMENTS}),
    }
)

TABLE = ObjectSchema(
    {"rows": ListSchema(ListSchema(CELL, 20), 100)},
    {
        "block_id": BLOCK_ID,
        "column_settings": ListSchema(
            NullableSchema(
                ObjectSchema(
                    optional={
                        "align": EnumSchema("left", "center", "right"),
                        "is_wrapped": BooleanSchema(),
                    }
                )
            ),
            20,
            min_items=0,
        ),
    },
)


def check_header_cells(table: Json) -> Iterable[Problem]:
    """Check that the header row of a data table has no rich text."""
    for index, cell in enumerate(table["rows"][0]):
        if cell["type"] == "rich_text":
            expected = ["raw_text", "raw_number"]
            problem = error_messages.unsupported_type("rich_text", expected)
            yield problem.within(index).within(0).within("rows")


def check_row_lengths(table: Json) -> Iterable[Problem]:
    """Check that all rows of a data table are as long as its header.

    Slack does not document this; being strict is safe.
    """
    width = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != width:
            problem = (
                error_messages.too_many(width)
                if len(row) > width
                else error_messages.too_few(width)
            )
            yield problem.within(index).within("rows")


def check_header_column(table: Json) -> Iterable[Problem]:
    """Check that `row_header_column_index` is the index of an existing column."""
    last_index = len(table["rows"][0]) - 1
    if table.get("row_header_column_index", 0) > last_index:
        yield error_messages.too_high(last_index).within("row_header_column_index")


DATA_TABLE = ObjectSchema(
    {"caption": StringSchema(), "rows": ListSchema(ListSchema(CELL, 20), 101, min_items=2)},
    {
        "block_id": BLOCK_ID,
        "page_size": IntegerSchema(1, 100),
        "row_header_column_index": IntegerSchema(0, 19),
    },
    rules=[check_header_cells, check_row_lengths, check_header_column],
)

CHART_LABEL = StringSchema(20)
SERIES = ObjectSchema(
    {
        "name": CHART_LABEL,
        "data": ListSchema(ObjectSchema({"label": CHART_LABEL, "value": NumberSchema()}), 20),
    },
)
AXES = ObjectSchema(
    {"categories": ListSchema(CHART_LABEL, 20, unique=True)},
    {"x_label": StringSchema(50), "y_label": StringSchema(50)},
)


def check_series_names(chart: Json) -> Iterable[Problem]:
    """Check that the names of a chart's series are unique."""
    seen: set[str] = set()
    for index, series in enumerate(chart["series"]):
        if series["name"] in seen:
            yield (
                error_messages.already_exists("name", series["name"]).within(index).within("series")
            )
        seen.add(series["name"])


def check_series_points(chart: Json) -> Iterable[Problem]:
    """Check that each series has exactly one point per category."""
    categories = sorted(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            problem = error_messages.not_an_option("categories")
            yield problem.within("data").within(index).within("series")


SERIES_CHART = ObjectSchema(
    {"series": ListSchema(SERIES, 6), "axis_config": AXES},
    rules=[check_series_names, check_series_points],
)
PIE_CHART = ObjectSchema(
    {
        "segments": ListSchema(
            ObjectSchema({"label": CHART_LABEL, "value": NumberSchema(positive=True)}), 6
        )
    }
)

DATA_VISUALIZATION = ObjectSchema(
    {
        "title": StringSchema(50),
        "chart": OneOfSchema(
            {"line": SERIES_CHART, "bar": SERIES_CHART, "area": SERIES_CHART, "pie": PIE_CHART}
        ),
    },
    {"block_id": BLOCK_ID},
)
