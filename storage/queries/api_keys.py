"""Keys of the HTTP API, and the requests that took effect."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import ApiKey, ApiRequest, Campaign


def find_by_name(session: Session, name: str) -> ApiKey | None:
    """Return the key with a name, revoked or not."""
    return session.exec(select(ApiKey).where(ApiKey.name == name)).first()


def find_by_public_id(session: Session, public_id: str) -> ApiKey | None:
    """Return the key with a public part."""
    return session.exec(select(ApiKey).where(ApiKey.public_id == public_id)).first()


def list_keys(session: Session) -> Sequence[ApiKey]:
    """Return all keys, oldest first."""
    return session.exec(select(ApiKey).order_by(col(ApiKey.id))).all()


def campaign_names(session: Session, campaign_ids: Collection[int]) -> dict[int, str]:
    """Return names of campaigns by their ids."""
    query = select(Campaign.id, Campaign.name).where(col(Campaign.id).in_(campaign_ids))
    return {number: name for number, name in session.exec(query) if number is not None}


def set_last_used(session: Session, key_id: int, now: datetime) -> None:
    """Store when a key was last used."""
    statement = update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=now)
    session.connection().execute(statement)


def add_request(session: Session, request: ApiRequest) -> bool:
    """Add a request; return False if the key has one with the same idempotency key.

    Of two transactions with the same key, the second waits until the first has ended.
    """
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = request.model_dump(exclude={"response"})
    insert = dialect.insert(ApiRequest).values(values).on_conflict_do_nothing()
    return connection.execute(insert.returning(col(ApiRequest.key_id))).first() is not None


def find_request(session: Session, key_id: int, idempotency_key: str) -> ApiRequest | None:
    """Return the request of a key with an idempotency key."""
    return session.get(ApiRequest, (key_id, idempotency_key))


def store_response(
    session: Session, key_id: int, idempotency_key: str, response: dict[str, Any]
) -> None:
    """Store the response to a request."""
    statement = (
        update(ApiRequest)
        .where(col(ApiRequest.key_id) == key_id, col(ApiRequest.idempotency_key) == idempotency_key)
        .values(response=response)
    )
    session.connection().execute(statement)


def has_older_requests(session: Session, than: datetime) -> bool:
    """Return whether there are requests from before a time."""
    query = select(ApiRequest.key_id).where(col(ApiRequest.created_at) < than).limit(1)
    return session.exec(query).first() is not None


def delete_older_requests(session: Session, than: datetime) -> None:
    """Delete the requests from before a time."""
    session.connection().execute(delete(ApiRequest).where(col(ApiRequest.created_at) < than))
