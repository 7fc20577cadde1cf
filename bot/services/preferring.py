"""What an expert chose for themselves: hours, days, zone, time a day, reminders, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import FieldsError
from bot.recurring import UnknownZoneError, checked_zone
from bot.services import resting
from bot.services.auditing import record
from storage.tables import Expert

LANGUAGES = {"en": "English"}
"""The languages that the bot's own words are written in, by what is kept of the choice."""

MOST_MINUTES = 24 * 60
MOST_TASKS = 1_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """What an expert chose.

    Attributes:
        starts, ends: minutes after midnight; hours that end before they start run past midnight.
        days: ISO weekdays, Monday 1; none: the bot never speaks first.
        tz: a time zone of their own; None: that of their Slack profile.
        minutes: how much time they want to give a day; None: no limit.
        batch: how many tasks they like in a row; None: no limit.
        reminders: whether they want any.
        locale: the language of what the bot says.
    """

    starts: int
    ends: int
    days: Sequence[int]
    tz: str | None
    minutes: int | None
    batch: int | None
    reminders: bool
    locale: str


def preferences_of(expert: Expert) -> Preferences:
    """Return what an expert chose, or what holds as long as they chose nothing."""
    return Preferences(
        starts=expert.day_starts,
        ends=expert.day_ends,
        days=list(expert.days),
        tz=expert.tz if expert.tz_is_own else None,
        minutes=expert.budget_minutes,
        batch=expert.batch_size,
        reminders=expert.wants_reminders,
        locale=expert.locale,
    )


def prefer(session: Session, slack_id: str, wanted: Preferences, now: datetime) -> None:
    """Keep what an expert chose.

    Raises:
        NoExpertError: they are no expert.
        FieldsError: something is wrong, by field; nothing is changed.
    """
    _check(wanted)
    expert = resting.expert_called(session, slack_id)
    before = preferences_of(expert)
    expert.hours_are_own = True
    expert.day_starts, expert.day_ends = wanted.starts, wanted.ends
    expert.days = sorted(set(wanted.days))
    _move(expert, wanted.tz)
    expert.budget_minutes, expert.batch_size = wanted.minutes, wanted.batch
    expert.wants_reminders, expert.locale = wanted.reminders, wanted.locale
    session.add(expert)
    if wanted != before:
        record(session, slack_id, "changed their settings", "themselves", now, **asdict(wanted))


def _move(expert: Expert, tz: str | None) -> None:
    """Let them live in a zone; without one of their own, the profile is read again soon."""
    if tz:
        expert.tz, expert.tz_is_own = tz, True
    elif expert.tz_is_own:
        expert.tz_is_own, expert.profile_at = False, None


def _check(wanted: Preferences) -> None:
    wrong = {}
    if wanted.starts == wanted.ends:
        wrong["ends"] = "That is when your hours start; choose another time to end."
    if wanted.tz and _is_unknown(wanted.tz):
        wrong["tz"] = "That is no time zone; write one as in Europe/Berlin, or leave it empty."
    if wanted.minutes is not None and not 1 <= wanted.minutes <= MOST_MINUTES:
        wrong["minutes"] = f"Choose 1 to {MOST_MINUTES:,} minutes, or leave it empty."
    if wanted.batch is not None and not 1 <= wanted.batch <= MOST_TASKS:
        wrong["batch"] = f"Choose 1 to {MOST_TASKS:,} tasks, or leave it empty."
    if wanted.locale not in LANGUAGES:
        wrong["locale"] = "I do not speak that language yet."
    if wrong:
        raise FieldsError(wrong)


def _is_unknown(tz: str) -> bool:
    try:
        checked_zone(tz)
    except UnknownZoneError:
        return True
    return False
