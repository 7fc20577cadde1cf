"""Short messages: Slack takes them whatever they quote, and they say what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.writing import Draft
from bot.slack import notes
from bot.slack.cards import Drawn
from bot.slack.ids import press_from
from storage.tables import ExportRun, RunState
from tests.slack.conftest import MARKDOWN, QUICK, as_sent, objects_in, refused, told

TITLES = st.text(min_size=1, max_size=200) | st.sampled_from(["<!channel>", "*b*", "<@U1>", "🙂"])


def run(**said: object) -> ExportRun:
    """Return an export run."""
    known: dict[str, object] = {
        "format": "preference",
        "directory": "exports",
        "campaign_id": 1,
        "due_at": datetime(2026, 3, 2, tzinfo=UTC),
        "state": RunState.DONE,
        "rows": 1_234,
        "left_out": 0,
        "path": "/srv/exports/tone-2026-03-02",
    }
    return ExportRun.model_validate({**known, **said})


ALL: dict[str, Drawn] = {
    "a reminder of one": notes.reminder(["Tone of voice"]),
    "a reminder of three": notes.reminder(["Tone", "Jokes", "Tone"]),
    "the second reminder": notes.reminder(["Tone of voice"], "next"),
    "the last reminder of one": notes.reminder(["Tone of voice"], "last"),
    "the last reminder of two": notes.reminder(["Tone", "Jokes"], "last"),
    "moved on": notes.moved_on(),
    "moved on while away": notes.moved_on_meanwhile(),
    "further down": notes.further_down(),
    "the first piece": notes.piece(17, Draft(1_234, 1)),
    "more pieces": notes.piece(17, Draft(45_678, 3)),
    "saved": notes.saved(45_678),
    "started over": notes.started_over(),
    "exported": notes.exported(run(), "Tone of voice"),
    "exported with some left out": notes.exported(run(left_out=7), "Tone of voice"),
    "not exported": notes.exported(run(state=RunState.FAILED, error="no disk"), "Tone of voice"),
    "words": notes.plain_words("“a<b>.txt” could not be added: it is no UTF-8 text."),
}


@pytest.mark.parametrize("drawn", ALL.values(), ids=ALL.keys())
def test_a_note_looks_like_this(drawn: Drawn, snapshot: SnapshotAssertion) -> None:
    assert as_sent(drawn) == snapshot
    assert refused(drawn) == []


@QUICK
@given(titles=st.lists(TITLES, min_size=1, max_size=20))
def test_slack_takes_a_reminder_whatever_campaigns_are_called(titles: list[str]) -> None:
    drawn = notes.reminder(titles)
    assert [problem for problem in refused(drawn) if "too long" not in str(problem)] == []
    assert all(told(drawn.blocks).count(f"“{title}”") >= 1 for title in titles)


@QUICK
@given(words=MARKDOWN.filter(str.strip))
def test_words_that_quote_somebody_are_shown_to_the_letter(words: str) -> None:
    drawn = notes.plain_words(words[:3_000])
    assert refused(drawn) == []
    assert told(drawn.blocks) == words[:3_000]


def test_every_note_holds_rich_text_because_slack_lets_none_be_replaced_by_less() -> None:
    for drawn in ALL.values():
        assert any(block["type"] == "rich_text" for block in drawn.blocks)


def test_the_buttons_of_a_thread_are_about_its_task() -> None:
    pressed = [press_from(o) for o in objects_in(ALL["more pieces"].blocks) if "value" in o]
    assert [(press.deed, press.assignment) for press in pressed] == [("save", 17), ("restart", 17)]


@pytest.mark.parametrize("name", ["a reminder of one", "moved on"])
def test_who_was_away_is_one_tap_from_the_next_task(name: str) -> None:
    (button,) = [o for o in objects_in(ALL[name].blocks) if "value" in o]
    assert press_from(button).deed == "next"
