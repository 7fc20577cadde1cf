"""Column selection: some columns of spooled rows, in the given order."""

from __future__ import annotations

from pathlib import Path

import orjson

from bot.exports.files.column_selection import select_columns
from bot.exports.formats.format import ExportRow
from bot.exports.json_lines import dump_line


def test_rows_have_the_selected_columns_in_order_with_their_values(tmp_path: Path) -> None:
    rows: list[ExportRow] = [
        {"item": "a\u2028", "margin": 0.1, "votes": 2, "messages": [{"role": "user"}]},
        {"item": "2026-03-01", "margin": 1e-7, "votes": 0, "messages": []},
    ]
    (tmp_path / "rows").write_bytes(b"".join(map(dump_line, rows)))
    select_columns(tmp_path / "rows", ("margin", "item"), tmp_path / "selection")
    lines = (tmp_path / "selection").read_text(encoding="utf-8").splitlines()
    expected = [{"margin": row["margin"], "item": row["item"]} for row in rows]
    assert [orjson.loads(line) for line in lines] == expected
    assert all(list(orjson.loads(line)) == ["margin", "item"] for line in lines)
