"""Files to import, drawn: Slack takes each screen, and what is chosen comes back as columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.imports.column_mapping import ColumnMapping
from bot.kinds import KINDS
from bot.sandbox.blockkit import check_message, check_view
from bot.services.imports.uploads import ImportTarget, UploadedFile
from bot.slack.views import imports
from storage.tables import ImportRun
from tests.slack.conftest import FEWER_EXAMPLES, TEXTS

ROW = {"id": "1", "question": "Why?", "one": "So.", "two": "Because."}
FILE = UploadedFile(3, "pairs.csv", tuple(ROW), (ROW, ROW), "tone")
GUESS = ColumnMapping(prompt=("question",), candidates=("two", "one"), id=("id",))
GOAL = ImportTarget(7, "tone", "Tone of voice", "comparison", GUESS)
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
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def views() -> list[dict[str, Any]]:
    """Return every modal there is to see."""
    return [
        imports.import_source_modal([(7, "Tone of voice"), (8, "Jokes")]),
        imports.column_mapping_modal(FILE, [GOAL], GOAL),
        imports.column_mapping_modal(FILE, [GOAL], GOAL, shows_all=True),
    ]


def messages() -> list[list[dict[str, Any]]]:
    """Return every message there is to see."""
    failed = ImportRun(**{**RUN.model_dump(), "state": "failed", "error": "it holds no rows"})
    return [
        imports.render_file_received(FILE).blocks,
        imports.render_import_result(RUN, "Tone of voice").blocks,
        imports.render_import_result(failed, "Tone of voice").blocks,
    ]


def test_the_screens_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert [*views(), *messages()] == snapshot


def test_slack_takes_every_screen() -> None:
    assert [check_view(view) for view in views()] == [[], [], []]
    assert [check_message({"blocks": blocks, "text": "x"}) for blocks in messages()] == [[]] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked_for(kind: str) -> None:
    goal = ImportTarget(7, "x", "X", kind, ColumnMapping())
    for is_whole in (False, True):
        assert (
            check_view(imports.column_mapping_modal(FILE, [goal], goal, shows_all=is_whole)) == []
        )


def chosen(view: dict[str, Any]) -> dict[str, Any]:
    """Return `state.values` of a modal that is sent as it opens."""
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


def test_columns_come_back_in_the_order_they_were_guessed_in() -> None:
    view = imports.column_mapping_modal(FILE, [GOAL], GOAL)
    assert imports.parse_columns(chosen(view), FILE.columns) == GUESS


def test_a_place_that_the_file_does_not_have_is_passed_over() -> None:
    values = {"id:7": {"id": {"selected_options": [{"value": "99"}]}}}
    assert imports.parse_columns(values, FILE.columns) == ColumnMapping()


@FEWER_EXAMPLES
@given(names=st.lists(TEXTS, min_size=1, max_size=150, unique=True), cell=TEXTS)
def test_slack_takes_whatever_a_file_holds(names: list[str], cell: str) -> None:
    row = dict.fromkeys(names, cell)
    file = UploadedFile(3, "x.csv", tuple(names), (row,))
    goal = ImportTarget(7, "x", "<!channel>" * 30, "comparison", ColumnMapping(prompt=(names[0],)))
    assert check_view(imports.column_mapping_modal(file, [goal], goal)) == []
    message = imports.render_file_received(file)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []
    assert "<!" not in message.text


@pytest.mark.parametrize(
    ("value", "goal"), [("0::7", 7), (None, None), ("", None), ("nonsense", None)]
)
def test_the_campaign_that_was_chosen_is_read_back(value: object, goal: int | None) -> None:
    assert imports.parse_campaign_id(value) == goal
