"""When somebody wants no notifications: while she snoozes, and in her quiet hours every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.wire import Json
from bot.sandbox.workspace import Spell, User

NEVER = 1
"""What Slack says of the next time if there is none."""


def next_quiet(user: User, now: datetime) -> Spell | None:
    """Return when `user` is not to be disturbed: now, or the next time; None for never.

    A snooze within quiet hours, or before them, is one spell with them.
    """
    spells = [spell for spell in _spells(user, now) if spell.end > now]
    current = [spell for spell in spells if spell.start <= now]
    if current:
        return Spell(min(spell.start for spell in current), max(spell.end for spell in current))
    return min(spells, default=None)


def _spells(user: User, now: datetime) -> Iterator[Spell]:
    if user.snooze:
        yield user.snooze
    if user.quiet_hours:
        zone = ZoneInfo(user.tz)
        today = now.astimezone(zone).date()
        for days in (-1, 0, 1):
            yield _night(user.quiet_hours, today + timedelta(days=days), zone)


def _night(hours: tuple[time, time], day: date, zone: ZoneInfo) -> Spell:
    """Return the quiet hours that begin on `day`; those that end earlier end the day after."""
    begin, end = hours
    last = day if begin < end else day + timedelta(days=1)
    return Spell(datetime.combine(day, begin, zone), datetime.combine(last, end, zone))


def dnd_json(user: User, now: datetime) -> Json:
    """Return what everybody may know of it, as dnd.info and dnd_updated_user tell it."""
    spell = next_quiet(user, now)
    return {
        "dnd_enabled": spell is not None,
        "next_dnd_start_ts": int(spell.start.timestamp()) if spell else NEVER,
        "next_dnd_end_ts": int(spell.end.timestamp()) if spell else NEVER,
    }


def is_quiet(user: User, now: datetime) -> bool:
    """Tell whether `user` is not to be disturbed now."""
    spell = next_quiet(user, now)
    return spell is not None and spell.start <= now
