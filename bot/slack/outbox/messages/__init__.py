"""The registry of message types. Each message is rendered on delivery, from the current data."""

from __future__ import annotations

from bot.slack.outbox.messages import (
    campaigns,
    charts,
    digests,
    exports,
    files,
    media,
    practice,
    quality,
    questions,
    reminders,
    tasks,
    threads,
    welcome_back,
)
from bot.slack.outbox.messages.send import AfterDelivery, DeliverMessage

__all__ = ["MESSAGE_TYPES", "AfterDelivery", "DeliverMessage"]

MESSAGE_TYPES: dict[str, DeliverMessage] = {
    "task_page": tasks.deliver_task_page,
    "new_task": tasks.deliver_new_task,
    "superseded": tasks.deliver_superseded,
    "expired": tasks.deliver_expired,
    "unassigned": tasks.deliver_unassigned,
    "released": tasks.deliver_released,
    "recent_answer": tasks.deliver_recent_answer,
    "media": media.deliver_media,
    "task_images": media.deliver_task_images,
    "welcome_back": welcome_back.deliver_welcome_back,
    "opt_out_question": welcome_back.deliver_opt_out_question,
    "text_in_place": welcome_back.deliver_text_in_place,
    "reminder": reminders.deliver_reminder,
    "text": reminders.deliver_text,
    "draft_status": threads.deliver_draft_status,
    "draft_saved": threads.deliver_draft_saved,
    "incoming_message": threads.deliver_incoming_message,
    "incoming_file": threads.deliver_incoming_file,
    "question_thread": questions.deliver_question_thread,
    "question": questions.deliver_question,
    "question_answer": questions.deliver_question_answer,
    "question_update": questions.deliver_question_update,
    "flag": questions.deliver_flag,
    "quality_alert": quality.deliver_quality_alert,
    "campaign_jump": quality.deliver_campaign_jump,
    "gold_appeal": quality.deliver_appeal,
    "practice_failure": practice.deliver_practice_failure,
    "export_result": exports.deliver_export_result,
    "export_file": exports.deliver_export_file,
    "upload": files.deliver_upload,
    "file_received": files.deliver_file_received,
    "import_result": files.deliver_import_result,
    "rejected_rows": files.deliver_rejected_rows,
    "member_lookup": campaigns.deliver_member_lookup,
    "invited": campaigns.deliver_invited,
    "campaign_created": campaigns.deliver_campaign_created,
    "test_task": campaigns.deliver_test_task,
    "chart": charts.deliver_chart,
    "digest": digests.deliver_digest,
}
