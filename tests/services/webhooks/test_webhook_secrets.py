"""A changed secret signs beside the old one for the stated time, and alone afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from standardwebhooks.webhooks import Webhook as OfficialWebhook
from standardwebhooks.webhooks import WebhookVerificationError

from bot.services.webhooks.webhook_secrets import (
    SecretChangeInProgressError,
    change_secret,
    signing_keys,
)
from bot.webhooks.signature import signed_headers
from storage.queries import webhooks
from storage.tables import Webhook
from tests.services.webhooks.conftest import Webhooks

BODY = b'{"type": "webhook.test"}'


def rotate(log: Webhooks, keep_hours: int, at: datetime) -> str:
    """Change the secret of the webhook at a time; return the new one."""
    actor = replace(log.scenario.actor, at=at)
    changed = log.scenario.database.write_now(change_secret, "loop", keep_hours, actor)
    assert changed.secret not in repr(changed)
    return changed.secret


def accepts(log: Webhooks, secret: str, at: datetime) -> bool:
    """Return whether a receiver with a secret accepts what is signed at a time."""
    stored = log.scenario.database.read_now(lambda session: session.exec(select(Webhook)).one())
    timestamp = int(datetime.now(at.tzinfo).timestamp())  # the official library compares it
    headers = signed_headers(signing_keys(stored, at), "evt_1", timestamp, BODY)
    try:
        OfficialWebhook(secret).verify(BODY, headers)
    except WebhookVerificationError:
        return False
    return True


def test_both_secrets_sign_during_the_change_over(webhook_log: Webhooks) -> None:
    old, now = webhook_log.add().secret, webhook_log.scenario.actor.at
    assert accepts(webhook_log, old, now)
    new = rotate(webhook_log, 2, now)
    during, after = now + timedelta(minutes=119), now + timedelta(minutes=120)
    assert (accepts(webhook_log, old, during), accepts(webhook_log, new, during)) == (True, True)
    assert (accepts(webhook_log, old, after), accepts(webhook_log, new, after)) == (False, True)


def test_known_secret_is_replaced_at_once(webhook_log: Webhooks) -> None:
    old, now = webhook_log.add().secret, webhook_log.scenario.actor.at
    middle = rotate(webhook_log, 2, now)
    with pytest.raises(SecretChangeInProgressError):
        rotate(webhook_log, 2, now + timedelta(hours=1))
    new = rotate(webhook_log, 0, now + timedelta(hours=1))
    accepted = [accepts(webhook_log, one, now) for one in (old, middle, new)]
    assert accepted == [False, False, True]


def test_secret_can_be_changed_again_after_the_change_over(webhook_log: Webhooks) -> None:
    webhook_log.add()
    now = webhook_log.scenario.actor.at
    first = rotate(webhook_log, 2, now)
    later = now + timedelta(hours=2)
    second = rotate(webhook_log, 2, later)
    assert accepts(webhook_log, first, later)
    assert accepts(webhook_log, second, later)


def test_old_secret_is_erased_when_it_no_longer_signs(webhook_log: Webhooks) -> None:
    webhook_log.add()
    database, now = webhook_log.scenario.database, webhook_log.scenario.actor.at
    rotate(webhook_log, 2, now)
    for at, is_kept in ((now + timedelta(hours=1), True), (now + timedelta(hours=2), False)):
        assert database.read_now(webhooks.has_old_secrets, at) != is_kept
        database.write_now(webhooks.erase_old_secrets, at)
        stored = database.read_now(lambda session: session.exec(select(Webhook)).one())
        assert (stored.old_secret is not None) == is_kept
