"""A case to review, drawn: Slack takes each, whatever stands in it, and nobody's name is there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Content, Turn
from bot.kinds.media import Media
from bot.kinds.rating import RATING, RatingSettings
from bot.sandbox.blockkit import check_message, check_view
from bot.services.reviewing import Case, Said, Why
from bot.services.serving import TaskView
from bot.slack import reviewing
from bot.slack.cards import Drawn
from tests.slack.conftest import NAMES, QUICK, TEXTS, example, task_of, tasks

SAID = (Said("A is better", (3, 4), ("It is shorter.",)), Said("a tie", (5,)))


def case_of(task: TaskView, why: Why = Why.DISAGREED, *said: Said, flags: int = 0) -> Case:
    """Return a case about a task."""
    return Case(7, 1, "Tone of voice", why, task.form, said, ("Cut off.",) * flags)


def messages() -> list[Drawn]:
    """Return every message there is to see."""
    task = example("comparison")
    return [
        reviewing.case(case_of(task, Why.DISAGREED, *SAID)),
        reviewing.case(case_of(task, Why.FLAGGED, *SAID, flags=2), "Decided.", 6),
        reviewing.case(case_of(task, Why.SET_ASIDE)),
        reviewing.nothing(),
        reviewing.nothing("Decided."),
    ]


def views() -> list[dict[str, Any]]:
    """Return every window there is to see."""
    case = case_of(example("comparison"), Why.DISAGREED, *SAID)
    return [reviewing.deciding(case, "{}"), reviewing.sending_back(case, "{}")]


def test_the_screens_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert [*messages(), *views()] == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_decided(kind: str) -> None:
    assert check_view(reviewing.deciding(case_of(example(kind)), "{}")) == []


@QUICK
@given(data=st.data(), name=st.sampled_from(NAMES), words=TEXTS, count=st.integers(0, 12))
def test_slack_takes_whatever_was_said(
    data: st.DataObject, name: str, words: str, count: int
) -> None:
    said = [Said(words or "x", (number,), (words,)) for number in range(count)]
    case = case_of(data.draw(tasks(name)), Why.FLAGGED, *said, flags=9)
    drawn = reviewing.case(case, "Decided.", 1)
    assert check_message({"blocks": drawn.blocks, "text": drawn.text}) == []
    assert "secret-model" not in str(drawn)
    assert check_view(reviewing.deciding(case, "{}")) == []


def test_a_long_conversation_rated_turn_by_turn_can_be_decided() -> None:
    image = Media("image", "https://x.example/1.png", "A cat")
    talk = tuple(Turn(role, "x" * 3_000) for _ in range(13) for role in ("user", "assistant"))
    content = Content(talk, media=(image,) * 10)
    settings = RatingSettings(per_turn=True)
    RATING.accept(content, settings)
    case = case_of(task_of(RATING, content, settings, ()), Why.DISAGREED, *SAID)
    drawn = reviewing.case(case)
    assert check_message({"blocks": drawn.blocks, "text": drawn.text}) == []
    assert "18 earlier turns of the conversation" in str(drawn)
    assert check_view(reviewing.deciding(case, "{}")) == []
