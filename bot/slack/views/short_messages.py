"""Short messages: reminders, notices on tasks, replies in threads, and export results."""

from __future__ import annotations

from bot.cadence.reminders import ReminderStage
from bot.services.threads.thread_drafts import ThreadDraft
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.parsing.action_ids import Action
from storage.tables import ExportRun, RunState

NEXT_TASK = Action("next_task")

REMINDER_TEMPLATES = {
    ReminderStage.FIRST: "You have {tasks} in {campaigns}. Continue when it suits you.",
    ReminderStage.NEXT: "You still have {tasks} in {campaigns}.",
    ReminderStage.LAST: (
        "You still have {tasks} in {campaigns}. This is the last reminder. No action is needed if "
        "you are busy; {outcome} go to another expert."
    ),
}
"""Texts of a reminder by its stage."""

FILE_NOT_SENT_TEXT = "Slack did not accept the file {name}; it is on the bot's machine: {path}"
"""What is posted instead of a file that could not be uploaded."""

FILE_TOO_LARGE_TEXT = (
    "The export is not attached: its ZIP archive has more than {limit} MB. It is on the bot's "
    "machine: {path}"
)


def render_text(text: str) -> Message:
    """Render a text that may quote what somebody wrote."""
    return Message(escape_mrkdwn(text), [plain_rich_text(text)])


def render_reminder(campaigns: list[str], stage: str = ReminderStage.FIRST) -> Message:
    """Render one reminder of all open tasks: the campaign title of each, and the stage."""
    titles = ", ".join(f"“{title}”" for title in dict.fromkeys(campaigns))
    text = REMINDER_TEMPLATES[ReminderStage(stage)].format(
        tasks=pluralize(len(campaigns), "open task"),
        campaigns=titles,
        outcome="it will" if len(campaigns) == 1 else "they will",
    )
    resume = button("Continue", NEXT_TASK.action_id, NEXT_TASK.value, style="primary")
    return Message(escape_mrkdwn(text), [plain_rich_text(text), actions("reminder", resume)])


def render_expired() -> Message:
    """Render the notice on a task whose lease has expired."""
    text = (
        "This task went to another expert because its time limit has passed. "
        "You get no more messages until you ask for a task."
    )
    next_task = button("Get next task", NEXT_TASK.action_id, NEXT_TASK.value)
    return Message(text, [plain_rich_text(text), actions("expired", next_task)])


def render_unassigned(*, is_excluded: bool = False, is_deleted: bool = False) -> Message:
    """Render the notice on a task that a coordinator unassigned.

    `is_excluded`: the expert's answers are excluded, so the campaign assigns them no more tasks.
    `is_deleted`: nobody gets the task any more.
    """
    text = "A coordinator assigned this task to another expert."
    if is_deleted:
        text = "A coordinator deleted this item, so it needs no answer."
    if is_excluded:
        text = f"{text} You get no more tasks of this campaign."
        return Message(text, [plain_rich_text(text)])
    next_task = button("Get next task", NEXT_TASK.action_id, NEXT_TASK.value)
    return Message(text, [plain_rich_text(text), actions("unassigned", next_task)])


def render_released(*, is_opt_out: bool = False) -> Message:
    """Render the notice on a task that was released because its expert is away or opted out."""
    text = (
        "This task went to another expert."
        if is_opt_out
        else "This task went to another expert while you are away. Enjoy your time off."
    )
    return Message(text, [plain_rich_text(text)])


def render_superseded() -> Message:
    """Render the notice on a message whose task is shown again in a newer message."""
    text = "Moved below."
    return Message(text, [plain_rich_text(text)])


def render_draft_status(assignment_id: int, draft: ThreadDraft) -> Message:
    """Render the length of the response written in a task's thread, with buttons to save it."""
    messages = pluralize(draft.part_count, "message")
    text = f"Draft: {pluralize(draft.characters, 'character')} in {messages}. Not saved yet."
    save, restart = Action("save_thread", assignment_id), Action("restart_thread", assignment_id)
    return Message(
        text,
        [
            plain_rich_text(f"{text} Add more, or save it."),
            actions(
                f"draft:{assignment_id}",
                button("Save response", save.action_id, save.value, style="primary"),
                button("Start over", restart.action_id, restart.value),
            ),
        ],
    )


def render_draft_saved(characters: int) -> Message:
    """Render the receipt of a response that was saved from a thread."""
    text = (
        f"✓ Saved: {pluralize(characters, 'character')}. To add to it, write here and save again."
    )
    return Message(text, [plain_rich_text(text)])


def render_export_result(run: ExportRun, title: str, *, is_withheld: bool = False) -> Message:
    """Render the result of an export: its rows and path, or why it failed.

    `is_withheld`: the file names the models, so it is not sent to somebody who labels in the
    campaign.
    """
    export_name = f"“{title}” ({run.format})"
    if run.state != RunState.DONE:
        what = "Scheduled export" if run.schedule_id else "Export"
        return render_text(f"{what} of {export_name} failed: {(run.error or '').rstrip('.')}.")
    left_out = f", {run.left_out:,} left out" if run.left_out else ""
    withheld_text = (
        " The file is not sent to you, because it names the models and you label in this campaign. "
        "A coordinator who does not label in it gets the file with /label export; or leave the "
        "campaign in /label experts first."
        if is_withheld
        else ""
    )
    delivered = f" Delivered to {run.location}." if run.location else ""
    return render_text(
        f"Exported {export_name}: {pluralize(run.rows or 0, 'row')}{left_out}."
        f"{_missed_text(run)}{delivered}{withheld_text} Path on the bot's machine: {run.path}"
    )


def _missed_text(run: ExportRun) -> str:
    if not run.missed_runs:
        return ""
    return f" It replaces {run.missed_runs + 1:,} scheduled exports that were missed."


def render_draft_discarded() -> Message:
    """Render the notice that the draft in a thread was discarded."""
    return render_text("Started over. Earlier messages no longer count. Write your response here.")
