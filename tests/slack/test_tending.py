"""What coordinators see of questions and flags: what Slack takes, with the right buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack import tending
from bot.slack.cards import Drawn
from bot.slack.ids import press_from
from bot.slack.modals import Backdrop
from storage.queries.raising import Raised
from tests.slack.conftest import QUICK, TEXTS, as_sent, as_yaml, example, objects_in, refused

RAISED = Raised(
    id=3,
    text="Which tone do you want?",
    at=datetime(2026, 3, 2, tzinfo=UTC),
    assignment_id=17,
    task_id=5,
    campaign_id=1,
    campaign="tone",
    item="pair-1",
    slack_id="U0ADA",
    name="Ada",
    outcome=None,
)
DONE = RAISED._replace(outcome="A friendly one.")


def messages() -> list[Drawn]:
    """Return every message that coordinators see."""
    return [tending.question(RAISED), tending.flag(RAISED, is_aside=False)]


def views() -> list[dict[str, Any]]:
    """Return every window that coordinators see."""
    task = example("comparison")
    return [tending.replying(RAISED), tending.resolving(RAISED, Backdrop(3)), tending.item(task)]


@pytest.mark.parametrize("raised", [RAISED, DONE], ids=["open", "done"])
def test_a_question_and_a_flag_as_slack_receives_them(
    raised: Raised, snapshot: SnapshotAssertion
) -> None:
    for drawn in (tending.question(raised), tending.flag(raised, is_aside=bool(raised.outcome))):
        assert refused(drawn) == []
        assert as_sent(drawn) == snapshot


def test_windows_as_slack_receives_them(snapshot: SnapshotAssertion) -> None:
    backdrop = Backdrop(3, "C1", "1.0", "https://hooks.slack.example/1")
    for view in (
        tending.replying(RAISED),
        tending.resolving(RAISED, backdrop),
        tending.item(example("comparison")),
    ):
        assert check_view(view) == []
        assert as_yaml(view) == snapshot


def test_every_button_comes_back_with_what_it_is_about() -> None:
    found = [
        press_from(one)
        for each in messages()
        for one in objects_in(each.blocks)
        if one.get("type") == "button"
    ]
    assert [(press.deed, press.assignment) for press in found] == [
        ("reply", 3),
        ("raised", 17),
        ("raised", 17),
        ("resolve", 3),
        ("aside", 3),
    ]


@QUICK
@given(text=TEXTS.filter(str.strip), outcome=st.none() | TEXTS.filter(str.strip), key=TEXTS)
def test_slack_takes_whatever_was_raised(text: str, outcome: str | None, key: str) -> None:
    raised = RAISED._replace(text=text, outcome=outcome, item=key)
    assert refused(tending.question(raised)) == []
    assert refused(tending.flag(raised, is_aside=True)) == []
    assert check_view(tending.replying(raised)) == []
    task = replace(example("comparison"), campaign=key[:80] or "tone")
    assert check_view(tending.item(task)) == []
