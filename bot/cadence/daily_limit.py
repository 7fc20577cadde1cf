"""An expert's own limits, by time and by number of tasks, and estimates of open work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

DEFAULT_SECONDS_BY_KIND = {"demonstration": 600}
"""Assumed seconds per answer before the expert has given one, by kind."""

DEFAULT_SECONDS = 60
"""Assumed seconds per answer for all other kinds."""


class Limit(StrEnum):
    """A limit that an expert set for themselves and has reached."""

    TIME = "time"
    BATCH = "batch"


def limit_period_start(day_start: datetime, limit_lifted_at: datetime | None) -> datetime:
    """Return when counting began: at the start of the day, or when the expert chose to continue."""
    return max(day_start, limit_lifted_at) if limit_lifted_at else day_start


def reached_limit(
    spent: timedelta, daily_limit_minutes: int | None, answered: int, batch_size: int | None
) -> Limit | None:
    """Return the limit that is reached, or None. The time limit comes first: it lasts all day.

    `spent` and `answered` count from the start of each limit's own period.
    """
    if daily_limit_minutes is not None and spent >= timedelta(minutes=daily_limit_minutes):
        return Limit.TIME
    if batch_size is not None and answered >= batch_size:
        return Limit.BATCH
    return None


def assumed_seconds(kind: str) -> float:
    """Return the seconds per answer that are assumed before anybody has given one."""
    return DEFAULT_SECONDS_BY_KIND.get(kind, DEFAULT_SECONDS)


def estimate_minutes(waiting: Mapping[str, int], medians: Mapping[str, float]) -> int:
    """Return about how many minutes the open tasks will take, by the expert's own medians.

    Args:
        waiting: open tasks by kind.
        medians: the expert's median seconds per answer, by kind.
    """
    seconds = sum(
        count * medians.get(kind, assumed_seconds(kind)) for kind, count in waiting.items()
    )
    return max(round(seconds / 60), 1) if any(waiting.values()) else 0
