"""Column mappings: parsing, errors, and dotted names that reach into JSON."""

from __future__ import annotations

import pytest

from bot.imports.mapping import (
    ColumnMapping,
    CompiledMapping,
    MappingError,
    format_names,
    value_at,
)


def test_mappings_round_trip() -> None:
    mappings = ["prompt=instruction, input", "candidates = a,b", "models=m.a,m.b", "id=key"]
    columns = ColumnMapping.parse(mappings)
    assert columns == ColumnMapping(
        prompt=("instruction", "input"),
        candidates=("a", "b"),
        models=("m.a", "m.b"),
        id=("key",),
    )
    assert ColumnMapping.parse(columns.as_mappings()) == columns


def test_column_name_may_contain_equals_sign() -> None:
    assert ColumnMapping.parse(["draft=a=b"]).draft == ("a=b",)


@pytest.mark.parametrize(
    ("mappings", "reason"),
    [
        (["question=q"], "write PART=COLUMN, where PART is one of"),
        (["prompt"], "write PART=COLUMN, where PART is one of"),
        (["=a"], "prompt, system, history, candidates, models, draft, id"),
        (["prompt="], "a column name after the = is empty"),
        (["candidates=a,,b"], "a column name after the = is empty"),
        (["candidates=a,"], "a column name after the = is empty"),
        (["draft=a,b"], "draft takes one column"),
        (["prompt=a", "prompt=b"], "prompt is mapped twice"),
    ],
)
def test_invalid_mapping_is_rejected(mappings: list[str], reason: str) -> None:
    with pytest.raises(MappingError, match="is not a valid mapping") as caught:
        ColumnMapping.parse(mappings)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("plain", "p"),
        ("turns.0", "first"),
        ("turns.1.text", "second"),
        ("meta.model", "wren"),
        ("dotted.name", "its own column"),
        ("turns.2", None),
        ("turns.-1", None),
        ("turns.text", None),
        ("plain.inside", None),
        ("gone", None),
    ],
)
def test_dotted_name_reads_nested_value(column: str, value: object) -> None:
    row = {
        "plain": "p",
        "turns": ["first", {"text": "second"}],
        "meta": {"model": "wren"},
        "dotted": {"name": "hidden by the column"},
        "dotted.name": "its own column",
    }
    assert value_at(row, column) == value


def test_unmapped_fields_keep_everything_else() -> None:
    row = {
        "turns": ["a", "b", {"text": "c", "time": 3}],
        "meta": {"model": "m"},
        "dotted.name": 1,
        "dotted": {"name": 2},
        "empty": {},
        "kept": [1],
    }
    mapped = ["turns.0", "turns.1", "turns.2.text", "meta.model", "dotted.name", "gone.too"]
    rest = CompiledMapping(ColumnMapping(prompt=tuple(mapped))).rest_of(row)
    assert rest == {"turns": [{"time": 3}], "dotted": {"name": 2}, "empty": {}, "kept": [1]}
    assert list(rest) == ["turns", "dotted", "empty", "kept"]


def test_missing_columns_are_those_whose_first_part_does_not_exist() -> None:
    columns = ColumnMapping.parse(["prompt=a,b.c,d.e", "id=d.f"])
    assert columns.missing_from(["a", "b", "d.f"]) == ["d.e"]


def test_long_column_list_is_shortened() -> None:
    assert format_names([f"c{number}" for number in range(25)]).endswith("“c19” and 5 more")
