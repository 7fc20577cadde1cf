"""Kind words around the work: welcome back, still want this, how long somebody is away."""

from __future__ import annotations

from datetime import date

from bot.services.experts.time_off import ReturnSummary
from bot.services.tasks.expert_progress import Progress
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.rich_text import plain_rich_text as rich_words
from bot.slack.blockkit.text import pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message

OPT_OUT_QUESTION = (
    "You have not had time for the tasks lately, and that is fine. Do you still want to get them? "
    "Until you say so, I will not remind you any more."
)


def format_day(day: date) -> str:
    """Return a day as people say it: `Monday, 7 December 2026`."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def format_waiting_tasks(progress: Progress) -> str:
    """Say how much waits, and about how long it takes this person."""
    if not progress.waiting:
        return "Nothing waits for you"
    amount = f"{progress.waiting:,}{' or more' if progress.has_more else ''}"
    noun_and_verb = "task waits" if progress.waiting == 1 else "tasks wait"
    return (
        f"{amount} {noun_and_verb} for you, about {pluralize(progress.estimated_minutes, 'minute')}"
    )


def format_return(found: ReturnSummary) -> str:
    """Say what somebody comes back to."""
    return f"Welcome back! {format_waiting_tasks(found.progress)}{_format_reassigned(found.taken_over)}."


def _format_reassigned(count: int) -> str:
    if not count:
        return ""
    has = "has" if count == 1 else "have"
    return f"; {pluralize(count, 'task')} {has} moved on to colleagues meanwhile"


def render_welcome_back(progress: Progress, reassigned: int) -> Message:
    """Draw the one summary for somebody who was away."""
    text = format_return(ReturnSummary(progress, reassigned))
    if not progress.waiting:
        return Message(text, [rich_words(text)])
    go = Action("next")
    start = button("Bring me the next task", go.action_id, go.value, style="primary")
    return Message(text, [rich_words(text), actions("welcome", start)])


def render_opt_out_question() -> Message:
    """Draw the question to somebody who left several reminders unanswered."""
    stay, later, leave = Action("stay"), Action("later"), Action("farewell")
    ways = actions(
        "stay",
        button("Stay", stay.action_id, stay.value, style="primary"),
        button(
            "Later",
            later.action_id,
            later.value,
            accessibility_label="Later: choose when I may ask again",
        ),
        button(
            "Leave", leave.action_id, leave.value, accessibility_label="Leave: get no more tasks"
        ),
    )
    return Message(OPT_OUT_QUESTION, [rich_words(OPT_OUT_QUESTION), ways])


def format_time_off(until: date) -> str:
    """Say that somebody is away until a day, and how to be back sooner."""
    return (
        f"Enjoy your time off. I will write again on {format_day(until)}; what you had open goes "
        "to colleagues. Type /label back to be back sooner."
    )


def format_farewell(titles: str) -> str:
    """Say good-bye to somebody who leaves."""
    return (
        f"You are out of {titles}. Thank you for all you did: it counts. "
        "A coordinator can let you in again at any time."
    )
