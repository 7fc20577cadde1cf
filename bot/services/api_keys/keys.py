"""Keys of the HTTP API: creating, checking and revoking them. Only a hash of a key is stored."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlmodel import Session

from bot.errors import BotError, NotFoundError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import API
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.campaigns.validation import NAME_PATTERN, BadNameError
from storage.queries import api_keys
from storage.row_id import id_of
from storage.tables import ApiKey, KeyScope

KEY_PATTERN = re.compile(r"lbk_([0-9a-f]{12})_([0-9a-f]{64})")

PUBLIC_BYTES, SECRET_BYTES = 6, 32
"""Random bytes of both parts. The secret has 256 bits, so that a plain hash of it is safe."""

UNKNOWN_SECRET_SHA256 = sha256(b"").hexdigest()
"""Compared with if no key has the public part, so that both cases take the same time."""

USE_INTERVAL = timedelta(minutes=1)
"""The last use of a key is recorded at most this often."""

SCOPES = tuple(KeyScope)
"""From the smallest scope to the largest; each includes the ones before."""


class KeyNameTakenError(BotError):
    """There is or was a key called “{name}”. The audit log names keys; choose another name."""


class InvalidKeyError(BotError):
    """The key is not valid. Create one with `labelbot keys create`."""


class SmallScopeError(BotError):
    """The key “{key}” has the scope {scope}; this needs {needed}. Create another key for it."""


class OtherCampaignError(BotError):
    """The key “{key}” is only for certain campaigns. Create another key for this."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just created. `key` is shown once, and is stored nowhere."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """A key without its secret. `campaigns` are those for which it is valid; empty: all."""

    name: str
    scope: str
    campaigns: tuple[str, ...]
    created_by: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who makes a request: a valid key. `campaign_ids` empty: it is valid for all campaigns."""

    key_id: int
    name: str
    scope: KeyScope
    campaign_ids: frozenset[int] = frozenset()

    def actor(self, now: datetime) -> Actor:
        """Return the key as the actor of a change."""
        return Actor(self.name, API, now)

    def has_scope(self, needed: KeyScope) -> bool:
        """Return whether the key's scope is `needed` or a larger one."""
        return SCOPES.index(self.scope) >= SCOPES.index(needed)

    def require_scope(self, needed: KeyScope) -> None:
        """Raise SmallScopeError unless the key has the scope or a larger one."""
        if not self.has_scope(needed):
            raise SmallScopeError(key=self.name, scope=self.scope, needed=needed)

    def may_use(self, campaign_id: int) -> bool:
        """Return whether the key is valid for a campaign."""
        return not self.campaign_ids or campaign_id in self.campaign_ids

    def require_all_campaigns(self) -> None:
        """Raise OtherCampaignError if the key is only for certain campaigns."""
        if self.campaign_ids:
            raise OtherCampaignError(key=self.name)


def create_key(
    session: Session, name: str, scope: KeyScope, campaigns: Sequence[str], actor: Actor
) -> NewKey:
    """Create a key, for some campaigns or for all.

    Raises:
        BadNameError, KeyNameTakenError: the name cannot be used.
        NotFoundError: there is no such campaign.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise BadNameError(name=name, suggestion="training-loop")
    if api_keys.find_by_name(session, name):
        raise KeyNameTakenError(name=name)
    names = list(dict.fromkeys(campaigns))
    ids = [id_of(campaign_by_name(session, one)) for one in names]
    public_id, secret = secrets.token_hex(PUBLIC_BYTES), secrets.token_hex(SECRET_BYTES)
    session.add(
        ApiKey(
            name=name,
            public_id=public_id,
            secret_sha256=_digest(secret),
            scope=scope,
            campaign_ids=ids,
            created_by=actor.name,
            created_at=actor.at,
        )
    )
    session.flush()
    details: dict[str, object] = {"campaigns": names} if names else {}
    actor.record(session, "created a key", f"key {name}", scope=scope.value, **details)
    return NewKey(name, f"lbk_{public_id}_{secret}")


def list_keys(session: Session) -> list[KeyStatus]:
    """Return all keys, also the revoked ones, oldest first."""
    rows = api_keys.list_keys(session)
    names = api_keys.campaign_names(session, {one for row in rows for one in row.campaign_ids})
    return [
        KeyStatus(
            name=row.name,
            scope=row.scope,
            campaigns=tuple(names.get(one, str(one)) for one in row.campaign_ids),
            created_by=row.created_by,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            revoked_by=row.revoked_by,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def revoke_key(session: Session, name: str, actor: Actor) -> bool:
    """Revoke a key at once and for good; return False if it was revoked before.

    Raises:
        NotFoundError: there is no such key.
    """
    row = api_keys.find_by_name(session, name)
    if row is None:
        raise NotFoundError(what="key", name=name, hint="labelbot keys list shows all keys.")
    if row.revoked_at:
        return False
    row.revoked_by, row.revoked_at = actor.name, actor.at
    session.add(row)
    actor.record(session, "revoked a key", f"key {name}")
    return True


def find_holder(session: Session, key: str) -> tuple[KeyHolder, datetime | None]:
    """Return the holder of a key, and when it was last used.

    Raises:
        InvalidKeyError: the key is malformed, unknown or revoked; the message does not say which.
    """
    match = KEY_PATTERN.fullmatch(key)
    public_id, secret = match.groups() if match else ("", "")
    row = api_keys.find_by_public_id(session, public_id)
    is_equal = compare_digest(_digest(secret), row.secret_sha256 if row else UNKNOWN_SECRET_SHA256)
    if row is None or not is_equal or row.revoked_at:
        raise InvalidKeyError
    holder = KeyHolder(id_of(row), row.name, KeyScope(row.scope), frozenset(row.campaign_ids))
    return holder, row.last_used_at


def is_use_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Return whether it is time to record that a key is used."""
    return last_used_at is None or abs(now - last_used_at) >= USE_INTERVAL


def record_use(session: Session, key_id: int, now: datetime) -> None:
    """Record when a key was last used."""
    api_keys.set_last_used(session, key_id, now)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
