"""Why the bot sends a message of each type, in plain words for the contact log."""

from __future__ import annotations

from typing import NamedTuple

from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import NewTaskMessage
from bot.messages.texts import TextMessage

PERSON = "the person"
"""How a reason names the person who got the message."""


class ContactReason(NamedTuple):
    """What was sent, and why: a clause that follows “because”, in the past about “the person”.

    Neither says anything about the content.
    """

    subject: str
    reason: str


REPLY = ContactReason("Reply", "it replies to something that the person did")
REQUESTED_TASK = ContactReason("Task", "the person asked for one")
ASSIGNED_TASK = ContactReason("Task", "the bot assigned it")
UNKNOWN_TYPE = ContactReason("Message", "a newer version of the bot sent it")

CONTACT_REASONS: dict[str, ContactReason] = {
    "task_page": ContactReason("Task", "it is the next one after an answer, a skip or a request"),
    "new_task": ContactReason("Task", "it is the next one after an action"),
    "message_removal": ContactReason("Removal", "the task was answered some time ago"),
    "file_removal": ContactReason("Removal", "the task was answered some time ago"),
    "superseded": ContactReason("Update", "the task is shown in a newer message"),
    "expired": ContactReason("Update", "the time limit of a task ended"),
    "released": ContactReason("Update", "the task went to another expert"),
    "unassigned": ContactReason("Update", "a coordinator unassigned or deleted the task"),
    "recent_answer": ContactReason("Task", "the person wanted to change an answer"),
    "media": ContactReason("Audio or video", "it belongs to a task"),
    "task_images": ContactReason("Update", "Slack shows an image of a task now"),
    "welcome_back": ContactReason("Summary", "the time off ended"),
    "opt_out_question": ContactReason("Question", "several reminders were not answered"),
    "text": ContactReason("News", "there is news about tasks or campaigns"),
    "text_in_place": ContactReason("Confirmation", "the person took time off or left campaigns"),
    "reminder": ContactReason("Reminder", "tasks are open"),
    "draft_status": ContactReason("Draft", "the person wrote in the thread of a task"),
    "draft_saved": ContactReason("Receipt", "the person saved a response"),
    "incoming_message": ContactReason("Reply", "the person wrote to the bot"),
    "incoming_file": ContactReason("Reply", "the person added a file to a thread"),
    "question_thread": ContactReason("Question", "the person asked it; its thread has the answer"),
    "question": ContactReason("Question", "an expert asked it"),
    "question_answer": ContactReason("Answer", "a coordinator answered a question"),
    "question_update": ContactReason("Update", "a question was answered"),
    "flag": ContactReason("Flag", "an expert flagged an item"),
    "quality_alert": ContactReason("Warning", "the answers of an expert clearly fail"),
    "campaign_warning": ContactReason("Warning", "a campaign needs a coordinator"),
    "campaign_jump": ContactReason("Warning", "a week of a campaign differs from those before"),
    "gold_appeal": ContactReason("Appeal", "an expert appealed a gold answer"),
    "practice_failure": ContactReason("Warning", "an expert failed the practice"),
    "export_result": ContactReason("Result", "an export finished or failed"),
    "export_file": ContactReason("File", "an export finished"),
    "upload": ContactReason("Error", "a file could not be read"),
    "file_received": ContactReason("Question", "the person sent a file to import"),
    "import_result": ContactReason("Result", "an import finished or failed"),
    "rejected_rows": ContactReason("File", "an import rejected rows"),
    "member_lookup": ContactReason("Reply", "the person invited people"),
    "invitation_list": ContactReason("List", "the person invited the members of a channel"),
    "invited": ContactReason("Result", "the person invited people"),
    "campaign_created": ContactReason("Result", "the person created a campaign"),
    "test_task": ContactReason("Test task", "the person asked for it"),
    "chart": ContactReason("Chart", "the person asked for it"),
    "digest": ContactReason("Weekly summary", "it is sent to coordinators each week"),
    "work_file": ContactReason("File", "the person asked for it"),
}
"""The reason by message type. Messages whose data says more have another (`reason_of`)."""


def reason_of(message: QueuedMessage) -> ContactReason:
    """Return what a message is, and why it is sent."""
    match message:
        case NewTaskMessage(is_requested=True):
            return REQUESTED_TASK
        case NewTaskMessage(is_dispatched=True):
            return ASSIGNED_TASK
        case TextMessage(reason=reason) if reason:
            return ContactReason("News", reason)
        case TextMessage(is_reply=True):
            return REPLY
        case _:
            return CONTACT_REASONS[message.message_type]


def own_reason(reason: str) -> str:
    """Return a reason as it is shown to the person who got the message."""
    return reason.replace(PERSON, "you")
