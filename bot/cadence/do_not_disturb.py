"""Do Not Disturb, as Slack's dnd.info and dnd_updated_user tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

DND_MAX_AGE = timedelta(minutes=5)
"""How long an answer of Slack's is good for: it is asked again before we next speak unasked."""

MAX_TIMESTAMP = 253_402_000_000
"""Seconds since 1970 shortly before the year 10,000: later moments are no moments."""


def parse_dnd_until(dnd_info: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return until when somebody wants no messages; None if they may be written to.

    A spell that begins while the answer is still taken for fresh counts already.
    """
    starts, ends = (
        _parse_timestamp(dnd_info.get("next_dnd_start_ts")),
        _parse_timestamp(dnd_info.get("next_dnd_end_ts")),
    )
    if not dnd_info.get("dnd_enabled") or starts is None or ends is None:
        return None
    return ends if starts <= now + DND_MAX_AGE and ends > now else None


def _parse_timestamp(seconds: object) -> datetime | None:
    """Read seconds since 1970; Slack says 1 for never."""
    if not isinstance(seconds, int | float) or not 1 < seconds < MAX_TIMESTAMP:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def is_dnd_fresh(checked_at: datetime | None, now: datetime) -> bool:
    """Say whether what Slack answered at `asked_at` still counts."""
    return checked_at is not None and now - checked_at < DND_MAX_AGE
