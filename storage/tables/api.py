"""Tables of the HTTP API: keys, and responses to repeated requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_list_column_with_default,
    nullable_datetime_column,
    nullable_json_object_column,
)
from storage.tables.states import KeyScope


class ApiKey(SQLModel, table=True):
    """A key of the HTTP API: a public part that finds the row, and the hash of the secret part.

    `name` is the actor in the audit log, so it is never used again. `campaign_ids` are the
    campaigns for which the key is valid; empty: all.
    """

    __tablename__ = "api_key"

    __table_args__ = (enum_check("scope", KeyScope),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    public_id: str = Field(unique=True)
    secret_sha256: str
    scope: str
    campaign_ids: list[int] = json_list_column_with_default()
    created_by: str
    created_at: datetime = datetime_column()
    last_used_at: datetime | None = nullable_datetime_column()
    revoked_by: str | None = None
    revoked_at: datetime | None = nullable_datetime_column()


class ApiRequest(SQLModel, table=True):
    """A change made through the HTTP API with an idempotency key, and its response.

    It is stored in the transaction of the change, so a repeated request gets the same response
    without effect. `fingerprint` is a hash of the request. Rows are removed after a day.
    """

    __tablename__ = "api_request"

    key_id: int = Field(primary_key=True, foreign_key="api_key.id")
    idempotency_key: str = Field(primary_key=True)
    fingerprint: str
    response: dict[str, Any] | None = nullable_json_object_column()
    created_at: datetime = datetime_column(index=True)
