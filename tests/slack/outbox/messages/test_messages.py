"""The registry of message types."""

from __future__ import annotations

from bot.slack.outbox.messages import MESSAGE_TYPES


def test_every_queued_message_type_is_registered() -> None:
    assert set(MESSAGE_TYPES) == {
        "question_thread",
        "question",
        "question_answer",
        "question_update",
        "flag",
        "task_page",
        "new_task",
        "superseded",
        "reminder",
        "expired",
        "unassigned",
        "released",
        "recent_answer",
        "welcome_back",
        "opt_out_question",
        "text_in_place",
        "draft_status",
        "draft_saved",
        "incoming_message",
        "incoming_file",
        "text",
        "export_result",
        "member_lookup",
        "campaign_created",
        "test_task",
        "upload",
        "import_result",
        "chart",
        "digest",
    }
