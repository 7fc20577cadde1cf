"""The Home tab: what waits and what was done, recent answers, settings, time off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cadence.working_hours import find_zone
from bot.services.experts.preferences import LANGUAGES, Preferences
from bot.services.home.home_tab import HomeTab
from bot.services.tasks.expert_progress import Progress
from bot.services.tasks.recent_answers import RecentAnswer
from bot.slack.blockkit.blocks import Block, actions, button, divider, header, plain_section
from bot.slack.blockkit.text import pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views.availability_messages import format_day

NO_CAMPAIGN_TEXT = (
    "You are in no campaign yet. A coordinator can add you; then your tasks come by message."
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MAX_RECEIPT_CHARS = 300
"""Characters of a receipt that are shown."""

MIN_MINUTES_AS_HOURS = 120
"""Minutes from which on an estimate is told in hours: nobody thinks of 312 minutes."""


def render_home(visit: HomeTab | None, *sections: Sequence[Block]) -> dict[str, Any]:
    """Draw the Home tab. None: this person is no expert. `sections` stand below: other roles."""
    expert_sections = [_expert_blocks(visit)] if visit else []
    first, *others = [*expert_sections, *sections] or [
        [header("Hello"), plain_section(NO_CAMPAIGN_TEXT)]
    ]
    other_blocks = [block for part in others for block in (divider(), *part)]
    return {"type": "home", "blocks": [*first, *other_blocks]}


def _expert_blocks(visit: HomeTab) -> list[Block]:
    return [
        header("Your tasks"),
        plain_section(summarize_progress(visit.progress)),
        *_start_button(visit),
        *_recent_answers(visit.recent_answers, visit.tz),
        divider(),
        header("Your settings"),
        *(plain_section(line) for line in summarize_settings(visit)),
        _settings_buttons(visit),
    ]


def _start_button(visit: HomeTab) -> list[Block]:
    if not visit.progress.waiting:
        return []
    next_action = Action("next")
    label = "Continue" if visit.has_open_task else "Start"
    accessibility_label = f"{label}: bring me the next task"
    return [
        actions(
            "home",
            button(
                label,
                next_action.action_id,
                next_action.value,
                style="primary",
                accessibility_label=accessibility_label,
            ),
        )
    ]


def _recent_answers(answers: list[RecentAnswer], tz: str) -> list[Block]:
    if not answers:
        return []
    return [divider(), header("Your last answers"), *(_recent_answer(one, tz) for one in answers)]


def _recent_answer(answer: RecentAnswer, tz: str) -> Block:
    summary = f"{_time_prefix(answer.answered_at, tz)}{answer.campaign}: {answer.summary}"
    summary = (
        summary if len(summary) <= MAX_RECEIPT_CHARS else f"{summary[: MAX_RECEIPT_CHARS - 1]}…"
    )
    if not answer.can_change:
        return plain_section(f"{summary} (final)")
    change_action = Action("change", answer.assignment_id)
    return plain_section(
        summary,
        button(
            "Change",
            change_action.action_id,
            change_action.value,
            accessibility_label=f"Change: {summary}",
        ),
    )


def _time_prefix(at: datetime | None, tz: str) -> str:
    if at is None:
        return ""
    local = at.astimezone(find_zone(tz))
    return f"{local.day} {local:%B}, {local:%H:%M} · "


def summarize_settings(visit: HomeTab) -> list[str]:
    """Say in a few lines what an expert chose, and whether they are away."""
    preferences = visit.preferences
    language = LANGUAGES.get(preferences.locale, LANGUAGES["en"])
    zone = visit.tz if preferences.tz else f"{visit.tz}, as in your Slack profile"
    return [
        *_away_lines(visit),
        f"I write to you {format_working_hours(preferences)} ({zone}).",
        _limits_line(visit),
        f"Reminders are {'on' if preferences.wants_reminders else 'off'}. I speak {language}.",
    ]


def _away_lines(visit: HomeTab) -> list[str]:
    if visit.returns_on:
        return [f"You are away. I will write again on {format_day(visit.returns_on)}."]
    if visit.is_out_of_office:
        return ["Your Slack status says that you are away, so I do not write to you."]
    return []


def format_working_hours(preferences: Preferences) -> str:
    """Say when somebody works: `Monday to Friday, 09:00 to 17:00`."""
    if not preferences.work_days:
        return "never by myself, only when you ask"
    return f"{_format_days(sorted(preferences.work_days))}, {format_clock_time(preferences.work_starts_minute)} to {format_clock_time(preferences.work_ends_minute)}"


def _format_days(days: list[int]) -> str:
    names = [WEEKDAYS[day - 1] for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):  # noqa: PLR2004 - from, to
        return f"{names[0]} to {names[-1]}"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def format_clock_time(minutes: int) -> str:
    """Return minutes after midnight as `09:30`."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _limits_line(visit: HomeTab) -> str:
    preferences = visit.preferences
    time = (
        pluralize(preferences.daily_limit_minutes, "minute")
        if preferences.daily_limit_minutes
        else ""
    )
    spent_text = f", {visit.minutes_spent:,} of them used" if time else ""
    batch = (
        f"{pluralize(preferences.batch_size, 'task')} in a row" if preferences.batch_size else ""
    )
    limits = [part for part in (f"{time} a day{spent_text}" if time else "", batch) if part]
    return f"You want to give {' and '.join(limits)}." if limits else "You set no limit."


def _settings_buttons(visit: HomeTab) -> Block:
    hours, rest, back = Action("hours"), Action("rest"), Action("back")
    return actions(
        "choices",
        button("Settings", hours.action_id, hours.value),
        button("Take time off", rest.action_id, rest.value),
        *(
            [button("I am back", back.action_id, back.value, style="primary")]
            if visit.returns_on or visit.is_out_of_office
            else []
        ),
    )


def summarize_progress(progress: Progress) -> str:
    """Say in a sentence or two what a person did and what waits."""
    waiting_count = f"{progress.waiting} or more" if progress.has_more else f"{progress.waiting:,}"
    estimate = (
        f", about {_format_duration(progress.estimated_minutes)}"
        if progress.estimated_minutes
        else ""
    )
    waits = (
        f"{waiting_count} waiting for you{estimate}."
        if progress.waiting
        else "Nothing is waiting for you."
    )
    done = f"You answered {progress.answered_today:,} today and {progress.answered_total:,} in all."
    return f"{waits} {done}"


def _format_duration(minutes: int) -> str:
    """Say how long an estimate is: in minutes, and from two hours on in hours."""
    return (
        pluralize(minutes, "minute")
        if minutes < MIN_MINUTES_AS_HOURS
        else pluralize(round(minutes / 60), "hour")
    )
