"""When a request is sent again: after a lost connection, a limit or an outage, with backoff."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""The request had no effect, or the same idempotency key makes sure that it has one effect."""

MAX_RETRY_AFTER_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a request is sent, and how long the client waits before each repetition.

    The wait doubles from `first_seconds` up to `max_seconds`, and a random part of up to a half is
    taken off, so that several clients do not come back at the same moment. A request is repeated
    after a response with one of the `statuses`.
    """

    attempts: int = 6
    first_seconds: float = 0.5
    max_seconds: float = 30.0
    statuses: Collection[int] = RETRIED_STATUSES

    def seconds_before(self, repetition: int, response: httpx.Response | None) -> float | None:
        """Return the wait before a repetition, from 1; None if there is none.

        `response` is None if the connection failed. The server's Retry-After is honored.
        """
        if repetition >= self.attempts:
            return None
        if response is not None and response.status_code not in self.statuses:
            return None
        backoff = min(self.first_seconds * 2.0 ** (repetition - 1), self.max_seconds)
        backoff *= 1 - random.random() / 2  # noqa: S311 - no secret
        return max(backoff, _retry_after(response))


def _retry_after(response: httpx.Response | None) -> float:
    """Return how many seconds a server says to wait: a number, or a time relative to its `Date`."""
    text = response.headers.get("Retry-After", "") if response is not None else ""
    if response is None or not text.isascii():
        return 0.0
    seconds = float(text) if text.isdigit() else _seconds_until(text, response)
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def _seconds_until(text: str, response: httpx.Response) -> float:
    try:
        sent = parsedate_to_datetime(response.headers.get("Date", ""))
        return (parsedate_to_datetime(text) - sent).total_seconds()
    except (TypeError, ValueError):
        return 0.0
