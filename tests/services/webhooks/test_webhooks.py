"""Webhooks are added with a secret that is shown once, and only for addresses that can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError, NotFoundError
from bot.services.webhooks import deliveries, webhooks
from bot.services.webhooks.webhooks import (
    InvalidWebhookUrlError,
    NewWebhook,
    UnknownEventError,
    WebhookNameTakenError,
)
from bot.webhooks.signature import parse_secrets
from storage.database import Database
from tests.conftest import empty_tables
from tests.services.conftest import Scenario
from tests.services.webhooks.conftest import URL, Webhooks


@pytest.fixture
def scenario(sqlite_database: Database, tmp_path: Path) -> Scenario:
    """Return a scenario on SQLite: nothing here depends on the database."""
    sqlite_database.write_now(empty_tables)
    return Scenario(sqlite_database, tmp_path)


def add(scenario: Scenario, new: NewWebhook, *, allows_private: bool = False) -> None:
    """Add a webhook."""
    scenario.database.write_now(
        webhooks.add_webhook, new, scenario.actor, allows_private=allows_private
    )


def test_secret_is_shown_once(webhook_log: Webhooks) -> None:
    created = webhook_log.add(url=f"{URL}?token=hidden")
    assert len(parse_secrets(created.secret)[0]) == 32
    assert created.secret not in repr(created)
    scenario = webhook_log.scenario
    listed = scenario.database.read_now(webhooks.list_webhooks)
    assert created.secret not in repr(listed)
    assert "hidden" not in repr(listed)
    (event,) = scenario.database.read_now(
        lambda session: [
            row[0]
            for row in session.connection().exec_driver_sql("SELECT details FROM audit_event")
        ]
    )
    assert "hidden" not in event
    assert created.secret not in event


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/x",
        "ftp://example.org/x",
        "https://",
        "https:///x",
        "https://user:password@example.org/x",
        "https://user@example.org/x",
        "https://example.org/x#part",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://exämple.org/",
        "https://example.org:99999/x",
        "https://example.org:0/x",
        "https://[::1/x",
        "https://example.org\\@10.0.0.5/",
        "https://example.org/" + "x" * 1_000,
    ],
)
@pytest.mark.parametrize("allows_private", [True, False])
def test_address_that_cannot_be_used_is_refused(
    scenario: Scenario, url: str, *, allows_private: bool
) -> None:
    with pytest.raises(InvalidWebhookUrlError) as caught:
        add(scenario, NewWebhook("loop", url), allows_private=allows_private)
    assert "password" not in str(caught.value).replace("a user, a password", "")


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.1.2.3/"]
)
def test_private_address_needs_the_setting(scenario: Scenario, url: str) -> None:
    with pytest.raises(InvalidWebhookUrlError, match="LABELBOT_WEBHOOK_ALLOW_PRIVATE"):
        add(scenario, NewWebhook("loop", url))
    add(scenario, NewWebhook("loop", url), allows_private=True)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewWebhook("Bad Name", URL), BotError),
        (NewWebhook("loop", URL), WebhookNameTakenError),
        (NewWebhook("new", URL, ("answer.deleted",)), UnknownEventError),
        (NewWebhook("new", URL, ("webhook.test",)), UnknownEventError),
        (NewWebhook("new", URL, (), ("unknown",)), NotFoundError),
    ],
)
def test_invalid_webhook_is_refused(
    scenario: Scenario, webhook_log: Webhooks, new: NewWebhook, error: type[BotError]
) -> None:
    webhook_log.add()
    with pytest.raises(error):
        add(scenario, new)
    assert scenario.count("webhook") == 1


def test_number_of_webhooks_is_limited(scenario: Scenario, webhook_log: Webhooks) -> None:
    for number in range(webhooks.MAX_WEBHOOKS):
        webhook_log.add(f"loop-{number}")
    with pytest.raises(webhooks.TooManyWebhooksError):
        webhook_log.add("loop")
    assert scenario.count("webhook") == webhooks.MAX_WEBHOOKS


def test_unknown_webhook_is_named(scenario: Scenario) -> None:
    for change in (webhooks.remove_webhook, webhooks.enable_webhook):
        with pytest.raises(NotFoundError, match="loop"):
            scenario.database.write_now(change, "loop", scenario.actor)
    with pytest.raises(NotFoundError, match="loop"):
        scenario.database.write_now(deliveries.replay, "loop", None, scenario.actor)
