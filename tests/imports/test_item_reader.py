"""Item reader: items with lines and keys, invalid rows, duplicates, rejected files, memory use."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Callable, Iterable
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.imports.detection import ColumnsNotDetectedError
from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping, MissingColumnError
from bot.imports.plan import plan_import
from bot.imports.read_item import DuplicateRow, ImportedItem, ReadItem
from bot.imports.row import EmptyFileError, InvalidRow, RowWarning
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.rating import RATING

FileOf = Callable[[str, str | bytes], Path]


def _lines(rows: Iterable[object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def _read(path: Path, kind: Kind[Any], *mappings: str) -> list[ReadItem]:
    return list(read_items(path, ColumnMapping.parse(mappings), kind, kind.settings()))


def test_item_has_line_key_and_content(file_of: FileOf) -> None:
    path = file_of(
        "pairs.csv",
        "key,instruction,input,first,second,by_first,by_second,topic\n"
        "1,Add,2+2,4,5,wren,heron,sums\n\n"
        "2,Name a color,,red,blue,wren,heron,art\n",
    )
    read = _read(
        path,
        COMPARISON,
        "prompt=instruction,input",
        "candidates=first,second",
        "models=by_first,by_second",
        "id=key",
    )
    assert read == [
        ImportedItem(
            2,
            "1",
            Content(
                prompt=(ConversationTurn("user", "Add\n\n2+2"),),
                candidates=(Candidate("4", "wren"), Candidate("5", "heron")),
                meta={"topic": "sums"},
            ),
        ),
        ImportedItem(
            4,
            "2",
            Content(
                prompt=(ConversationTurn("user", "Name a color"),),
                candidates=(Candidate("red", "wren"), Candidate("blue", "heron")),
                meta={"topic": "art"},
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("jokes", "rating"), ("pairs", "comparison"), ("prompts", "demonstration")],
)
def test_every_sample_file_imports_completely(name: str, kind: str) -> None:
    sample = resources.files("bot.samples").joinpath(f"{name}.jsonl")
    with resources.as_file(sample) as path:
        read = _read(path, KINDS[kind])
        lines = path.read_text(encoding="utf-8").count("\n")
    assert len(read) == lines
    assert all(isinstance(item, ImportedItem) for item in read)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_example_of_every_kind_imports(file_of: FileOf, kind: Kind[Any]) -> None:
    content = kind.example.content
    row = {
        "prompt": content.prompt_messages(),
        "candidates": [{"text": c.text, "model": c.model} for c in content.candidates],
        "draft": content.draft,
    }
    (item,) = _read(file_of("a.jsonl", _lines([row])), kind)
    assert isinstance(item, ImportedItem)
    expected = (
        content
        if content.candidates
        else Content(content.prompt, draft=content.draft, meta={"candidates": []})
    )
    assert item.content == expected


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        (COMPARISON, {"a": "same", "b": " same "}, "its two candidates are identical"),
        (COMPARISON, {"a": "A", "b": None}, "candidate 2 is blank"),
        (COMPARISON, {"a": "A", "b": 2}, "candidate 2 must be text, not a number"),
        (COMPARISON, {"a": "A", "b": "B", "id": None}, "the id is blank"),
        (COMPARISON, {"a": "A", "b": "B\0", "id": 5}, "the column “b” contains a NUL character"),
        (
            COMPARISON,
            {"a": "A", "b": "B" * 1_000_000, "id": 5},
            "the column “b” has 1,000,000 characters; the limit is 200,000",
        ),
    ],
)
def test_rows_around_an_invalid_row_are_read(
    file_of: FileOf, kind: Kind[Any], row: object, reason: str
) -> None:
    good = [{"a": "A", "b": f"B{number}", "id": number} for number in (1, 2)]
    path = file_of("a.jsonl", _lines([good[0], row, good[1]]))
    first, invalid, last = _read(path, kind)
    assert isinstance(first, ImportedItem)
    assert invalid == InvalidRow(2, reason)
    assert isinstance(last, ImportedItem)
    assert last.line == 3


def test_demonstration_row_needs_a_prompt(file_of: FileOf) -> None:
    path = file_of("a.jsonl", _lines([{"prompt": "Q"}, {"prompt": ""}]))
    assert _read(path, DEMONSTRATION)[1] == InvalidRow(2, "it needs a prompt")


def test_repeated_id_is_a_duplicate_only_with_the_same_content(file_of: FileOf) -> None:
    rows = [
        {"id": 1, "text": "A"},
        {"id": "2", "text": "B"},
        {"id": "1", "text": "A"},
        {"id": 1, "text": "B"},
        {"id": 2, "text": "B", "more": 1},
        {"id": 3, "text": "A"},
    ]
    read = _read(file_of("a.jsonl", _lines(rows)), RATING)
    assert [getattr(item, "key", None) for item in read[:3]] == ["1", "2", "1"]
    assert read[2] == DuplicateRow(3, "1", "line 1")
    assert read[3] == InvalidRow(4, "line 1 has the same id “1” with other content")
    assert read[4:] == [DuplicateRow(5, "2", "line 2"), DuplicateRow(6, "3", "line 1")]


def test_same_pair_is_one_item_whatever_its_metadata_and_order(file_of: FileOf) -> None:
    rows = [
        {"prompt": "Q", "a": "A", "b": "B", "source": "x"},
        {"prompt": "Q", "a": "A", "b": "B", "source": "y"},
        {"prompt": "Q", "a": " B", "b": "A\n", "source": "z", "model_a": "heron"},
        {"prompt": "Q2", "a": "A", "b": "B", "source": "x"},
    ]
    first, repeated, exchanged, other = _read(file_of("a.jsonl", _lines(rows)), COMPARISON)
    assert isinstance(first, ImportedItem)
    assert isinstance(other, ImportedItem)
    assert isinstance(repeated, DuplicateRow)
    assert isinstance(exchanged, DuplicateRow)
    assert [(row.first, row.is_exchanged) for row in (repeated, exchanged)] == [
        ("line 1", False),
        ("line 1", True),
    ]


def test_unusual_order_of_roles_is_imported_with_a_warning(file_of: FileOf) -> None:
    rows = [
        {"prompt": [{"role": role, "content": text} for role, text in turns], "text": "A"}
        for turns in [
            [("user", "1"), ("user", "2")],
            [("assistant", "1"), ("user", "3")],
            [("user", "1"), ("system", "4"), ("user", "2")],
            [("system", "1"), ("user", "5"), ("assistant", "2"), ("tool", "3"), ("tool", "4")],
        ]
    ]
    read = _read(file_of("a.jsonl", _lines(rows)), RATING)
    ending = "which most chat templates refuse"
    assert [row for row in read if isinstance(row, RowWarning)] == [
        RowWarning(1, f"the conversation has two user messages in a row, {ending}"),
        RowWarning(2, f"the conversation starts with an assistant message, {ending}"),
        RowWarning(3, f"the conversation has a system message after its start, {ending}"),
    ]
    assert sum(isinstance(row, ImportedItem) for row in read) == 4


def test_keys_do_not_depend_on_the_file_format(file_of: FileOf) -> None:
    from_json = _read(file_of("a.jsonl", _lines([{"text": "A", "x": "1"}])), RATING)
    from_csv = _read(file_of("a.csv", "x,text\n1,A\n"), RATING)
    assert [item.key for item in from_json if isinstance(item, ImportedItem)] == [
        item.key for item in from_csv if isinstance(item, ImportedItem)
    ]


@pytest.mark.parametrize(
    ("name", "content", "mappings", "error"),
    [
        ("a.jsonl", "", [], EmptyFileError),
        ("a.jsonl", "\n \n", [], EmptyFileError),
        ("a.csv", "id,text\n", [], EmptyFileError),
        ("a.csv", "id,text\n1,a\n", ["candidates=texts"], MissingColumnError),
        ("a.csv", "id,words\n1,a\n", [], ColumnsNotDetectedError),
    ],
)
def test_unusable_file_is_rejected_before_the_first_item(
    file_of: FileOf, name: str, content: str, mappings: list[str], error: type[BotError]
) -> None:
    columns = ColumnMapping.parse(mappings)
    with pytest.raises(error):
        read_items(file_of(name, content), columns, RATING, RATING.settings())


def test_missing_column_error_lists_existing_columns(file_of: FileOf) -> None:
    columns = ColumnMapping.parse(["candidates=texts", "id=meta.id", "prompt=q.0"])
    with pytest.raises(MissingColumnError) as caught:
        plan_import(file_of("a.jsonl", _lines([{"text": "a", "meta": {}}])), columns, RATING)
    assert str(caught.value) == (
        "“a.jsonl” has no column “q.0”, “texts”; its columns are “text”, “meta”."
    )


def test_column_missing_from_the_first_rows_is_detected(file_of: FileOf) -> None:
    rows = [{"text": f"{number}"} for number in range(50)] + [{"text": "last", "model": "wren"}]
    path = file_of("a.jsonl", "not json\n" + _lines(rows))
    assert plan_import(path, ColumnMapping(), RATING).mapping.columns.as_mappings() == [
        "candidates=text",
        "models=model",
    ]
    last = _read(path, RATING)[-1]
    assert isinstance(last, ImportedItem)
    assert last.content.candidates == (Candidate("last", "wren"),)


@pytest.mark.parametrize("mappings", [[], ["candidates=text"]])
def test_file_with_only_invalid_rows_yields_them(file_of: FileOf, mappings: list[str]) -> None:
    read = _read(file_of("a.jsonl", "[1]\n{\n"), RATING, *mappings)
    assert [(type(item), item.line) for item in read] == [(InvalidRow, 1), (InvalidRow, 2)]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(file_of: FileOf) -> None:
    path = file_of("a.csv", "text\n" + "".join(f"{n} {'x' * 4_000}\n" for n in range(2_000)))
    tracemalloc.start()
    number = sum(1 for _ in read_items(path, ColumnMapping(), RATING, RATING.settings()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert number == 2_000
    assert path.stat().st_size > 8_000_000
    assert peak < 3_000_000


WRITTEN_SNIPPETS = (
    *("**bold**", "_it_", "`x`", "```py\n  y\n```", "| a | b |\n|---|---|\n| 1 | 2 |", "# Title"),
    *(r"\(x_1=2\)", r"\[ \hat{y} \\ \{1\} \]", "$$a*b*c$$", r"\begin{align} a &= b \\ \end{align}"),
    *(
        "שלום",
        "مرحبا",
        "\u202eabc\u202c",
        "日本語",
        "한국어",
        "🙂👩‍👩‍👧",
        "e\u0301",
        "\u200b",
        "\ufeff",
    ),
    *("a" * 5_000, "1e5", "007", "null", "true", "=1+1", "[1]", '{"a": 1}', "<b>&amp;", "a,b;c|d"),
    *("\n", "\n\n", "\t", "  ", '"', "'", "\\", "\u2028", "\u0085", "\u00a0", "\r\n", "x\ry"),
)
"""What people and models write: markup, math, tables, scripts, spaces and quotes of files."""

ANY_CHARACTER = st.characters(exclude_categories=["Cs"], exclude_characters="\0")

WRITTEN = st.lists(
    st.sampled_from(WRITTEN_SNIPPETS) | st.text(ANY_CHARACTER, max_size=8), min_size=1
)
WRITTEN_TEXTS = WRITTEN.map("".join).filter(lambda text: "x" in text or text.strip().isalnum())


def write_text_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows to a file of the type that the path has, as a careful program does."""
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8-sig")
    elif path.suffix == ".parquet":
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        parquet.write_table(arrow.Table.from_pylist(rows), path)
    else:
        encoding = "utf-16" if path.suffix == ".tsv" else "utf-8"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(
                file, list(rows[0]), dialect="excel-tab" if path.suffix == ".tsv" else "excel"
            )
            writer.writeheader()
            writer.writerows(rows)


@pytest.mark.parametrize("extension", ["jsonl", "json", "csv", "tsv", "parquet"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WRITTEN_TEXTS, min_size=2, max_size=2, unique_by=str.strip))
def test_texts_read_back_equal_from_every_file_type(
    tmp_path: Path, extension: str, texts: list[str]
) -> None:
    path = tmp_path / f"texts.{extension}"
    if extension in ("csv", "tsv"):  # their line ends become LF, also in cells
        texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    first, second = texts
    write_text_rows(path, [{"prompt": f"x{first}", "response_a": first, "response_b": second}])
    (item,) = (
        one for one in read_items(path, ColumnMapping(), COMPARISON, COMPARISON.settings()) if one
    )
    assert isinstance(item, ImportedItem), item
    assert item.content.prompt_messages() == [{"role": "user", "content": f"x{first}"}]
    assert [one.text for one in item.content.candidates] == texts
