"""Do Not Disturb, as Slack's dnd.info and dnd_updated_user tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

FRESH = timedelta(minutes=5)
"""How long an answer of Slack's is good for: it is asked again before we next speak unasked."""

LATEST = 253_402_000_000
"""Seconds since 1970 shortly before the year 10,000: later moments are no moments."""


def quiet_until(told: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return until when somebody wants no messages; None if they may be written to.

    A spell that begins while the answer is still taken for fresh counts already.
    """
    starts, ends = _moment(told.get("next_dnd_start_ts")), _moment(told.get("next_dnd_end_ts"))
    if not told.get("dnd_enabled") or starts is None or ends is None:
        return None
    return ends if starts <= now + FRESH and ends > now else None


def _moment(seconds: object) -> datetime | None:
    """Read seconds since 1970; Slack says 1 for never."""
    if not isinstance(seconds, int | float) or not 1 < seconds < LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def is_fresh(asked_at: datetime | None, now: datetime) -> bool:
    """Say whether what Slack answered at `asked_at` still counts."""
    return asked_at is not None and now - asked_at < FRESH
