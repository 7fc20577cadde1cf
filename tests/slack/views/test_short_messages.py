"""Short messages: Slack accepts any quoted text, and buttons have the right target."""

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


def export_run(**fields: object) -> ExportRun:
    """Return an export run."""
    defaults: dict[str, object] = {
        "format": "preference",
        "directory": "exports",
        "campaign_id": 1,
        "due_at": datetime(2026, 3, 2, tzinfo=UTC),
        "state": RunState.DONE,
        "rows": 1_234,
        "left_out": 0,
        "path": "/srv/exports/tone-2026-03-02",
    }
    return ExportRun.model_validate({**defaults, **fields})


MESSAGES: dict[str, Message] = {
    "reminder of one task": short_messages.render_reminder(["Tone of voice"]),
    "reminder of three tasks": short_messages.render_reminder(["Tone", "Jokes", "Tone"]),
    "second reminder": short_messages.render_reminder(["Tone of voice"], "next"),
    "last reminder of one task": short_messages.render_reminder(["Tone of voice"], "last"),
    "last reminder of two tasks": short_messages.render_reminder(["Tone", "Jokes"], "last"),
    "expired": short_messages.render_expired(),
    "unassigned": short_messages.render_unassigned(),
    "unassigned, answers excluded": short_messages.render_unassigned(is_excluded=True),
    "released": short_messages.render_released(),
    "released by opting out": short_messages.render_released(is_opt_out=True),
    "superseded": short_messages.render_superseded(),
    "draft of one message": short_messages.render_draft_status(17, ThreadDraft(1_234, 1)),
    "draft of three messages": short_messages.render_draft_status(17, ThreadDraft(45_678, 3)),
    "draft saved": short_messages.render_draft_saved(45_678),
    "draft discarded": short_messages.render_draft_discarded(),
    "exported": short_messages.render_export_result(export_run(), "Tone of voice"),
    "exported with answers left out": short_messages.render_export_result(
        export_run(left_out=7), "Tone of voice"
    ),
    "exported, file withheld": short_messages.render_export_result(
        export_run(), "Tone of voice", is_withheld=True
    ),
    "export failed": short_messages.render_export_result(
        export_run(state=RunState.FAILED, error="no disk"), "Tone of voice"
    ),
    "scheduled export failed": short_messages.render_export_result(
        export_run(state=RunState.FAILED, error="no disk.", schedule_id=1), "Tone of voice"
    ),
    "exported in place of missed runs": short_messages.render_export_result(
        export_run(missed_runs=2), "Tone of voice"
    ),
    "text": short_messages.render_text(
        "“a<b>.txt” could not be added: it is not UTF-8 text; save it as .txt in UTF-8."
    ),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_message(message: Message, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(message) == snapshot
    assert message_problems(message) == []


@FEWER_EXAMPLES
@given(titles=st.lists(TITLES, min_size=1, max_size=20))
def test_slack_accepts_reminder_with_any_titles(titles: list[str]) -> None:
    message = short_messages.render_reminder(titles)
    assert [
        problem for problem in message_problems(message) if "too long" not in str(problem)
    ] == []
    assert all(visible_text(message.blocks).count(f"“{title}”") >= 1 for title in titles)


@FEWER_EXAMPLES
@given(text=MARKDOWN.filter(str.strip))
def test_quoted_text_is_shown_unchanged(text: str) -> None:
    message = short_messages.render_text(text[:3_000])
    assert message_problems(message) == []
    assert visible_text(message.blocks) == text[:3_000]


def test_every_message_has_rich_text() -> None:
    """Slack does not replace a message that has rich text with one that has none."""
    for message in MESSAGES.values():
        assert any(block["type"] == "rich_text" for block in message.blocks)


def test_draft_buttons_target_the_task() -> None:
    blocks = MESSAGES["draft of three messages"].blocks
    found = [parse_block_action(element) for element in objects_in(blocks) if "value" in element]
    assert [(action.name, action.target_id) for action in found] == [
        ("save_thread", 17),
        ("restart_thread", 17),
    ]


@pytest.mark.parametrize("name", ["reminder of one task", "expired", "unassigned"])
def test_button_gets_the_next_task(name: str) -> None:
    (button,) = [part for part in objects_in(MESSAGES[name].blocks) if "value" in part]
    assert parse_block_action(button).name == "next_task"
