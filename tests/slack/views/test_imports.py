"""Import screens: Slack accepts each, and the chosen columns are parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.errors import FieldsError
from bot.imports.answers.mapping import NO_ANSWERS, AnswerMapping
from bot.imports.mapping import ColumnMapping
from bot.kinds import KINDS
from bot.sandbox.blockkit import check_message, check_view
from bot.services.imports.uploads import ImportTarget, UploadedFile
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.views import imports
from bot.slack.views.import_answers import parse_answers
from storage.tables import ImportRun
from tests.slack.conftest import FEWER_EXAMPLES, TEXTS, submitted_state

ROW = {"id": "1", "question": "Why?", "one": "So.", "two": "Because."}
FILE = UploadedFile(3, "pairs.csv", tuple(ROW), (ROW, ROW), "tone")
DETECTED = ColumnMapping(prompt=("question",), candidates=("two", "one"), id=("id",))
TARGET = ImportTarget(7, "tone", "Tone of voice", "comparison", DETECTED)
SHAPED = replace(TARGET, shape="Anthropic HH: whole dialogues in one text")
RUN = ImportRun(
    id=3,
    campaign_id=7,
    requested_by="U1",
    name="pairs.csv",
    path="kept.csv",
    state="done",
    added=3,
    existing=1,
    rejected=2,
    column_mapping={"duplicates": 4, "warnings": 1, "added_answers": 12},
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def views() -> list[ModalView]:
    """Return every import modal."""
    return [
        imports.import_source_modal([(7, "Tone of voice"), (8, "Jokes")]),
        imports.column_mapping_modal(FILE, [TARGET], TARGET),
        imports.column_mapping_modal(FILE, [TARGET], TARGET, shows_all=True),
        imports.column_mapping_modal(FILE, [SHAPED], SHAPED),
    ]


def messages() -> list[list[Block]]:
    """Return the blocks of every import message."""
    failed = ImportRun(
        **{**RUN.model_dump(), "state": "failed", "error": "“pairs.csv” contains no rows."}
    )
    return [
        imports.render_file_received(FILE).blocks,
        imports.render_import_result(RUN, "Tone of voice").blocks,
        imports.render_import_result(failed, "Tone of voice").blocks,
    ]


def test_screens(snapshot: SnapshotAssertion) -> None:
    assert [*views(), *messages()] == snapshot


def test_slack_accepts_every_screen() -> None:
    assert [check_view(view) for view in views()] == [[]] * 4
    assert [check_message({"blocks": blocks, "text": "x"}) for blocks in messages()] == [[]] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_slack_accepts_mapping_for_every_kind(kind: str) -> None:
    target = ImportTarget(7, "x", "X", kind, ColumnMapping())
    for shows_all in (False, True):
        view = imports.column_mapping_modal(FILE, [target], target, shows_all=shows_all)
        assert check_view(view) == []


def state_of_menus(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return `state.values` of a modal's menus with their initial options."""
    return {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": block["element"]["type"],
                "selected_options": block["element"].get("initial_options", []),
            }
        }
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "multi_static_select"
    }


def test_parsed_columns_keep_detected_order() -> None:
    view = imports.column_mapping_modal(FILE, [TARGET], TARGET)
    assert imports.parse_columns(state_of_menus(view), FILE.columns) == DETECTED


def test_unknown_column_index_is_ignored() -> None:
    values = {"id:7": {"id": {"selected_options": [{"value": "99"}]}}}
    assert imports.parse_columns(values, FILE.columns) == ColumnMapping()


@FEWER_EXAMPLES
@given(names=st.lists(TEXTS, min_size=1, max_size=150, unique=True), cell=TEXTS)
def test_slack_accepts_any_file_content(names: list[str], cell: str) -> None:
    row = dict.fromkeys(names, cell)
    file = UploadedFile(3, "x.csv", tuple(names), (row,))
    target = ImportTarget(
        7, "x", "<!channel>" * 30, "comparison", ColumnMapping(prompt=(names[0],))
    )
    assert check_view(imports.column_mapping_modal(file, [target], target)) == []
    message = imports.render_file_received(file)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []
    assert "<!" not in message.text


@pytest.mark.parametrize(
    ("value", "campaign_id"), [("0::7", 7), (None, None), ("", None), ("nonsense", None)]
)
def test_chosen_campaign_is_parsed(value: object, campaign_id: int | None) -> None:
    assert imports.parse_campaign_id(value) == campaign_id


ANSWERS = AnswerMapping(("id",), {"humor": ("one",)}, {"expert": ("two",)}, {"x won": "left"})


def test_chosen_columns_of_answers_are_shown_and_parsed() -> None:
    target = replace(TARGET, kind="rating", criteria=("humor", "clarity"), answers=ANSWERS)
    view = imports.column_mapping_modal(FILE, [target], target)
    assert check_view(view) == []
    assert parse_answers(submitted_state(view), FILE.columns, 7) == ANSWERS


def test_columns_of_answers_are_offered_with_the_rare_ones() -> None:
    view = imports.column_mapping_modal(FILE, [TARGET], TARGET)
    assert parse_answers(submitted_state(view), FILE.columns, 7) == NO_ANSWERS
    assert "answer:7" not in {block.get("block_id") for block in view["blocks"]}
    view = imports.column_mapping_modal(FILE, [TARGET], TARGET, shows_all=True)
    assert "answer:7" in {block.get("block_id") for block in view["blocks"]}


@pytest.mark.parametrize("entries", [{"expert:7": [{"value": "0"}]}, {"meanings:7": "x won"}])
def test_columns_of_answers_that_do_not_fit_are_refused(entries: dict[str, object]) -> None:
    view = imports.column_mapping_modal(FILE, [TARGET], TARGET, shows_all=True)
    with pytest.raises(FieldsError) as error:
        parse_answers(submitted_state(view, **entries), FILE.columns, 7)
    assert list(error.value.fields) == ["answer:7"]
