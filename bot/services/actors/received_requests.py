"""Requests that Slack delivers twice: recorded with their effect, and ignored the second time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from storage.queries import received_requests

REDELIVERY_PERIOD = timedelta(days=2)
"""How long a request is remembered. Slack delivers an event again for up to a day."""


class RepeatedRequestError(Exception):
    """Slack delivered a request again that has taken effect. Nothing was changed."""


def require_new(session: Session, keys: Sequence[str], now: datetime) -> None:
    """Record a request by all its keys, in the transaction of its effect.

    Raises:
        RepeatedRequestError: one of the keys is recorded already.
    """
    recorded = [received_requests.record_request(session, key, now) for key in keys]
    if not all(recorded):
        raise RepeatedRequestError


def is_repeated(session: Session, keys: Sequence[str]) -> bool:
    """Return whether a request with one of these keys has taken effect."""
    return bool(keys) and received_requests.has_any(session, keys)


def has_old_requests(session: Session, now: datetime) -> bool:
    """Return whether there are requests that Slack no longer delivers again."""
    return received_requests.has_older(session, now - REDELIVERY_PERIOD)


def forget_old_requests(session: Session, now: datetime) -> None:
    """Remove the requests that Slack no longer delivers again."""
    received_requests.delete_older(session, now - REDELIVERY_PERIOD)
