"""Parquet written while rows are spooled: the same bytes, or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.exports.files import parquet
from bot.exports.files.parquet_follower import ParquetFollower
from bot.exports.formats.format import Column, ExportRow
from bot.exports.json_lines import BATCH_BYTES, dump_line

COLUMNS = (Column("text", "text", "a text"), Column("chosen", "messages", "one message"))

ROWS_PER_STEP = 700


def make_rows(count: int) -> list[ExportRow]:
    """Return rows of a kilobyte each."""
    return [
        {"text": f"{number} ü " * 90, "chosen": [{"role": "user", "content": f"{number}"}]}
        for number in range(count)
    ]


def spool(folder: Path, rows: Sequence[ExportRow], columns: Sequence[Column]) -> bool:
    """Write rows step by step beside a follower; return whether it wrote `followed`."""
    lines = folder / "lines"
    lines.touch()
    follower = ParquetFollower(lines, COLUMNS, folder / "followed")
    with lines.open("wb") as file:
        for start in range(0, len(rows), ROWS_PER_STEP):
            for row in rows[start : start + ROWS_PER_STEP]:
                file.write(dump_line(row))
            file.flush()
            follower.advance(file.tell())
    return follower.finish(columns)


@pytest.mark.parametrize("count", [0, 1, 14_000])
def test_followed_file_has_the_bytes_of_one_written_afterwards(tmp_path: Path, count: int) -> None:
    assert spool(tmp_path, make_rows(count), COLUMNS)
    assert count < 2 or (tmp_path / "lines").stat().st_size > 2 * BATCH_BYTES
    parquet.write(tmp_path / "lines", COLUMNS, tmp_path / "afterwards")
    assert (tmp_path / "followed").read_bytes() == (tmp_path / "afterwards").read_bytes()


def test_file_with_other_columns_is_removed(tmp_path: Path) -> None:
    rows = make_rows(6_000)
    rows[-1]["chosen"] = [{"role": "user", "content": "Hi", "name": "ada"}]
    with_name = (COLUMNS[0], Column("chosen", "messages", "one message", message_keys=("name",)))
    assert not spool(tmp_path, rows, with_name)
    assert not (tmp_path / "followed").exists()


def test_row_that_does_not_fit_leaves_no_file(tmp_path: Path) -> None:
    assert not spool(tmp_path, [{"text": "a", "chosen": [], "other": 1}], COLUMNS)
    assert not (tmp_path / "followed").exists()


def test_stopped_follower_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(b"".join(map(dump_line, make_rows(14_000))))
    with ParquetFollower(tmp_path / "lines", COLUMNS, tmp_path / "followed") as follower:
        pass
    assert not follower.finish(COLUMNS)
    assert not (tmp_path / "followed").exists()
