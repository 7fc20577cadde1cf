"""The tokens that Slack rotates: the newest pair, and which process is renewing it.

A refresh token is valid once, so only one process may use it. The row is locked while a process
claims it. A claim is valid for a minute, so that another process can renew if this one is killed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from storage.queries.workspace_settings import add_missing
from storage.tables import WorkspaceSetting

SETTING = "slack_tokens"

CLAIM = timedelta(minutes=1)
"""How long a process may take to renew the tokens."""

CHANGED_BY = "labelbot"


@dataclass(frozen=True, slots=True)
class SlackTokens:
    """A bot token with its end, and the token that renews it.

    `origin` is a hash of the refresh token in the settings, with which the rotation began: another
    one there starts a new rotation.
    """

    origin: str
    access_token: str
    refresh_token: str
    expires_at: datetime


def stored_tokens(session: Session, origin: str) -> SlackTokens | None:
    """Return the newest tokens, None if the rotation has not begun."""
    row = session.get(WorkspaceSetting, SETTING)
    return _tokens_of(row, origin) if row else None


def claim(session: Session, tokens: SlackTokens, now: datetime) -> SlackTokens | None:
    """Return the tokens that this process has to renew, None if another process does or did.

    `tokens` are those that it knows: the stored ones, or those with which the rotation begins.
    """
    add_missing(session, SETTING, {}, changed_by=CHANGED_BY, now=now)
    row = session.get_one(WorkspaceSetting, SETTING, with_for_update=True)
    newest = _tokens_of(row, tokens.origin) or tokens
    claimed_until = row.value.get("claimed_until")
    if newest != tokens or (claimed_until and datetime.fromisoformat(claimed_until) > now):
        return None
    row.value = {**row.value, "claimed_until": (now + CLAIM).isoformat()}
    session.add(row)
    return newest


def store(session: Session, tokens: SlackTokens, now: datetime) -> None:
    """Store renewed tokens, and end the claim."""
    row = session.get_one(WorkspaceSetting, SETTING, with_for_update=True)
    row.value = {
        "origin": tokens.origin,
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": tokens.expires_at.isoformat(),
    }
    row.changed_at = now
    session.add(row)


def _tokens_of(row: WorkspaceSetting, origin: str) -> SlackTokens | None:
    value = row.value
    if value.get("origin") != origin:
        return None
    expires_at = datetime.fromisoformat(value["expires_at"])
    return SlackTokens(origin, value["access_token"], value["refresh_token"], expires_at)
