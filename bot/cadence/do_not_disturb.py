"""Do Not Disturb, as reported by Slack's `dnd.info` and `dnd_updated_user`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

DND_MAX_AGE = timedelta(minutes=5)
"""How long Slack's response is valid before it is fetched again for an unprompted message."""

MAX_TIMESTAMP = 253_402_000_000
"""Unix time shortly before the year 10,000; later timestamps are invalid."""


def parse_dnd_until(dnd_info: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return until when a person wants no messages; None if they can be messaged now.

    An interval that begins while the response is still valid counts already.
    """
    starts, ends = (
        _parse_timestamp(dnd_info.get("next_dnd_start_ts")),
        _parse_timestamp(dnd_info.get("next_dnd_end_ts")),
    )
    if not dnd_info.get("dnd_enabled") or starts is None or ends is None:
        return None
    return ends if starts <= now + DND_MAX_AGE and ends > now else None


def _parse_timestamp(seconds: object) -> datetime | None:
    """Return the time of a Unix timestamp, or None; Slack sends 1 for never."""
    if not isinstance(seconds, int | float) or not 1 < seconds < MAX_TIMESTAMP:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def is_dnd_fresh(checked_at: datetime | None, now: datetime) -> bool:
    """Return whether Slack's response from `checked_at` is still valid.

    One that lies ahead is not: the clock was set back.
    """
    return checked_at is not None and timedelta() <= now - checked_at < DND_MAX_AGE
