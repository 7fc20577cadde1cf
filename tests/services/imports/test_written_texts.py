"""Property: whatever people and models write is imported, shown and labeled as it was written."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.read_item import ImportedItem
from bot.imports.readers import read_rows
from bot.imports.row import InvalidRow, Row
from bot.kinds import KINDS
from bot.kinds.content import Content
from bot.kinds.form import Passage
from bot.kinds.label import Label
from bot.sandbox.visible_text import render_blocks
from bot.slack.blockkit.passage_pages import count_pages, passage_page
from bot.slack.parsing.action_ids import Action

PLAIN = (
    *(
        "word ",
        "naïve ",
        "日本語",
        "한국어 ",
        "שלום ",
        "مرحبا \u202eabc\u202c ",
        "🙂👩‍👩‍👧 ",
        "e\u0301 ",
    ),
    *(
        "007 ",
        "1/3 ",
        "\u2028",
        "\u0085",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\x07",
        "a\tb ",
        "a  b ",
        "x\n",
    ),
    *(
        "<@U1> ",
        "<!here> ",
        "&amp; ",
        "&lt;b&gt; ",
        ":smile: ",
        "@everyone ",
        '"quoted", ',
        "null ",
    ),
)
"""Text without a meaning in Markdown: experts see exactly these characters."""

MATH = (
    r"\(x_1*y_1*z\)",
    r"\[ \hat{y}_i = x_{j} \\ \{1\} \]",
    "$a_1*b_1$",
    r"\begin{align} a &= b \\ c &= d \end{align}",
)
CODE = ("```py\n  if a*b*c:\n\treturn x_1\n```", "`a*b*c`", "```\n<b>&amp;</b>\n```")
TABLE = "\n| a | b |\n|---|---|\n| 1 | 2 |\n"
MARKUP = (
    TABLE,
    "**bold** ",
    "# Title\n",
    "- item\n",
    "> quote\n",
    "[a](http://x.y) ",
    "\r\n",
    "~~x~~",
)

PLAIN_TEXT = st.lists(st.sampled_from(PLAIN), min_size=1, max_size=12).map("".join)
WRITTEN = st.lists(st.sampled_from((*PLAIN, *MARKUP)), max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60
)
LONG = st.builds(lambda text, times: (text * times)[:200_000], PLAIN_TEXT, st.integers(500, 4_000))
VISIBLE = re.compile(r"[^\W_]")

WORD = re.compile(r"[^\W\d_]+")


def is_visible(text: str) -> bool:
    """Return whether a text has something that can be judged."""
    return bool(VISIBLE.search(text))


def row_of(kind: str, texts: Sequence[str]) -> dict[str, object]:
    """Return a row of a kind that has the first text in its prompt, and others as candidates."""
    count = len(KINDS[kind].example.content.candidates)
    prompt = [{"role": "system", "content": texts[0]}, {"role": "user", "content": f"Q {texts[1]}"}]
    row: dict[str, object] = {"prompt": prompt, "tag": texts[0]}
    if not count:
        return row | {"draft": texts[2]}
    return row | {"candidates": [f"{number}{texts[2 + number]}" for number in range(count)]}


def written_parts(content: Content) -> list[str]:
    """Return the texts of an item in the order of a form."""
    responses = [candidate.text for candidate in content.candidates]
    return [*(turn.content for turn in content.prompt), *responses, *filter(None, [content.draft])]


def import_row(kind: str, row: dict[str, object]) -> Content:
    """Return the content of a row that is written to a file and imported."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_bytes(orjson.dumps(row))
        one = KINDS[kind]
        columns = ColumnMapping.parse(["draft=draft"] if "draft" in row else [])
        (item,) = read_items(path, columns, one, one.settings())
    assert isinstance(item, ImportedItem), item
    return item.content


def shown_text(passage: Passage) -> str:
    """Return what the full text shows of a passage, over all pages."""
    action = Action("show_full_text_page", 1)
    pages = range(count_pages([passage]))
    blocks = [passage_page([passage], number, action).blocks[0] for number in pages]
    shown = ["".join(render_blocks([dict(block)], {}, str)) for block in blocks]
    return "".join(page.removeprefix(passage.title).removeprefix("\n") for page in shown)


def passages_of(kind: str, content: Content) -> Sequence[Passage]:
    """Return the passages that an expert sees."""
    one = KINDS[kind]
    return one.build_form(content, one.example.settings, range(len(content.candidates))).passages


TEXTS_OF = {
    "plain": st.lists(PLAIN_TEXT.filter(is_visible), min_size=12, max_size=12),
    "written": st.lists(WRITTEN.filter(is_visible), min_size=12, max_size=12),
}


