"""Tests of health: what is tested, reported as degraded, and reused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.clock import AdjustableClock
from bot.health import FAILED_PERIOD, MAX_WAIT, HealthCheck, SlackState
from bot.webhooks.signature import new_secret
from storage.database import Database
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import (
    OutboxMessage,
    OutboxState,
    Webhook,
    WebhookDelivery,
    WebhookDeliveryState,
)
from tests.services.conftest import Scenario, pair
from tests.storage.failing_database import FailingDatabase

CLOCK = AdjustableClock()
CONNECTED = SlackState()
REFUSED = SlackState("refused", ("Cannot log in to Slack: token_revoked.",))


def health_check(
    db: Database, slack: SlackState = CONNECTED, lifetime_seconds: float = 0
) -> HealthCheck:
    """Return a check of a database."""
    return HealthCheck(db, CLOCK, lambda _now: slack, lifetime_seconds)


def message(state: OutboxState, age: timedelta, message_type: str = "text") -> OutboxMessage:
    """Return a message that was queued, and sent or given up, this long ago."""
    at = CLOCK.now() - age
    return OutboxMessage(
        message_type=message_type,
        recipient="U0ADA",
        payload={},
        state=state,
        due_at=at,
        created_at=at,
        sent_at=None if state == OutboxState.WAITING else at,
    )


def store(session: Session, *rows: object) -> None:
    """Add rows."""
    session.add_all(rows)


async def test_working_database_without_messages_is_ok(database: Database) -> None:
    report = await health_check(database)()
    assert report.to_json() == {
        "ok": True,
        "status": "ok",
        "problems": (),
        "database": "writable",
        "slack": "connected",
        "pending_messages": 0,
        "oldest_pending_seconds": None,
        "failed_messages": 0,
        "invisible_tasks": 0,
        "waiting_events": 0,
        "oldest_event_seconds": None,
        "failed_events": 0,
        "disabled_webhooks": 0,
    }
    assert report.is_ready


async def test_database_that_does_not_answer_is_not_ready() -> None:
    url = "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2"
    with closing(Database(url)) as unreachable:
        report = await health_check(unreachable, REFUSED)()
    assert not report.is_ready
    assert (report.ok, report.status) == (False, "failing")
    assert report.database == "the database server does not answer"
    assert report.problems == (
        "Nothing can be stored: the database server does not answer.",
        *REFUSED.problems,
    )
    assert report.pending_messages is None


@pytest.mark.parametrize(
    ("failure", "cause"),
    [("read-only", "the database file is read-only"), ("full", "the disk is full")],
)
async def test_database_that_cannot_be_written_is_not_ready(
    sqlite_url: str, failure: str, cause: str
) -> None:
    with closing(FailingDatabase(sqlite_url, failure)) as failing:
        report = await health_check(failing)()
        assert (report.is_ready, report.database) == (False, cause)
        failing.failure = None
        assert (await health_check(failing)()).ok


@pytest.fixture
def blocked_database(sqlite_url: str) -> Iterator[Database]:
    """Return a database that another process has locked."""
    with closing(Database(sqlite_url)) as other, closing(Database(sqlite_url)) as blocked:
        writer = other.engine.execution_options(writes=True)
        with writer.connect() as connection, connection.begin():
            yield blocked


@pytest.mark.slow
async def test_database_that_is_too_slow_is_not_ready(blocked_database: Database) -> None:
    check = health_check(blocked_database)
    report = await check()
    assert report.database == "the database does not answer within 3 seconds"


async def test_slack_degrades_health_and_not_readiness(database: Database) -> None:
    report = await health_check(database, REFUSED)()
    assert report.is_ready
    assert (report.ok, report.status, report.slack) == (False, "degraded", "refused")
    assert report.problems == REFUSED.problems


async def test_message_that_waits_for_long_degrades_health(database: Database) -> None:
    await database.write(store, message(OutboxState.WAITING, MAX_WAIT - timedelta(seconds=30)))
    report = await health_check(database)()
    assert report.ok
    assert report.oldest_pending_seconds == pytest.approx(570, abs=5)
    await database.write(store, message(OutboxState.WAITING, MAX_WAIT + timedelta(minutes=1)))
    report = await health_check(database)()
    assert report.status == "degraded"
    assert report.pending_messages == 2
    assert report.problems == ("The oldest message to Slack has been waiting for 11 minutes.",)


async def test_recently_failed_messages_degrade_health(database: Database) -> None:
    old = message(OutboxState.FAILED, FAILED_PERIOD + timedelta(minutes=1))
    sent = message(OutboxState.SENT, timedelta(minutes=1))
    await database.write(store, old, sent)
    assert (await health_check(database)()).ok
    await database.write(store, message(OutboxState.FAILED, timedelta(hours=23)))
    report = await health_check(database)()
    assert (report.status, report.failed_messages) == ("degraded", 1)
    assert report.problems == ("1 message was not delivered in the last 24 hours.",)


async def test_assigned_task_without_a_message_degrades_health(
    database: Database, tmp_path: Path
) -> None:
    scenario = Scenario(database, tmp_path, CLOCK.now() - timedelta(minutes=2))
    scenario.create_campaign(experts=["U0ADA"])
    scenario.import_rows("tone", [pair(1)])
    await database.write(_send_everything)
    assert scenario.assign_next("U0ADA")
    report = await health_check(database)()
    assert (report.status, report.invisible_tasks) == ("degraded", 1)
    assert report.problems == ("1 task is assigned but not shown in Slack.",)
    await database.write(store, message(OutboxState.WAITING, timedelta(), "new_task"))
    assert (await health_check(database)()).ok


async def test_message_set_into_the_future_by_a_wrong_clock_has_waited_for_no_time(
    database: Database,
) -> None:
    await database.write(store, message(OutboxState.WAITING, -timedelta(hours=2)))
    report = await health_check(database)()
    assert (report.ok, report.oldest_pending_seconds) == (True, 0)


def _send_everything(session: Session) -> None:
    for row in session.exec(select(OutboxMessage)):
        row.state = OutboxState.SENT


async def test_report_is_reused_for_some_seconds(database: Database) -> None:
    check = health_check(database, lifetime_seconds=60)
    first = await check()
    await database.write(store, message(OutboxState.WAITING, timedelta()))
    assert await check() is first
    assert (await health_check(database)()).pending_messages == 1


async def test_check_leaves_nothing_in_the_database(database: Database) -> None:
    await health_check(database)()
    assert await database.read(outbox.count_waiting) == 0


def add_webhook(session: Session, name: str) -> Webhook:
    """Add a webhook."""
    webhook = Webhook(
        name=name,
        url="https://receiver.example/",
        secret=new_secret(),
        created_by="ada",
        created_at=CLOCK.now(),
    )
    session.add(webhook)
    session.flush()
    return webhook


def add_event(session: Session, webhook: Webhook, state: str, age: timedelta) -> None:
    """Add an event that was queued, and given up unless it waits, this long ago."""
    at = CLOCK.now() - age
    is_waiting = state == WebhookDeliveryState.WAITING
    session.add(
        WebhookDelivery(
            webhook_id=id_of(webhook),
            event_id=f"evt_{age}",
            event_type="webhook.test",
            subject={},
            state=state,
            happened_at=at,
            queued_at=at,
            due_at=at,
            finished_at=None if is_waiting else at,
        )
    )


async def test_webhooks_that_need_attention_degrade_health(database: Database) -> None:
    def add(session: Session) -> None:
        loop, other = add_webhook(session, "loop"), add_webhook(session, "other")
        loop.failing_since = other.disabled_at = CLOCK.now()
        add_event(session, loop, WebhookDeliveryState.WAITING, MAX_WAIT + timedelta(minutes=1))
        add_event(session, loop, WebhookDeliveryState.WAITING, timedelta(seconds=1))
        add_event(session, loop, WebhookDeliveryState.FAILED, timedelta(hours=23))
        add_event(session, loop, WebhookDeliveryState.FAILED, FAILED_PERIOD + timedelta(hours=1))

    database.write_now(add)
    report = await health_check(database)()
    assert (report.status, report.is_ready) == ("degraded", True)
    assert (report.waiting_events, report.failed_events, report.disabled_webhooks) == (2, 1, 1)
    assert report.oldest_event_seconds == pytest.approx(660, abs=5)
    assert report.problems == (
        "The oldest event for a webhook has been waiting for 11 minutes.",
        "1 event was not delivered to a webhook in the last 24 hours.",
        "1 webhook is disabled; labelbot webhooks list has the reason.",
    )


async def test_working_webhook_does_not_degrade_health(database: Database) -> None:
    def add(session: Session) -> None:
        loop = add_webhook(session, "loop")
        add_event(session, loop, WebhookDeliveryState.WAITING, timedelta(seconds=1))
        add_event(session, loop, WebhookDeliveryState.DELIVERED, timedelta(hours=1))

    database.write_now(add)
    report = await health_check(database)()
    assert (report.ok, report.waiting_events, report.failed_events) == (True, 1, 0)
