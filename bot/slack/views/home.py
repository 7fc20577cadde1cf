"""The Home tab: progress, recent answers, preferences and time off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cadence.working_hours import find_zone
from bot.clock import format_day
from bot.services.experts.preferences import LANGUAGES, Preferences
from bot.services.home.home_tab import HomeTab
from bot.services.tasks.expert_progress import CampaignProgress, Progress
from bot.services.tasks.recent_answers import RecentAnswer
from bot.slack.blockkit.blocks import actions, button, context, divider, header, plain_section
from bot.slack.blockkit.text import excerpt, pluralize, shorten
from bot.slack.blockkit.types import Block, HomeView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.availability_messages import format_estimate, format_waiting_tasks

NO_CAMPAIGN_TEXT = (
    "You are not in a campaign yet. Once a coordinator adds you, tasks arrive as direct messages."
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

EN_DASH = "\u2013"

MAX_SUMMARY_CHARS = 300
"""Characters of a recent answer's summary that are shown."""

MAX_ITEM_CHARS = 80
"""Characters of a recent answer's item that are shown."""

MAX_SHOWN_CAMPAIGNS = 20
"""Campaigns with a row; a Home tab can have 100 blocks."""


def render_home(tab: HomeTab | None, *sections: Sequence[Block]) -> HomeView:
    """Render the Home tab; `sections` for other roles go below the expert's part.

    `tab` is None for a person who is not an expert.
    """
    expert_sections = [_expert_blocks(tab)] if tab else []
    first, *others = [*expert_sections, *sections] or [
        [header("Hello"), plain_section(NO_CAMPAIGN_TEXT)]
    ]
    other_blocks = [block for section in others for block in (divider(), *section)]
    return {"type": "home", "blocks": [*first, *other_blocks]}


def _expert_blocks(tab: HomeTab) -> list[Block]:
    return [
        header("Your tasks"),
        plain_section(summarize_progress(tab.progress)),
        *_campaign_rows(tab.campaigns),
        *_recent_answers(tab.recent_answers, tab.tz),
        divider(),
        header("Your preferences"),
        *(plain_section(line) for line in summarize_preferences(tab)),
        _preferences_buttons(tab),
    ]


def _campaign_rows(campaigns: list[CampaignProgress]) -> list[Block]:
    """Return a row for each campaign; with several, its button chooses that campaign."""
    hidden = campaigns[MAX_SHOWN_CAMPAIGNS:]
    rows = [
        _campaign_row(campaign, is_only_one=len(campaigns) == 1)
        for campaign in campaigns[:MAX_SHOWN_CAMPAIGNS]
    ]
    if not hidden:
        return rows
    names = ", ".join(campaign.name for campaign in hidden)
    return [*rows, context(excerpt(f"/label next CAMPAIGN opens the others: {names}", 2_000).text)]


def _campaign_row(campaign: CampaignProgress, *, is_only_one: bool) -> Block:
    text = f"{campaign.title}: {_summarize_campaign(campaign)}"
    if not campaign.waiting:
        return plain_section(text)
    start = Action("next_task") if is_only_one else Action("start_campaign", campaign.campaign_id)
    label = "Continue" if campaign.has_open_task else "Start"
    return plain_section(
        text,
        button(
            label,
            start.action_id,
            start.value,
            style="primary" if is_only_one else None,
            accessibility_label=f"{label}: get the next task of {campaign.title}"[:75],
        ),
    )


def _summarize_campaign(campaign: CampaignProgress) -> str:
    if not campaign.waiting and campaign.reason:
        return f"{pluralize(campaign.answered, 'answer')}. {campaign.reason}"
    if not campaign.waiting:
        return f"{pluralize(campaign.answered, 'answer')}, no tasks are waiting."
    estimate = f"about {format_estimate(campaign.estimated_minutes)}"
    if campaign.has_more:
        return f"{campaign.answered:,} answered, {campaign.waiting:,} or more left, {estimate}."
    total = campaign.answered + campaign.waiting
    return f"{campaign.answered:,} of {total:,} answered, {estimate} left."


