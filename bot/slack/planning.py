"""The export schedules of a campaign, with a button each to remove it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.scheduling import ScheduleStatus
from bot.slack.blocks import Block, actions, button
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.mentioning import Named, Part, sentence, told

MOST = 20
HOW = "To add one: /label schedule {name} daily 06:00 #channel, or weekdays, or weekly fri 18:00."


def plans(name: str, schedules: Sequence[ScheduleStatus], done: str = "") -> Drawn:
    """Draw when a campaign is exported by itself; `done` is what was changed just now."""
    count = len(schedules)
    so = f"“{name}” is exported by itself:" if count else f"“{name}” is not exported by itself."
    head = f"{done} {so}".strip()
    rows = [block for one in schedules[:MOST] for block in _row(one)]
    return Drawn(told(head), [sentence(head), *rows, sentence(HOW.format(name=name))])


def _row(one: ScheduleStatus) -> list[Block]:
    where: tuple[Part, ...] = (", told in ", Named(one.channel)) if one.channel else ()
    due = f"next {one.due_at:%Y-%m-%d %H:%M} UTC"
    said = sentence(f"{one.format} at “{one.cron}” ({one.tz}), {due}", *where)
    press = Press("unplan", one.id)
    return [said, actions(f"plan:{one.id}", button("Remove", press.action_id, press.value))]
