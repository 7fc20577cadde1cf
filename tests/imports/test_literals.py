"""Lists and objects in cells: JSON, and what Python and NumPy print."""

from __future__ import annotations

import pytest

from bot.imports.literals import parse_cell


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        (' [{"a": null}]', [{"a": None}]),
        (
            "[{'a': \"it's\", 'b': None}\n {'a': 'x\\ny'}]",
            [{"a": "it's", "b": None}, {"a": "x\ny"}],
        ),
        ("['a' 'b'\n 'c']", ["a", "b", "c"]),
        ("['a', 'b']", ["a", "b"]),
        ("{'x': array(['p', 'q'], dtype=object), 'n': nan}", {"x": ["p", "q"], "n": None}),
        ("[array(['a'], dtype=object), 'b']", [["a"], "b"]),
        ("[None True 'x']", [None, True, "x"]),
    ],
)
def test_printed_values_are_parsed(text: str, parsed: object) -> None:
    assert parse_cell(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "['not', closed",
        "{'a'}",
        "[x for x in y]",
        "[{'t': open('f')}]",
        "[{'a': 1}] and more",
        "[" * 5_000,
        "{'" + "[" * 5_000,
        "[INST] hi [/INST]",
        "plain",
    ],
)
def test_other_texts_are_unchanged(text: str) -> None:
    assert parse_cell(text) == text
