"""Tables and charts: the blocks that show data, and what their cells and series must agree on."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.blockkit import error_messages
from bot.sandbox.blockkit.composition import BLOCK_ID
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.rich_text import ELEMENTS
from bot.sandbox.blockkit.schema import (
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

# An empty cell must hold at least a space; bots report that Slack refuses an empty string.
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
            least=0,
        ),
    },
)


def check_header_cells(table: Json) -> Iterable[Problem]:
    """The first row of a data table holds no rich text."""
    for index, cell in enumerate(table["rows"][0]):
        if cell["type"] == "rich_text":
            expected = ["raw_text", "raw_number"]
            problem = error_messages.unsupported_type("rich_text", expected)
            yield problem.within(index).within(0).within("rows")


def check_row_lengths(table: Json) -> Iterable[Problem]:
    """All rows of a data table are as long as its header. Slack is silent; strict is safe."""
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
    """`row_header_column_index` points at a column that is there."""
    last = len(table["rows"][0]) - 1
    if table.get("row_header_column_index", 0) > last:
        yield error_messages.too_high(last).within("row_header_column_index")


DATA_TABLE = ObjectSchema(
    {"caption": StringSchema(), "rows": ListSchema(ListSchema(CELL, 20), 101, least=2)},
    {
        "block_id": BLOCK_ID,
        "page_size": IntegerSchema(1, 100),
        "row_header_column_index": IntegerSchema(0, 19),
    },
    rules=[check_header_cells, check_row_lengths, check_header_column],
)

NAME = StringSchema(20)
SERIES = ObjectSchema(
    {"name": NAME, "data": ListSchema(ObjectSchema({"label": NAME, "value": NumberSchema()}), 20)},
)
AXES = ObjectSchema(
    {"categories": ListSchema(NAME, 20, unique=True)},
    {"x_label": StringSchema(50), "y_label": StringSchema(50)},
)


def check_series_names(chart: Json) -> Iterable[Problem]:
    """No two series of a chart have the same name."""
    seen: set[str] = set()
    for index, series in enumerate(chart["series"]):
        if series["name"] in seen:
            yield (
                error_messages.already_exists("name", series["name"]).within(index).within("series")
            )
        seen.add(series["name"])


def check_series_points(chart: Json) -> Iterable[Problem]:
    """Each series has exactly one point for each category."""
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
    {"segments": ListSchema(ObjectSchema({"label": NAME, "value": NumberSchema(positive=True)}), 6)}
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
