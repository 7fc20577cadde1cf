"""Tables and charts: the blocks that show data, and what their cells and series must agree on."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.blockkit import wording
from bot.sandbox.blockkit.composition import BLOCK_ID
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.richtext import ELEMENTS
from bot.sandbox.blockkit.schema import (
    Choice,
    Flag,
    Json,
    ListOf,
    Number,
    Obj,
    OneOf,
    OrNull,
    Text,
    Whole,
)

# An empty cell must hold at least a space; bots report that Slack refuses an empty string.
CELL = OneOf(
    {
        "raw_text": Obj({"text": Text()}),
        "raw_number": Obj({"value": Number()}, {"text": Text()}),
        "rich_text": Obj({"elements": ELEMENTS}),
    }
)

TABLE = Obj(
    {"rows": ListOf(ListOf(CELL, 20), 100)},
    {
        "block_id": BLOCK_ID,
        "column_settings": ListOf(
            OrNull(
                Obj(optional={"align": Choice("left", "center", "right"), "is_wrapped": Flag()})
            ),
            20,
            least=0,
        ),
    },
)


def header_is_plain(table: Json) -> Iterable[Problem]:
    """The first row of a data table holds no rich text."""
    for index, cell in enumerate(table["rows"][0]):
        if cell["type"] == "rich_text":
            expected = ["raw_text", "raw_number"]
            problem = wording.unsupported_type("rich_text", expected)
            yield problem.within(index).within(0).within("rows")


def rows_are_even(table: Json) -> Iterable[Problem]:
    """All rows of a data table are as long as its header. Slack is silent; strict is safe."""
    width = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != width:
            problem = wording.too_many(width) if len(row) > width else wording.too_few(width)
            yield problem.within(index).within("rows")


def header_column_exists(table: Json) -> Iterable[Problem]:
    """`row_header_column_index` points at a column that is there."""
    last = len(table["rows"][0]) - 1
    if table.get("row_header_column_index", 0) > last:
        yield wording.too_high(last).within("row_header_column_index")


DATA_TABLE = Obj(
    {"caption": Text(), "rows": ListOf(ListOf(CELL, 20), 101, least=2)},
    {
        "block_id": BLOCK_ID,
        "page_size": Whole(1, 100),
        "row_header_column_index": Whole(0, 19),
    },
    rules=[header_is_plain, rows_are_even, header_column_exists],
)

NAME = Text(20)
SERIES = Obj(
    {"name": NAME, "data": ListOf(Obj({"label": NAME, "value": Number()}), 20)},
)
AXES = Obj(
    {"categories": ListOf(NAME, 20, unique=True)}, {"x_label": Text(50), "y_label": Text(50)}
)


def series_are_distinct(chart: Json) -> Iterable[Problem]:
    """No two series of a chart have the same name."""
    seen: set[str] = set()
    for index, series in enumerate(chart["series"]):
        if series["name"] in seen:
            yield wording.taken("name", series["name"]).within(index).within("series")
        seen.add(series["name"])


def series_fill_the_axis(chart: Json) -> Iterable[Problem]:
    """Each series has exactly one point for each category."""
    categories = sorted(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            problem = wording.not_an_option("categories")
            yield problem.within("data").within(index).within("series")


DRAWN = Obj(
    {"series": ListOf(SERIES, 6), "axis_config": AXES},
    rules=[series_are_distinct, series_fill_the_axis],
)
PIE = Obj({"segments": ListOf(Obj({"label": NAME, "value": Number(positive=True)}), 6)})

DATA_VISUALIZATION = Obj(
    {"title": Text(50), "chart": OneOf({"line": DRAWN, "bar": DRAWN, "area": DRAWN, "pie": PIE})},
    {"block_id": BLOCK_ID},
)
