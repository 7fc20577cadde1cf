"""Tables for people: no formulas, flat columns, nothing empty, in CSV and in XLSX."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.exports.files import writer_of
from bot.exports.files.table_cells import escape_text
from bot.exports.formats.format import Column

FORMULA_CHARACTERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.sampled_from(FORMULA_CHARACTERS), texts, st.integers(0, 3))
def test_no_text_begins_like_a_formula(start: str, text: str, apostrophes: int) -> None:
    given_text = f"{chr(39) * apostrophes}{start}{text}"
    written = escape_text(given_text)
    assert written[0] == "'"
    assert written.lstrip("'")[:1] not in ("\r", "\0")


@given(st.lists(texts, min_size=2, max_size=2, unique=True))
@example(["\r", "_x000D_"])
@example(["'=", "="])
@example(["_x005F_", "_"])
def test_different_texts_stay_different(pair: list[str]) -> None:
    assert escape_text(pair[0]) != escape_text(pair[1])


COLUMNS = (
    Column("item", "text", ""),
    Column("draft", "text", ""),
    Column("points", "scores", "", criteria=("humor", "tone")),
    Column("ranked", "texts", ""),
    Column("seconds", "integer", ""),
)
ROWS: list[dict[str, object]] = [
    {"item": "=1+1", "draft": "", "points": {"humor": 2.5}, "ranked": [], "seconds": 0},
    {"item": "#REF!", "draft": "", "points": {"tone": 1}, "ranked": ["-x", "y"], "seconds": 7},
]
HEADER = ["item", "points.humor", "points.tone", "ranked.1", "ranked.2", "seconds"]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Return the path of spooled rows."""
    path = tmp_path / "rows"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in ROWS))
    return path


def test_csv_has_flat_columns_without_empty_ones(lines: Path, tmp_path: Path) -> None:
    writer_of("csv")(lines, COLUMNS, tmp_path / "data.csv")
    assert (tmp_path / "data.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            HEADER,
            ["'=1+1", "2.5", "", "", "", "0"],
            ["#REF!", "", "1", "'-x", "y", "7"],
        ]


def test_xlsx_has_numbers_as_numbers_and_no_formula_or_error(lines: Path, tmp_path: Path) -> None:
    writer_of("xlsx")(lines, COLUMNS, tmp_path / "data.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "data.xlsx").active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        HEADER,
        ["'=1+1", 2.5, None, None, None, 0],
        ["#REF!", None, 1, "'-x", "y", 7],
    ]
    types = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert types == {"s", "n"}
    assert sheet.freeze_panes == "A2"


def test_tables_without_rows_have_a_header_of_no_columns(tmp_path: Path) -> None:
    (tmp_path / "rows").touch()
    for name in ("csv", "xlsx"):
        writer_of(name)(tmp_path / "rows", COLUMNS[:2], tmp_path / name)
        assert (tmp_path / name).is_file()
