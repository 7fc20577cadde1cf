"""The correlation id: what a request of Slack or a job caused, down to the message it sends.

It is a random trace id as W3C Trace Context has it: 32 hexadecimal digits.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CURRENT: ContextVar[str | None] = ContextVar("correlation_id", default=None)

ID_BYTES = 16


def current_correlation_id() -> str | None:
    """Return the id of what runs now, None outside of requests, jobs and deliveries."""
    return _CURRENT.get()


@contextmanager
def correlate(correlation_id: str | None = None) -> Iterator[str]:
    """Give what runs inside an id: the one of its cause, or a new one."""
    chosen = correlation_id or secrets.token_hex(ID_BYTES)
    token = _CURRENT.set(chosen)
    try:
        yield chosen
    finally:
        _CURRENT.reset(token)
