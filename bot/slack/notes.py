"""Short messages that are no task: reminders, receipts in threads, words that say what to do."""

from __future__ import annotations

from bot.cadence.reminders import Stage
from bot.services.writing import Draft
from bot.slack.blocks import actions, button
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.richtext import words as rich_words
from bot.slack.text import counted, escaped
from storage.tables import ExportRun, RunState

NEXT = Press("next")

REMINDERS = {
    Stage.FIRST: "{what} {waits} for you in {names}. Whenever you have a minute.",
    Stage.NEXT: "{what} still {waits} for you in {names}. One tap brings you there.",
    Stage.LAST: (
        "{what} still {waits} for you in {names}. This is my last reminder. If it is no "
        "good time, {it} on to a colleague, and that is fine."
    ),
}


def plain_words(words: str) -> Drawn:
    """Draw a sentence that may quote what somebody wrote."""
    return Drawn(escaped(words), [rich_words(words)])


def reminder(campaigns: list[str], stage: str = Stage.FIRST) -> Drawn:
    """Draw one reminder for all that waits. The last one says that it is the last."""
    names = ", ".join(f"“{title}”" for title in dict.fromkeys(campaigns))
    is_one = len(campaigns) == 1
    words = REMINDERS[Stage(stage)].format(
        what="A task" if is_one else f"{len(campaigns)} tasks",
        waits="waits" if is_one else "wait",
        it="it moves" if is_one else "they move",
        names=names,
    )
    go = button("Continue", NEXT.action_id, NEXT.value, style="primary")
    return Drawn(escaped(words), [rich_words(words), actions("reminder", go)])


def moved_on() -> Drawn:
    """Draw what becomes of a task whose lease ran out."""
    words = "This task has moved on to a colleague, no harm done. I'll wait until you are back."
    go = button("Next task", NEXT.action_id, NEXT.value)
    return Drawn(words, [rich_words(words), actions("moved", go)])


def moved_on_meanwhile() -> Drawn:
    """Draw what becomes of a task whose expert is away."""
    words = "This task has moved on to a colleague while you are away. Enjoy your time off."
    return Drawn(words, [rich_words(words)])


def further_down() -> Drawn:
    """Draw what becomes of an older message of the same task."""
    words = "This task is further down now."
    return Drawn(words, [rich_words(words)])


def piece(assignment: int, draft: Draft) -> Drawn:
    """Draw how much of a response stands in the thread."""
    messages = "1 message" if draft.pieces == 1 else f"{draft.pieces} messages"
    words = f"Kept. Your response has {draft.characters:,} characters in {messages} so far."
    save, restart = Press("save", assignment), Press("restart", assignment)
    return Drawn(
        words,
        [
            rich_words(f"{words} Add more, or save it."),
            actions(
                f"piece:{assignment}",
                button("Save it", save.action_id, save.value, style="primary"),
                button("Start over", restart.action_id, restart.value),
            ),
        ],
    )


def saved(characters: int) -> Drawn:
    """Draw that the response of a thread is stored."""
    words = f"✓ Saved, {characters:,} characters. Add to it any time: write here and save again."
    return Drawn(words, [rich_words(words)])


def exported(run: ExportRun, title: str, *, stays_away: bool = False) -> Drawn:
    """Draw what an export holds and where it is.

    `stays_away`: it names the models, so it is not sent to somebody who labels there themselves.
    """
    if run.state != RunState.DONE:
        return plain_words(f"The {run.format} export of “{title}” failed: {run.error}.")
    left_out = f", {run.left_out:,} left out" if run.left_out else ""
    away = "I don't send it here while you label in it: it names the models. " if stays_away else ""
    return plain_words(
        f"The {run.format} export of “{title}” is done: "
        f"{counted(run.rows or 0, 'row')}{left_out}. {away}It is in {run.path} on my machine."
    )


def started_over() -> Drawn:
    """Draw that a thread begins anew."""
    return plain_words("Started over: what stands above no longer counts. Write anew here.")
