"""The message with the scheduled exports of a campaign."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import format_day
from bot.cron import time_zone_named
from bot.services.exports.schedules import ScheduleStatus
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.mentions import Mention, TextOrMention, fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action

MAX_SCHEDULES = 20
"""Schedules in one message: each needs two blocks, and Slack allows 50."""

ADD_SCHEDULE_HINT = (
    "To add a schedule, type /label schedule {name} daily 06:00 #channel. "
    "Instead of “daily 06:00”, you can write “weekly fri 18:00”, “every 500 answers” or “on "
    "completion”."
)


def render_schedules(
    name: str, schedules: Sequence[ScheduleStatus], last_change: str = ""
) -> Message:
    """Render the export schedules of a campaign, with a button each to remove it.

    `last_change` is a sentence about the change that was just made, if any.
    """
    count = len(schedules)
    heading = f"Scheduled exports of “{name}”:" if count else f"“{name}” has no scheduled exports."
    text = f"{last_change} {heading}".strip()
    rows = [block for schedule in schedules[:MAX_SCHEDULES] for block in _schedule_blocks(schedule)]
    hint = text_with_mentions(ADD_SCHEDULE_HINT.format(name=name))
    return Message(fallback_text(text), [text_with_mentions(text), *rows, hint])


def _schedule_blocks(schedule: ScheduleStatus) -> list[Block]:
    channel: tuple[TextOrMention, ...] = (
        (", notifies ", Mention(schedule.channel)) if schedule.channel else ()
    )
    remove = Action("remove_export_schedule", schedule.id)
    name = f"{schedule.format} {schedule.options}".strip()
    last_run = f"\n{format_last_run(schedule)}" if schedule.last_run else ""
    return [
        text_with_mentions(f"{name}: {schedule.describe()}", *channel, last_run),
        actions(f"schedule:{schedule.id}", button("Remove", remove.action_id, remove.value)),
    ]


def format_last_run(schedule: ScheduleStatus) -> str:
    """Return when a schedule ran last, in its time zone, and why it failed, if it did."""
    run = schedule.last_run
    if run is None or run.finished_at is None:
        return ""
    local = run.finished_at.astimezone(time_zone_named(schedule.tz))
    text = f"Last run {format_day(local)} {local:%H:%M}"
    if run.error:
        return f"{text} failed: {run.error.rstrip('.')}."
    missed = f", in place of {run.missed_runs + 1:,} missed runs" if run.missed_runs else ""
    return f"{text}{missed}."
