"""Short messages: Slack takes them whatever they quote, and they say what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.threads.thread_drafts import ThreadDraft
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import short_messages
from storage.tables import ExportRun, RunState
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    MARKDOWN,
    message_problems,
    message_yaml,
    objects_in,
    visible_text,
)

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
        "rows_skipped": 0,
        "path": "/srv/exports/tone-2026-03-02",
    }
    return ExportRun.model_validate({**known, **said})


ALL: dict[str, Message] = {
    "a reminder of one": short_messages.render_reminder(["Tone of voice"]),
    "a reminder of three": short_messages.render_reminder(["Tone", "Jokes", "Tone"]),
    "the second reminder": short_messages.render_reminder(["Tone of voice"], "next"),
    "the last reminder of one": short_messages.render_reminder(["Tone of voice"], "last"),
    "the last reminder of two": short_messages.render_reminder(["Tone", "Jokes"], "last"),
    "moved on": short_messages.render_expired(),
    "moved on while away": short_messages.render_released(),
    "further down": short_messages.render_superseded(),
    "the first piece": short_messages.render_draft_status(17, ThreadDraft(1_234, 1)),
    "more pieces": short_messages.render_draft_status(17, ThreadDraft(45_678, 3)),
    "saved": short_messages.render_draft_saved(45_678),
    "started over": short_messages.render_draft_discarded(),
    "exported": short_messages.render_export_result(run(), "Tone of voice"),
    "exported with some left out": short_messages.render_export_result(
        run(rows_skipped=7), "Tone of voice"
    ),
    "not exported": short_messages.render_export_result(
        run(state=RunState.FAILED, error="no disk"), "Tone of voice"
    ),
    "words": short_messages.render_text("“a<b>.txt” could not be added: it is no UTF-8 text."),
}


@pytest.mark.parametrize("message", ALL.values(), ids=ALL.keys())
def test_a_note_looks_like_this(message: Message, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(message) == snapshot
    assert message_problems(message) == []


@FEWER_EXAMPLES
@given(titles=st.lists(TITLES, min_size=1, max_size=20))
def test_slack_takes_a_reminder_whatever_campaigns_are_called(titles: list[str]) -> None:
    message = short_messages.render_reminder(titles)
    assert [
        problem for problem in message_problems(message) if "too long" not in str(problem)
    ] == []
    assert all(visible_text(message.blocks).count(f"“{title}”") >= 1 for title in titles)


@FEWER_EXAMPLES
@given(words=MARKDOWN.filter(str.strip))
def test_words_that_quote_somebody_are_shown_to_the_letter(words: str) -> None:
    message = short_messages.render_text(words[:3_000])
    assert message_problems(message) == []
    assert visible_text(message.blocks) == words[:3_000]


def test_every_note_holds_rich_text_because_slack_lets_none_be_replaced_by_less() -> None:
    for message in ALL.values():
        assert any(block["type"] == "rich_text" for block in message.blocks)


def test_the_buttons_of_a_thread_are_about_its_task() -> None:
    pressed = [parse_block_action(o) for o in objects_in(ALL["more pieces"].blocks) if "value" in o]
    assert [(payload.name, payload.target_id) for payload in pressed] == [
        ("save_thread", 17),
        ("restart_thread", 17),
    ]


@pytest.mark.parametrize("name", ["a reminder of one", "moved on"])
def test_who_was_away_is_one_tap_from_the_next_task(name: str) -> None:
    (button,) = [o for o in objects_in(ALL[name].blocks) if "value" in o]
    assert parse_block_action(button).name == "next_task"
