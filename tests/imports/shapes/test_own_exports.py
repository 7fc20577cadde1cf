"""Our own exports: importing one again gives the items that the campaign has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.formats import FORMATS
from bot.exports.label_record import LabelRecord
from bot.imports.item_reader import read_items
from bot.imports.keys import shown_digest_of
from bot.imports.mapping import ColumnMapping
from bot.imports.read_item import ImportedItem, ReadItem
from bot.imports.row import RowWarning
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.label import Preference
from bot.kinds.media import Media
from tests.exports.folders import write_table


def record(
    kind: Kind[Any], content: Content, key: str = "item-1", expert: str = "e1"
) -> LabelRecord:
    """Return an answer to an item, as an export has it."""
    example = kind.example
    value: dict[str, object] = {}
    for form_input in example.inputs:
        value = kind.parse_answer(form_input, value, example.settings, example.order).value
    return LabelRecord(
        label=kind.to_label(content, value, example.order),
        item_key=key,
        campaign="spring",
        kind=kind.name,
        expert=expert,
        answered_at=datetime(2026, 3, 2, tzinfo=UTC),
        version=1,
        guidelines_version=1,
        value=value,
        meta=content.meta,
        order=example.order,
        media=[content.media, *(candidate.media for candidate in content.candidates)],
    )


def export(folder: Path, name: str, records: Sequence[LabelRecord]) -> Path | None:
    """Write an export in a format; return its first data file, None if it has no rows."""
    result = write_table(FORMATS[name], records, folder)
    return result.directory / FORMATS[name].files[0].name if result.row_count else None


def read(path: Path, kind: Kind[Any]) -> list[ReadItem]:
    """Import a file for a kind."""
    return list(read_items(path, ColumnMapping(), kind, kind.example.settings))


FORMATS_WITH_ALL = ("annotations", "csv", "xlsx")
"""Formats that have every part of an item."""


def without_draft(name: str, content: Content) -> Content:
    """Return what a format keeps of an item: a training format has no draft."""
    has_draft = name in (*FORMATS_WITH_ALL, "argilla", "label-studio")
    return content if has_draft else replace(content, draft=None)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("name", list(FORMATS))
def test_export_of_every_format_gives_the_same_items(
    tmp_path: Path, name: str, kind: Kind[Any]
) -> None:
    content = kind.example.content
    has_keys = not name.startswith("openai")
    experts = ("e1", "e2") if has_keys else ("e1",)
    path = export(tmp_path, name, [record(kind, content, expert=one) for one in experts])
    if path is None or (name.endswith(("sft", "prompt-only")) and content.candidates):
        return  # the completions of sft are texts of experts, and prompt-only has none
    if not has_keys and kind.name in ("ranking", "validation", "curation"):
        return  # without keys, pairs are rows of their own, also with texts of experts
    items = read(path, kind)
    assert len({item.key for item in items if isinstance(item, ImportedItem)}) == 1
    for item in items:
        assert isinstance(item, ImportedItem)
        assert item.key == "item-1" or not has_keys
        assert item.digest == shown_digest_of(without_draft(name, content))


HAZARDS = (
    *("=1+1", "+1", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''=1", "'", "\uff1d1"),
    *("_x000D_", "_x005F_x000D_", "a\r\nb\rc", "x_x0041_", "<r>x</r>", "#REF!", "\x07\x1b\ufffe"),
    *("007", "2026-03-01", "1e5", "TRUE", "null", '["a"]', '{"a": 1}', "User: a\n\nAssistant: b"),
)
"""Texts that a table, or a program that reads it, could take for something else."""

texts = st.one_of(
    st.sampled_from(HAZARDS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
        str.strip
    ),
)
extras = st.sampled_from(
    [{}, {"tool_calls": [{"name": "find", "arguments": {"q": [1]}}]}, {"reasoning_content": "Hm."}]
)


def turns(role: str) -> st.SearchStrategy[ConversationTurn]:
    """Return turns of a role with any text."""
    return st.builds(ConversationTurn, st.just(role), texts, extras)


prompts = st.one_of(
    st.just(()),
    st.tuples(turns("user")),
    st.tuples(turns("system"), turns("user"), turns("assistant"), turns("tool")),
)
media = st.sampled_from([(), (Media("image", "https://a.b/c.png", "A cat"),)])


@pytest.mark.parametrize("name", FORMATS_WITH_ALL)
@given(
    prompt=prompts,
    pair=st.tuples(
        st.builds(Candidate, texts, st.none() | st.just("wren"), media, extra=extras),
        st.builds(Candidate, texts, st.none(), st.just(()), extra=extras),
    ),
    own_turns=st.sampled_from(
        [(), ((ConversationTurn("user", "Q"),), (ConversationTurn("user", "R"),))]
    ),
)
def test_whatever_people_and_models_write_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    prompt: tuple[ConversationTurn, ...],
    pair: tuple[Candidate, Candidate],
    own_turns: tuple[tuple[ConversationTurn, ...], ...],
) -> None:
    if pair[0].text.strip() == pair[1].text.strip():
        return
    candidates = tuple(
        replace(candidate, turns=own)
        for candidate, own in zip(pair, own_turns or ((), ()), strict=True)
    )
    content = Content(prompt, candidates, meta={"source": "x"})
    records = [record(COMPARISON, content, expert=expert) for expert in ("e1", "e2")]
    path = export(tmp_path_factory.mktemp("export"), name, records)
    assert path
    (item,) = (row for row in read(path, COMPARISON) if not isinstance(row, RowWarning))
    assert isinstance(item, ImportedItem), item
    assert item.content == content


def test_answers_on_criteria_are_exported_and_change_no_item(tmp_path: Path) -> None:
    content = COMPARISON.example.content
    answer = record(COMPARISON, content)
    assert isinstance(answer.label, Preference)
    label = replace(answer.label, criteria=(("correctness", "left"), ("style", "tie")))
    path = export(tmp_path, "annotations", [replace(answer, label=label)])
    assert path
    row = json.loads(path.read_text(encoding="utf-8"))
    assert json.loads(row["criteria"]) == {"correctness": "left", "style": "tie"}
    (item,) = read(path, COMPARISON)
    assert isinstance(item, ImportedItem)
    assert item.digest == shown_digest_of(content)
