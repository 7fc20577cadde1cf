"""Files to import, drawn: Slack takes each screen, and what is chosen comes back as columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.imports.columns import Columns
from bot.kinds import KINDS
from bot.sandbox.blockkit import check_message, check_view
from bot.services.receiving import Arrived, Goal
from bot.slack import importing
from storage.tables import ImportRun
from tests.slack.conftest import QUICK, TEXTS

ROW = {"id": "1", "question": "Why?", "one": "So.", "two": "Because."}
FILE = Arrived(3, "pairs.csv", tuple(ROW), (ROW, ROW), "tone")
GUESS = Columns(prompt=("question",), candidates=("two", "one"), id=("id",))
GOAL = Goal(7, "tone", "Tone of voice", "comparison", GUESS)
RUN = ImportRun(
    id=3,
    campaign_id=7,
    requested_by="U1",
    name="pairs.csv",
    path="kept.csv",
    state="done",
    added=3,
    there=1,
    bad=2,
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def views() -> list[dict[str, Any]]:
    """Return every modal there is to see."""
    return [
        importing.asking([(7, "Tone of voice"), (8, "Jokes")]),
        importing.mapping(FILE, [GOAL], GOAL),
        importing.mapping(FILE, [GOAL], GOAL, is_whole=True),
    ]


def messages() -> list[list[dict[str, Any]]]:
    """Return every message there is to see."""
    failed = ImportRun(**{**RUN.model_dump(), "state": "failed", "error": "it holds no rows"})
    return [
        importing.offered(FILE).blocks,
        importing.imported(RUN, "Tone of voice").blocks,
        importing.imported(failed, "Tone of voice").blocks,
    ]


def test_the_screens_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert [*views(), *messages()] == snapshot


def test_slack_takes_every_screen() -> None:
    assert [check_view(view) for view in views()] == [[], [], []]
    assert [check_message({"blocks": blocks, "text": "x"}) for blocks in messages()] == [[]] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked_for(kind: str) -> None:
    goal = Goal(7, "x", "X", kind, Columns())
    for is_whole in (False, True):
        assert check_view(importing.mapping(FILE, [goal], goal, is_whole=is_whole)) == []


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
    view = importing.mapping(FILE, [GOAL], GOAL)
    assert importing.columns_from(chosen(view), FILE.columns) == GUESS


def test_a_place_that_the_file_does_not_have_is_passed_over() -> None:
    values = {"id:7": {"id": {"selected_options": [{"value": "99"}]}}}
    assert importing.columns_from(values, FILE.columns) == Columns()


@QUICK
@given(names=st.lists(TEXTS, min_size=1, max_size=150, unique=True), cell=TEXTS)
def test_slack_takes_whatever_a_file_holds(names: list[str], cell: str) -> None:
    row = dict.fromkeys(names, cell)
    file = Arrived(3, "x.csv", tuple(names), (row,))
    goal = Goal(7, "x", "<!channel>" * 30, "comparison", Columns(prompt=(names[0],)))
    assert check_view(importing.mapping(file, [goal], goal)) == []
    drawn = importing.offered(file)
    assert check_message({"blocks": drawn.blocks, "text": drawn.text}) == []
    assert "<!" not in drawn.text


@pytest.mark.parametrize(
    ("value", "goal"), [("0::7", 7), (None, None), ("", None), ("nonsense", None)]
)
def test_the_campaign_that_was_chosen_is_read_back(value: object, goal: int | None) -> None:
    assert importing.goal_from(value) == goal