@settings(max_examples=40)
@given(kind=st.sampled_from(list(KINDS)), texts=TEXTS_OF["written"])
def test_texts_of_every_kind_are_imported_and_labeled_as_written(
    kind: str, texts: list[str]
) -> None:
    row = row_of(kind, texts)
    content = import_row(kind, row)
    messages = cast("list[dict[str, str]]", row["prompt"])
    responses = cast("list[str]", row.get("candidates", [row.get("draft")]))
    assert written_parts(content) == [*(one["content"] for one in messages), *responses]
    assert content.meta == {"tag": texts[0]}
    passages = [passage.text for passage in passages_of(kind, content)]
    assert [text for text in written_parts(content) if text not in passages] == []
    labeled = set(texts_in(asdict(label_of(kind, content))))
    assert {one["content"] for one in messages} <= labeled
    assert {one.text for one in content.candidates} <= labeled


def label_of(kind: str, content: Content) -> Label:
    """Return the label of an item with the answer of the kind's example."""
    one, order, value = KINDS[kind], range(len(content.candidates)), dict[str, Any]()
    for form_input in one.example.inputs:
        value = dict(one.parse_answer(form_input, value, one.example.settings, order).value)
    return one.to_label(content, value, order)


def texts_in(value: object) -> Iterator[str]:
    """Yield all texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)


@settings(max_examples=40)
@given(kind=st.sampled_from(list(KINDS)), texts=TEXTS_OF["plain"])
def test_texts_without_markup_are_shown_character_by_character(kind: str, texts: list[str]) -> None:
    content = import_row(kind, row_of(kind, texts))
    shown = [shown_text(passage) for passage in passages_of(kind, content)]
    assert [text for text in written_parts(content) if text not in shown] == []


@settings(max_examples=40)
@given(before=PLAIN_TEXT, exact=st.sampled_from((*MATH, *CODE)), after=PLAIN_TEXT, words=WRITTEN)
def test_math_and_code_are_shown_unchanged_and_no_word_is_lost(
    before: str, exact: str, after: str, words: str
) -> None:
    text = f"{before}\n\n{exact}\n\n{after}\n\n{words}"
    content = import_row("rating", {"text": text})
    assert content.candidates[0].text == text
    shown = shown_text(Passage("text", "Text", text))
    inner = re.sub(r"^`+(py)?\n?|\n?`+$", "", exact)
    assert inner in shown or exact in shown
    assert set(WORD.findall(f"{before} {after}")) <= set(WORD.findall(shown))


@settings(max_examples=8)
@given(text=LONG.filter(is_visible))
def test_all_of_a_very_long_text_is_shown_over_its_pages(text: str) -> None:
    content = import_row("rating", {"text": text})
    assert shown_text(Passage("text", "Text", content.candidates[0].text)) == text


@pytest.mark.parametrize("flaw", ["\0", "x" * 200_001])
def test_text_that_cannot_be_stored_is_rejected_with_its_column(tmp_path: Path, flaw: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(orjson.dumps({"text": f"a{flaw}"}))
    (row,) = read_rows(path)
    assert isinstance(row, InvalidRow)
    assert row.reason.startswith("the column “text” ")


def write_xlsx(path: Path, texts: Sequence[str]) -> None:
    """Write a workbook with a text in each row, as Excel stores it."""
    openpyxl = import_module("openpyxl")
    escape = import_module("openpyxl.utils.escape").escape
    book = openpyxl.Workbook()
    book.active.append(["text"])
    for number, text in enumerate(texts, start=2):
        cell = book.active.cell(number, 1)
        cell.value = escape(text)
        cell.data_type = "s"  # not a formula
    book.save(path)


def write_csv(path: Path, texts: Sequence[str]) -> None:
    """Write a CSV file with a text in each row."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text"], *([text] for text in texts)])


WRITERS: dict[str, Callable[[Path, Sequence[str]], Any]] = {"xlsx": write_xlsx, "csv": write_csv}

CELLS = WRITTEN.map(lambda text: re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", text))
"""Texts that a cell can have: XML has no control characters, and CSV has one kind of line end."""


@pytest.mark.parametrize("extension", WRITERS)
@settings(max_examples=15)
@given(texts=st.lists(CELLS.filter(is_visible), min_size=2, max_size=8))
def test_cells_read_back_as_written(extension: str, texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"cells.{extension}"
        WRITERS[extension](path, texts)
        rows = [row for row in read_rows(path) if isinstance(row, Row)]
    assert [row.fields["text"] for row in rows] == texts
