"""Changes with an idempotency key: made once, and answered the same way each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from storage.queries import api_keys
from storage.tables import ApiRequest

KEPT_PERIOD = timedelta(days=1)
"""How long the response to a request is kept."""


class ReusedIdempotencyKeyError(BotError):
    """This Idempotency-Key belongs to another request. Use a new one for each request."""


@dataclass(frozen=True, slots=True)
class RepeatableRequest:
    """A request that may arrive again. `fingerprint` is a hash of all of it."""

    key_id: int
    idempotency_key: str
    fingerprint: str


def run_once(
    session: Session,
    request: RepeatableRequest,
    now: datetime,
    change: Callable[[Session], dict[str, Any]],
) -> tuple[dict[str, Any], bool]:
    """Make a change and store its response in the same transaction.

    Return the response, and whether the change was made before. If `change` raises, nothing is
    stored, and the request can be sent again.

    Raises:
        ReusedIdempotencyKeyError: the idempotency key belongs to another request.
    """
    key = (request.key_id, request.idempotency_key)
    row = ApiRequest(
        key_id=request.key_id,
        idempotency_key=request.idempotency_key,
        fingerprint=request.fingerprint,
        created_at=now,
    )
    if api_keys.add_request(session, row):
        response = change(session)
        api_keys.store_response(session, *key, response)
        return response, False
    stored = stored_response(session, request)
    return stored or {}, True


def stored_response(session: Session, request: RepeatableRequest) -> dict[str, Any] | None:
    """Return the response to a request that was made before, None if it was not.

    Raises:
        ReusedIdempotencyKeyError: the idempotency key belongs to another request.
    """
    stored = api_keys.find_request(session, request.key_id, request.idempotency_key)
    if stored is None:
        return None
    if stored.fingerprint != request.fingerprint:
        raise ReusedIdempotencyKeyError
    return dict(stored.response or {})


def has_old_requests(session: Session, now: datetime) -> bool:
    """Return whether there are responses that are no longer kept."""
    return api_keys.has_older_requests(session, now - KEPT_PERIOD)


def forget_old_requests(session: Session, now: datetime) -> None:
    """Remove the responses that are no longer kept."""
    api_keys.delete_older_requests(session, now - KEPT_PERIOD)
