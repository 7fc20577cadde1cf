"""Every word of the outbox and how it is said: drawn now, from what the database says now."""

from __future__ import annotations

from bot.slack.outbox.messages import (
    campaigns,
    charts,
    digests,
    exports,
    files,
    questions,
    reminders,
    tasks,
    threads,
    welcome_back,
)
from bot.slack.outbox.messages.send import AfterDelivery, DeliverMessage

__all__ = ["MESSAGE_TYPES", "AfterDelivery", "DeliverMessage"]

MESSAGE_TYPES: dict[str, DeliverMessage] = {
    "turn": tasks.deliver_task_page,
    "task": tasks.deliver_new_task,
    "retired": tasks.deliver_superseded,
    "expired": tasks.deliver_expired,
    "released": tasks.deliver_released,
    "recalled": tasks.deliver_recent_answer,
    "welcome": welcome_back.deliver_welcome_back,
    "stay": welcome_back.deliver_opt_out_question,
    "instead": welcome_back.deliver_text_in_place,
    "reminder": reminders.deliver_reminder,
    "words": reminders.deliver_text,
    "piece": threads.deliver_draft_status,
    "saved": threads.deliver_draft_saved,
    "heard": threads.deliver_incoming_message,
    "file": threads.deliver_incoming_file,
    "asked": questions.deliver_question_thread,
    "question": questions.deliver_question,
    "reply": questions.deliver_question_answer,
    "settled": questions.deliver_question_update,
    "flagged": questions.deliver_flag,
    "exported": exports.deliver_export_result,
    "arriving": files.deliver_upload,
    "imported": files.deliver_import_result,
    "gather": campaigns.deliver_member_lookup,
    "ready": campaigns.deliver_campaign_created,
    "test": campaigns.deliver_test_task,
    "chart": charts.deliver_chart,
    "digest": digests.deliver_digest,
}
