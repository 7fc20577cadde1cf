"""Messages about an expert's availability: welcome back, opting out, time off."""

from __future__ import annotations

from datetime import date

from bot.services.experts.time_off import ReturnSummary
from bot.services.tasks.expert_progress import Progress
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.parsing.action_ids import Action

MIN_MINUTES_AS_HOURS = 120
"""Estimates from this length on are shown in hours, because nobody thinks in 312 minutes."""

OPT_OUT_QUESTION = (
    "You have not had time for tasks lately, and that is fine. Do you still want to get them? "
    "Until you answer, I won't send you reminders."
)


def format_long_date(day: date) -> str:
    """Return a date with its weekday and year: `Monday, 7 December 2026`."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def format_waiting_tasks(progress: Progress) -> str:
    """Return how many tasks are waiting for an expert, and roughly how long they take."""
    if not progress.waiting:
        return "No tasks are waiting for you"
    count = f"{progress.waiting:,}{' or more' if progress.has_more else ''}"
    is_one = progress.waiting == 1 and not progress.has_more
    noun_and_verb = "task is" if is_one else "tasks are"
    minutes = progress.estimated_minutes
    estimate = f", about {format_estimate(minutes)}" if minutes else ""
    return f"{count} {noun_and_verb} waiting for you{estimate}"


def format_estimate(minutes: int) -> str:
    """Return an estimate in minutes, or in hours from two hours on."""
    return (
        pluralize(minutes, "minute")
        if minutes < MIN_MINUTES_AS_HOURS
        else pluralize(round(minutes / 60), "hour")
    )


def format_return(summary: ReturnSummary) -> str:
    """Return the welcome for an expert who is back."""
    waiting = format_waiting_tasks(summary.progress)
    return f"Welcome back! {waiting}{_format_taken_over(summary.reassigned_count)}."


def _format_taken_over(count: int) -> str:
    if not count:
        return ""
    return f"; colleagues took over {pluralize(count, 'task')} while you were away"


def render_welcome_back(progress: Progress, reassigned: int) -> Message:
    """Render the summary that an expert gets once when they are back."""
    text = format_return(ReturnSummary(progress, reassigned))
    if not progress.waiting:
        return Message(text, [plain_rich_text(text)])
    next_task = Action("next_task")
    start = button("Get next task", next_task.action_id, next_task.value, style="primary")
    return Message(text, [plain_rich_text(text), actions("welcome_back", start)])


def render_opt_out_question() -> Message:
    """Render the question to an expert who ignored several reminders."""
    decline, later, opt_out = Action("decline_opt_out"), Action("ask_later"), Action("opt_out")
    buttons = actions(
        "opt_out_question",
        button("Keep getting tasks", decline.action_id, decline.value, style="primary"),
        button(
            "Ask me later…",
            later.action_id,
            later.value,
            accessibility_label="Ask me later: choose the day",
        ),
        button(
            "Opt out",
            opt_out.action_id,
            opt_out.value,
            accessibility_label="Opt out: get no more tasks",
        ),
    )
    return Message(OPT_OUT_QUESTION, [plain_rich_text(OPT_OUT_QUESTION), buttons])


def render_stop_question(titles: str) -> Message:
    """Render what stopping means, to an expert of the campaigns in `titles`, with its button."""
    text = (
        f"If you opt out, you leave {titles} and get no more tasks. Your answers still count, and "
        "your open tasks go to colleagues. For a break, take time off instead."
    )
    take_off, opt_out = Action("take_time_off"), Action("opt_out")
    buttons = actions(
        "stop_question",
        button("Take time off…", take_off.action_id, take_off.value),
        button(
            "Opt out",
            opt_out.action_id,
            opt_out.value,
            style="danger",
            accessibility_label="Opt out: get no more tasks",
        ),
    )
    return Message(escape_mrkdwn(text), [plain_rich_text(text), buttons])


def format_time_off(until: date) -> str:
    """Return the confirmation of time off until a day, with how to return sooner."""
    return (
        f"Enjoy your time off. I will message you again on {format_long_date(until)}; your open "
        "tasks go to colleagues. To return sooner, type /label back."
    )


def format_opt_out(titles: str) -> str:
    """Return the confirmation for an expert who opted out of the campaigns in `titles`."""
    return (
        f"You left {titles}. Thank you for all your answers: they still count. "
        "A coordinator can add you again at any time."
    )
