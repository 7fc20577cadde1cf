"""Secrets that sign the events of webhooks: a new one, beside the old one during a change-over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.webhooks.webhooks import require_webhook
from bot.webhooks.signature import new_secret, parse_secrets
from storage.tables import Webhook

DEFAULT_KEEP_HOURS = 24
"""How long the old secret signs beside the new one, unless somebody says otherwise."""

MAX_KEEP_HOURS = 720


class SecretChangeInProgressError(BotError):
    """An old secret of “{name}” still signs, until {until}. Keep it for 0 hours to end that now."""

    command_hint: ClassVar[str] = "Use --keep-hours 0."


@dataclass(frozen=True, slots=True)
class ChangedSecret:
    """A new secret, which is shown once. The old one also signs until `old_until`; None: not."""

    name: str
    secret: str = field(repr=False)
    old_until: datetime | None


def change_secret(session: Session, name: str, keep_hours: int, actor: Actor) -> ChangedSecret:
    """Give a webhook a new secret; the old one also signs for some hours, or not at all with 0.

    Raises:
        NotFoundError: there is no such webhook.
        SecretChangeInProgressError: an older secret still signs, and would end too early.
    """
    row, until = require_webhook(session, name, lock=True), None
    if keep_hours:
        if row.old_secret_until is not None and actor.at < row.old_secret_until:
            shown = f"{row.old_secret_until:%Y-%m-%d %H:%M} UTC"
            raise SecretChangeInProgressError(name=name, until=shown)
        until = actor.at + timedelta(hours=keep_hours)
    row.old_secret, row.old_secret_until = row.secret if until else None, until
    row.secret = new_secret()
    session.add(row)
    session.flush()
    actor.record(
        session, "changed the secret of a webhook", f"webhook {name}", keep_hours=keep_hours
    )
    return ChangedSecret(name, row.secret, until)


def signing_keys(webhook: Webhook, now: datetime) -> tuple[bytes, ...]:
    """Return the keys that sign now: of the secret, and of the old one during a change-over."""
    until = webhook.old_secret_until
    old = webhook.old_secret if until is not None and now < until else None
    return parse_secrets(f"{webhook.secret} {old or ''}")
