"""The export schedules of a campaign, with a button each to remove it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.exports.jobs import ScheduleStatus
from bot.slack.blockkit.blocks import Block, actions, button
from bot.slack.blockkit.mentions import Mention, TextOrMention, fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import Action

MAX_SCHEDULES = 20
ADD_SCHEDULE_HINT = (
    "To add one: /label schedule {name} daily 06:00 #channel, or weekdays, or weekly fri 18:00."
)


def render_schedules(
    name: str, schedules: Sequence[ScheduleStatus], last_change: str = ""
) -> Message:
    """Draw when a campaign is exported by itself; `done` is what was changed just now."""
    count = len(schedules)
    status = f"“{name}” is exported by itself:" if count else f"“{name}” is not exported by itself."
    head = f"{last_change} {status}".strip()
    rows = [block for one in schedules[:MAX_SCHEDULES] for block in _schedule_blocks(one)]
    return Message(
        fallback_text(head),
        [text_with_mentions(head), *rows, text_with_mentions(ADD_SCHEDULE_HINT.format(name=name))],
    )


def _schedule_blocks(one: ScheduleStatus) -> list[Block]:
    notified_channel: tuple[TextOrMention, ...] = (
        (", told in ", Mention(one.channel)) if one.channel else ()
    )
    due = f"next {one.due_at:%Y-%m-%d %H:%M} UTC"
    description = text_with_mentions(
        f"{one.format} at “{one.cron}” ({one.tz}), {due}", *notified_channel
    )
    payload = Action("remove_export_schedule", one.id)
    return [
        description,
        actions(f"schedule:{one.id}", button("Remove", payload.action_id, payload.value)),
    ]
