"""Webhooks: addresses that get events, with a secret that signs them. The secret is shown once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from sqlmodel import Session

from bot.errors import BotError, NotFoundError
from bot.public_address import is_public
from bot.services.actors.actor import Actor
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.campaigns.validation import NAME_PATTERN, BadNameError
from bot.webhooks.events import SUBSCRIBED_EVENTS
from bot.webhooks.signature import new_secret
from storage.queries import api_keys, webhook_deliveries, webhooks
from storage.row_id import id_of
from storage.tables import Webhook, WebhookDeliveryState

MAX_WEBHOOKS = 50
"""Each may have a few requests in progress at a time."""

MAX_URL_CHARACTERS = 1_000

UNUSUAL_CHARACTERS = re.compile(r"[^\x21-\x7e]|[\\<>\"^`{|}]")
"""What must be percent-encoded in a URL, such as spaces, controls and backslashes."""


class WebhookNameTakenError(BotError):
    """There is a webhook called “{name}”. Choose another name, or remove it first."""


class InvalidWebhookUrlError(BotError):
    """Events cannot be sent to this address: {reason}."""


class UnknownEventError(BotError):
    """Unknown event “{event}”. Choose from: {known}."""


class TooManyWebhooksError(BotError):
    """There are {count} webhooks, which is the most. Remove one that is not needed."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """What a webhook is created from. `events` and `campaigns` empty: all."""

    name: str
    url: str
    events: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """A webhook that was just added. `secret` is shown once."""

    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookStatus:
    """A webhook without its secret. `url` has no query, because that may be secret, too.

    Attributes:
        events, campaigns: what it gets; empty: all.
        waiting, delivered, failed, dropped: its deliveries in the log, by state.
        failures: attempts that have failed since the last success.
        failing_since: when the first of them failed.
        retry_at: when the next attempt is made, if one is waited for.
        disabled_reason: why it was disabled; None: it is not.
        old_secret_until: until when its old secret also signs; None: it was not changed lately.
    """

    name: str
    url: str
    events: tuple[str, ...]
    campaigns: tuple[str, ...]
    created_by: str
    created_at: datetime
    waiting: int
    delivered: int
    failed: int
    dropped: int
    failures: int
    failing_since: datetime | None
    retry_at: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    old_secret_until: datetime | None


def add_webhook(
    session: Session, new: NewWebhook, actor: Actor, *, allows_private: bool
) -> CreatedWebhook:
    """Add a webhook; it gets the events that happen from now on.

    Raises:
        BadNameError, WebhookNameTakenError: the name cannot be used.
        InvalidWebhookUrlError: the address cannot be used; `allows_private` is the setting.
        UnknownEventError, NotFoundError: there is no such event or campaign.
        TooManyWebhooksError: there are as many as are allowed.
    """
    if not NAME_PATTERN.fullmatch(new.name):
        raise BadNameError(name=new.name, suggestion="training-loop")
    if webhooks.find_by_name(session, new.name):
        raise WebhookNameTakenError(name=new.name)
    if len(webhooks.list_webhooks(session)) >= MAX_WEBHOOKS:
        raise TooManyWebhooksError(count=MAX_WEBHOOKS)
    url = _check_url(new.url, allows_private=allows_private)
    events = _check_events(new.events)
    names = list(dict.fromkeys(new.campaigns))
    secret = new_secret()
    webhooks.add(
        session,
        Webhook(
            name=new.name,
            url=url,
            secret=secret,
            events=events,
            campaign_ids=[id_of(campaign_by_name(session, one)) for one in names],
            created_by=actor.name,
            created_at=actor.at,
        ),
    )
    details = {"url": shown_url(url), "events": events, "campaigns": names}
    actor.record(session, "added a webhook", f"webhook {new.name}", **details)
    return CreatedWebhook(new.name, secret)


def _check_events(events: Sequence[str]) -> list[str]:
    for event in events:
        if event not in SUBSCRIBED_EVENTS:
            raise UnknownEventError(event=event, known=", ".join(SUBSCRIBED_EVENTS))
    return list(dict.fromkeys(events))


def _check_url(text: str, *, allows_private: bool) -> str:
    url = text.strip(" ")
    try:
        reason = _reason_against(url, allows_private=allows_private)
    except ValueError:
        reason = "it is not a URL; write https://example.org/labelbot"
    if reason:
        raise InvalidWebhookUrlError(reason=reason)
    return url


def _reason_against(url: str, *, allows_private: bool) -> str:
    """Return why an address cannot be used; raise ValueError if it is not one."""
    parts = urlsplit(url)
    if len(url) > MAX_URL_CHARACTERS:
        return f"it has more than {MAX_URL_CHARACTERS:,} characters"
    if UNUSUAL_CHARACTERS.search(url):
        return "it has a space or another character that must be percent-encoded"
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.port == 0:
        return "write https://example.org/labelbot"
    if parts.username is not None or parts.fragment:
        return "it has a user, a password or a fragment; events are signed instead"
    return "" if allows_private else _reason_against_private(parts)


def _reason_against_private(parts: SplitResult) -> str:
    """Return why an address is not one of the public internet. Names are looked up when sent."""
    allow = "to allow it, set LABELBOT_WEBHOOK_ALLOW_PRIVATE=true"
    if parts.scheme == "http":
        return f"it is not encrypted; write https://, or {allow}"
    with suppress(ValueError):
        if not is_public(ip_address(parts.hostname or "")):
            return f"it is not on the public internet; {allow}"
    return ""


def shown_url(url: str) -> str:
    """Return an address without its query, which may have a secret."""
    path, has_query, _query = url.partition("?")
    return f"{path}?…" if has_query else path


def list_webhooks(session: Session) -> list[WebhookStatus]:
    """Return all webhooks, oldest first."""
    counts = webhook_deliveries.counts_by_state(session)
    rows = webhooks.list_webhooks(session)
    names = api_keys.campaign_names(session, {one for row in rows for one in row.campaign_ids})
    return [_status_of(row, names, counts) for row in rows]


def _status_of(
    row: Webhook, names: dict[int, str], counts: dict[tuple[int, str], int]
) -> WebhookStatus:
    by_state = {
        str(state): counts.get((id_of(row), state), 0) for state in tuple(WebhookDeliveryState)
    }
    return WebhookStatus(
        name=row.name,
        url=shown_url(row.url),
        events=tuple(row.events),
        campaigns=tuple(names.get(one, str(one)) for one in row.campaign_ids),
        created_by=row.created_by,
        created_at=row.created_at,
        failures=row.failures,
        failing_since=row.failing_since,
        retry_at=row.retry_at,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        old_secret_until=row.old_secret_until,
        **by_state,
    )


def require_webhook(session: Session, name: str, *, lock: bool = False) -> Webhook:
    """Return the webhook with a name.

    Raises:
        NotFoundError: there is none.
    """
    row = webhooks.find_by_name(session, name, lock=lock)
    if row is None:
        hint = "labelbot webhooks list shows all webhooks."
        raise NotFoundError(what="webhook", name=name, hint=hint)
    return row


def remove_webhook(session: Session, name: str, actor: Actor) -> None:
    """Remove a webhook with its secret, its log, and what waits for it.

    Raises:
        NotFoundError: there is no such webhook.
    """
    webhooks.remove(session, id_of(require_webhook(session, name, lock=True)))
    actor.record(session, "removed a webhook", f"webhook {name}")


def enable_webhook(session: Session, name: str, actor: Actor) -> bool:
    """Let a webhook get events again from now on; return False if it was not disabled.

    A webhook that waits after failures is tried at once.

    Raises:
        NotFoundError: there is no such webhook.
    """
    row = require_webhook(session, name, lock=True)
    was_disabled = row.disabled_at is not None
    row.disabled_at = row.disabled_reason = row.retry_at = row.failing_since = None
    row.reported_at, row.failures = None, 0
    session.add(row)
    webhooks.forget_filters()
    if was_disabled:
        actor.record(session, "enabled a webhook", f"webhook {name}")
    return was_disabled
