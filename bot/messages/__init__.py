"""Messages in the outbox: one dataclass per message type, and the registry of their stored names.

A service queues a message with `outbox.enqueue`; `bot/slack/outbox` parses and delivers it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import (
    campaigns,
    charts,
    digests,
    exports,
    imports,
    media,
    practice,
    quality,
    questions,
    reminders,
    removal,
    tasks,
    texts,
    threads,
    welcome_back,
    work,
)
from bot.messages.payload import PayloadError, deserialize
from bot.messages.queued_message import QueuedMessage

MESSAGE_CLASSES: dict[str, type[QueuedMessage]] = {
    "task_page": tasks.TaskPageMessage,
    "new_task": tasks.NewTaskMessage,
    "superseded": tasks.SupersededMessage,
    "expired": tasks.ExpiredMessage,
    "released": tasks.ReleasedMessage,
    "unassigned": tasks.UnassignedMessage,
    "recent_answer": tasks.RecentAnswerMessage,
    "media": media.MediaMessage,
    "task_images": media.TaskImagesMessage,
    "welcome_back": welcome_back.WelcomeBackMessage,
    "opt_out_question": welcome_back.OptOutQuestionMessage,
    "text": texts.TextMessage,
    "text_in_place": texts.TextInPlaceMessage,
    "message_removal": removal.MessageRemoval,
    "file_removal": removal.FileRemoval,
    "reminder": reminders.TaskReminderMessage,
    "draft_status": threads.DraftStatusMessage,
    "draft_saved": threads.DraftSavedMessage,
    "incoming_message": threads.IncomingMessage,
    "incoming_file": threads.IncomingFileMessage,
    "question_thread": questions.QuestionThreadMessage,
    "question": questions.QuestionMessage,
    "question_answer": questions.QuestionAnswerMessage,
    "question_update": questions.QuestionUpdateMessage,
    "flag": questions.FlagMessage,
    "quality_alert": quality.QualityAlertMessage,
    "campaign_warning": campaigns.CampaignWarningMessage,
    "campaign_jump": quality.CampaignJumpMessage,
    "gold_appeal": quality.AppealMessage,
    "practice_failure": practice.PracticeFailureMessage,
    "export_result": exports.ExportResultMessage,
    "export_file": exports.ExportFileMessage,
    "upload": imports.UploadMessage,
    "file_received": imports.FileReceivedMessage,
    "import_result": imports.ImportResultMessage,
    "rejected_rows": imports.RejectedRowsMessage,
    "member_lookup": campaigns.MemberLookupMessage,
    "invitation_list": campaigns.InvitationListMessage,
    "invited": campaigns.InvitedMessage,
    "campaign_created": campaigns.CampaignCreatedMessage,
    "test_task": campaigns.TaskTestMessage,
    "chart": charts.ChartMessage,
    "digest": digests.DigestMessage,
    "work_file": work.WorkFileMessage,
}
"""The class of each stored name."""


def parse_message(message_type: str, payload: Mapping[str, object]) -> QueuedMessage:
    """Return a message of the outbox from its stored name and payload.

    Raises:
        PayloadError: the name is unknown, or the payload does not fit it.
    """
    cls = MESSAGE_CLASSES.get(message_type)
    if cls is None:
        raise PayloadError(message_type, "unknown; known are " + ", ".join(MESSAGE_CLASSES))
    return deserialize(cls, payload, message_type)
