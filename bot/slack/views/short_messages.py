"""Short messages that are no task: reminders, receipts in threads, words that say what to do."""

from __future__ import annotations

from bot.cadence.reminders import ReminderStage
from bot.services.threads.thread_drafts import ThreadDraft
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.rich_text import plain_rich_text as rich_words
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message
from storage.tables import ExportRun, RunState

NEXT_TASK = Action("next")

REMINDER_TEMPLATES = {
    ReminderStage.FIRST: "{what} {waits} for you in {names}. Whenever you have a minute.",
    ReminderStage.NEXT: "{what} still {waits} for you in {names}. One tap brings you there.",
    ReminderStage.LAST: (
        "{what} still {waits} for you in {names}. This is my last reminder. If it is no "
        "good time, {it} on to a colleague, and that is fine."
    ),
}


def render_text(text: str) -> Message:
    """Draw a sentence that may quote what somebody wrote."""
    return Message(escape_mrkdwn(text), [rich_words(text)])


def render_reminder(campaigns: list[str], stage: str = ReminderStage.FIRST) -> Message:
    """Draw one reminder for all that waits. The last one says that it is the last."""
    names = ", ".join(f"“{title}”" for title in dict.fromkeys(campaigns))
    is_one = len(campaigns) == 1
    text = REMINDER_TEMPLATES[ReminderStage(stage)].format(
        what="A task" if is_one else f"{len(campaigns)} tasks",
        waits="waits" if is_one else "wait",
        it="it moves" if is_one else "they move",
        names=names,
    )
    go = button("Continue", NEXT_TASK.action_id, NEXT_TASK.value, style="primary")
    return Message(escape_mrkdwn(text), [rich_words(text), actions("reminder", go)])


def render_expired() -> Message:
    """Draw what becomes of a task whose lease ran out."""
    text = "This task has moved on to a colleague, no harm done. I'll wait until you are back."
    go = button("Next task", NEXT_TASK.action_id, NEXT_TASK.value)
    return Message(text, [rich_words(text), actions("moved", go)])


def render_released() -> Message:
    """Draw what becomes of a task whose expert is away."""
    text = "This task has moved on to a colleague while you are away. Enjoy your time off."
    return Message(text, [rich_words(text)])


def render_superseded() -> Message:
    """Draw what becomes of an older message of the same task."""
    text = "This task is further down now."
    return Message(text, [rich_words(text)])


def render_draft_status(assignment: int, draft: ThreadDraft) -> Message:
    """Draw how much of a response stands in the thread."""
    messages = "1 message" if draft.part_count == 1 else f"{draft.part_count} messages"
    text = f"Kept. Your response has {draft.characters:,} characters in {messages} so far."
    save, restart = Action("save", assignment), Action("restart", assignment)
    return Message(
        text,
        [
            rich_words(f"{text} Add more, or save it."),
            actions(
                f"piece:{assignment}",
                button("Save it", save.action_id, save.value, style="primary"),
                button("Start over", restart.action_id, restart.value),
            ),
        ],
    )


def render_draft_saved(characters: int) -> Message:
    """Draw that the response of a thread is stored."""
    text = f"✓ Saved, {characters:,} characters. Add to it any time: write here and save again."
    return Message(text, [rich_words(text)])


def render_export_result(run: ExportRun, title: str, *, is_withheld: bool = False) -> Message:
    """Draw what an export holds and where it is.

    `stays_away`: it names the models, so it is not sent to somebody who labels there themselves.
    """
    if run.state != RunState.DONE:
        return render_text(f"The {run.format} export of “{title}” failed: {run.error}.")
    left_out = f", {run.rows_skipped:,} left out" if run.rows_skipped else ""
    withheld_text = (
        "I don't send it here while you label in it: it names the models. " if is_withheld else ""
    )
    return render_text(
        f"The {run.format} export of “{title}” is done: "
        f"{pluralize(run.rows or 0, 'row')}{left_out}. {withheld_text}It is in {run.path} on my machine."
    )


def render_draft_discarded() -> Message:
    """Draw that a thread begins anew."""
    return render_text("Started over: what stands above no longer counts. Write anew here.")
