"""How much somebody wants to do: their time a day, their batch, and how long what waits takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

DEFAULT_SECONDS_BY_KIND = {"demonstration": 600}
"""How long an answer takes where the person has given none yet, by kind."""

DEFAULT_SECONDS = 60
"""The same for every other kind."""


class Limit(StrEnum):
    """What somebody set themselves, and has reached."""

    TIME = "time"
    BATCH = "batch"


def limit_period_start(day_start: datetime, limit_lifted_at: datetime | None) -> datetime:
    """Return when a portion began: with the day, or when the person chose to go on."""
    return max(day_start, limit_lifted_at) if limit_lifted_at else day_start


def reached_limit(
    spent: timedelta, daily_limit_minutes: int | None, answered: int, batch_size: int | None
) -> Limit | None:
    """Return which limit is reached, None while there is none. Time comes first: it is the day's.

    `spent` and `answered` count from when each portion began.
    """
    if daily_limit_minutes is not None and spent >= timedelta(minutes=daily_limit_minutes):
        return Limit.TIME
    if batch_size is not None and answered >= batch_size:
        return Limit.BATCH
    return None


def estimate_minutes(waiting: Mapping[str, int], medians: Mapping[str, float]) -> int:
    """Return about how long what waits will take, in minutes, by the person's own medians.

    Both go by kind: tasks that wait, and seconds that an answer took the person.
    """
    seconds = sum(
        count * medians.get(kind, DEFAULT_SECONDS_BY_KIND.get(kind, DEFAULT_SECONDS))
        for kind, count in waiting.items()
    )
    return max(round(seconds / 60), 1) if any(waiting.values()) else 0