def _recent_answers(answers: list[RecentAnswer], tz: str) -> list[Block]:
    if not answers:
        return []
    rows = (_recent_answer(answer, tz) for answer in answers)
    return [divider(), header("Recent answers"), *rows]


def _recent_answer(answer: RecentAnswer, tz: str) -> Block:
    item = f" · “{shorten(answer.item, MAX_ITEM_CHARS)}”" if answer.item else ""
    summary = f"{_time_prefix(answer.answered_at, tz)}{answer.campaign}: {answer.summary}"
    summary = f"{shorten(summary, MAX_SUMMARY_CHARS)}{item}"
    if not answer.can_change:
        return plain_section(f"{summary} (final)")
    change_action = Action("change_answer", answer.assignment_id)
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
    return f"{format_day(local)} {local:%H:%M} · "


def summarize_preferences(tab: HomeTab) -> list[str]:
    """Return lines with an expert's preferences, and their time off if there is any."""
    preferences = tab.preferences
    language = LANGUAGES.get(preferences.locale, LANGUAGES["en"])
    zone = tab.tz if preferences.tz else f"{tab.tz}, from your Slack profile"
    return [
        *_away_lines(tab),
        f"Messages: {format_working_hours(preferences)} ({zone}).",
        _limits_line(tab),
        f"Reminders: {'on' if preferences.wants_reminders else 'off'}. Language: {language}.",
    ]


def _away_lines(tab: HomeTab) -> list[str]:
    if tab.returns_on:
        return [f"Time off: messages resume on {format_day(tab.returns_on)}."]
    if tab.is_out_of_office:
        return ["Your Slack status says that you are away, so the bot sends you no messages."]
    return []


def format_working_hours(preferences: Preferences) -> str:
    """Return working days and hours, both as ranges with an en dash: days, then times."""
    if not preferences.work_days:
        return "only when you ask"
    start, end = map(
        format_clock_time, (preferences.work_starts_minute, preferences.work_ends_minute)
    )
    return f"{_format_weekdays(sorted(preferences.work_days))} {start}{EN_DASH}{end}"


def _format_weekdays(days: list[int]) -> str:
    names = [WEEKDAYS[day - 1][:3] for day in days]
    is_range = len(days) > 2 and days == list(range(days[0], days[-1] + 1))  # noqa: PLR2004 - a range of two days is no shorter than a list
    return f"{names[0]}{EN_DASH}{names[-1]}" if is_range else ", ".join(names)


def format_clock_time(minutes: int) -> str:
    """Return minutes after midnight as `09:30`."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _limits_line(tab: HomeTab) -> str:
    preferences = tab.preferences
    if not preferences.daily_limit_minutes:
        limit = "none"
    else:
        minutes = pluralize(preferences.daily_limit_minutes, "minute")
        limit = f"{minutes} ({tab.minutes_spent:,} used today)"
    batch = (
        f" Tasks in a row: at most {preferences.batch_size:,}." if preferences.batch_size else ""
    )
    return f"Daily limit: {limit}.{batch}"


def _preferences_buttons(tab: HomeTab) -> Block:
    edit, work, messages, quality, take_off, end = (
        Action("edit_preferences"),
        Action("show_work"),
        Action("show_messages"),
        Action("own_quality"),
        Action("take_time_off"),
        Action("end_time_off"),
    )
    is_away = bool(tab.returns_on or tab.is_out_of_office)
    resume_button = button("Resume messages", end.action_id, end.value, style="primary")
    return actions(
        "preferences",
        button("Edit preferences…", edit.action_id, edit.value),
        button("Take time off…", take_off.action_id, take_off.value),
        button("Your work…", work.action_id, work.value),
        button("Your messages…", messages.action_id, messages.value),
        button("Your quality…", quality.action_id, quality.value),
        *([resume_button] * is_away),
    )


def summarize_progress(progress: Progress) -> str:
    """Return how many tasks are waiting for an expert, and how many they answered."""
    answered_today = pluralize(progress.answered_today, "answer")
    waiting = format_waiting_tasks(progress)
    return f"{waiting}. You gave {answered_today} today, {progress.answered_total:,} in total."
