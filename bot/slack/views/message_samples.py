"""A sample of every message type, for checks with Slack's own validator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from bot.kinds import KINDS
from bot.messages.campaigns import InvitationListMessage
from bot.services.campaigns.create import CreatedCampaign
from bot.services.campaigns.invitations import Invitation, InvitationResult, MemberLookup
from bot.services.imports.uploads import UploadedFile
from bot.services.reports.digest import WeeklyDigest
from bot.services.reports.remedies import CampaignWarning, invite_more
from bot.services.reviews.appeals import AppealCase, GoldVerdict
from bot.services.tasks.expert_progress import Progress
from bot.services.tasks.next_task import Receipt, TaskPage
from bot.services.tasks.task_preview import preview_example
from bot.services.threads.thread_drafts import ThreadDraft
from bot.slack.blockkit.message import Message
from bot.slack.views import (
    appeals,
    availability_messages,
    campaign_created,
    campaign_jumps,
    digest,
    imports,
    media,
    practice,
    quality_alerts,
    questions_coordinator,
    short_messages,
    task_message,
    task_preview,
    warnings,
)
from storage.queries.campaign_jumps import CampaignJumpRow
from storage.queries.practice import PracticeMember
from storage.queries.quality_alerts import AlertRow
from storage.queries.questions_and_flags import QuestionOrFlag
from storage.tables import (
    Campaign,
    CampaignJump,
    Expert,
    ExportRun,
    ImportRun,
    Membership,
    QualityAlert,
)

TITLE, GUIDELINES = "Tone of voice", "Prefer the *friendlier* answer.\n\n- Ignore typing errors."

LONG_TEXT = "A long passage. " * 400

NOW = datetime(2030, 5, 31, 9, 0, tzinfo=UTC)

CAMPAIGN = Campaign(
    id=1, name="tone", title=TITLE, kind="comparison", overlap=2, lease_minutes=60, seed="1"
)
EXPERT = Expert(id=7, slack_id="U0ADA", name="Ada", pseudonym="expert-1", work_days=[1, 2, 3])
MEMBER = Membership(campaign_id=1, expert_id=7, practice_failures=2)

TASK = preview_example(next(iter(KINDS)), {}, TITLE, GUIDELINES)
RECEIPT = Receipt(1, "Saved: A is better", "Edit…", "Write a better response…")
TASK_MESSAGE = task_message.render_task_page(TaskPage(None, RECEIPT, TASK, 3))

QUESTION = QuestionOrFlag(
    id=3,
    text=LONG_TEXT,
    assignment_id=17,
    task_id=5,
    campaign_id=1,
    campaign_name="tone",
    item_key="pair-1",
    slack_id="U0ADA",
    expert_name="Ada",
    outcome=None,
)
ALERT = QualityAlert(
    id=3, campaign_id=1, expert_id=7, pattern="chance", text=LONG_TEXT, created_at=NOW
)
JUMP = CampaignJump(
    id=3, campaign_id=1, figure="pace", week=date(2030, 5, 27), text=LONG_TEXT, created_at=NOW
)
APPEAL = AppealCase(5, "Ada", GoldVerdict(17, TITLE, "pair-1", "A is better", "B is better"))
EXPORT = ExportRun(
    id=3,
    campaign_id=1,
    format="preference",
    directory="exports",
    due_at=NOW,
    state="done",
    rows=12,
    path="exports/tone",
)
IMPORT = ImportRun(
    id=3,
    campaign_id=1,
    requested_by="U1",
    name="pairs.csv",
    path="pairs.csv",
    state="done",
    added=3,
    rejected=2,
    created_at=NOW,
)
ROW = {"question": "What is late?", "answer": LONG_TEXT}
FILE = UploadedFile(3, "pairs.csv", tuple(ROW), (ROW, ROW), "tone")
WARNING = CampaignWarning("unassignable", "12 items suit no member", (invite_more(2),), "few")
MEMBERS = MemberLookup(["U0ADA", "U0BOB"], 1, [])
LISTED = InvitationListMessage(
    slack_ids=("U0ADA",), coordinators=("U0BOB",), existing=("U0CY",), campaign="tone"
)

MESSAGE_SAMPLES: Mapping[str, Message] = {
    "task_page": TASK_MESSAGE,
    "new_task": task_message.render_task_page(TaskPage(None, None, TASK, 1)),
    "superseded": short_messages.render_superseded(),
    "expired": short_messages.render_expired(),
    "unassigned": short_messages.render_unassigned(),
    "released": short_messages.render_released(),
    "recent_answer": task_message.render_recent_answer(TASK),
    "media": media.render_delay(TITLE, "audio"),
    "task_images": TASK_MESSAGE,
    "welcome_back": availability_messages.render_welcome_back(Progress(3, 40, 5, has_more=True), 2),
    "opt_out_question": availability_messages.render_opt_out_question(),
    "text_in_place": short_messages.render_text(TITLE),
    "reminder": short_messages.render_reminder([TITLE]),
    "text": short_messages.render_text(LONG_TEXT),
    "draft_status": short_messages.render_draft_status(17, ThreadDraft(5_000, 2)),
    "draft_saved": short_messages.render_draft_saved(5_000),
    "question_thread": short_messages.render_text(QUESTION.text),
    "question": questions_coordinator.render_question(QUESTION),
    "question_answer": short_messages.render_text(LONG_TEXT),
    "question_update": questions_coordinator.render_question(QUESTION._replace(outcome=LONG_TEXT)),
    "flag": questions_coordinator.render_flag(QUESTION, is_on_hold=True),
    "quality_alert": quality_alerts.render_quality_alert(AlertRow(ALERT, CAMPAIGN, EXPERT, MEMBER)),
    "campaign_warning": warnings.render_warning(TITLE, 1, WARNING),
    "campaign_jump": campaign_jumps.render_campaign_jump(CampaignJumpRow(JUMP, CAMPAIGN)),
    "gold_appeal": appeals.render_appeal(APPEAL),
    "practice_failure": practice.render_practice_failure(PracticeMember(MEMBER, CAMPAIGN, EXPERT)),
    "export_result": short_messages.render_export_result(EXPORT, TITLE),
    "file_received": imports.render_file_received(FILE),
    "import_result": imports.render_import_result(IMPORT, TITLE),
    "invitation_list": campaign_created.render_invitation_list(LISTED, 3),
    "invited": campaign_created.render_invited(
        MEMBERS,
        InvitationResult("tone", ("U0ADA",), ("U0BOB",)),
        Invitation(people=["U0ADA", "U0BOB"], campaign="tone"),
    ),
    "campaign_created": campaign_created.render_created(CreatedCampaign(1, "tone", TITLE, 0, 0)),
    "test_task": task_preview.render_test_task(TASK),
    "digest": digest.render_digest(WeeklyDigest((), (("Ada", 12),))),
}
"""A sample by message type, with long texts where people or files write them."""

WITHOUT_BLOCKS = {
    "message_removal": "deletes a message",
    "file_removal": "deletes a file",
    "incoming_message": "stores what a person wrote",
    "incoming_file": "reads a file that a person uploaded",
    "export_file": "uploads a file",
    "upload": "reads a file that a person uploaded",
    "rejected_rows": "uploads a file",
    "member_lookup": "reads members of a channel",
    "chart": "uploads an image",
    "work_file": "uploads a file",
}
"""Why a message type has no sample, by message type."""
