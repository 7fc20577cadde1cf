"""The metrics page: what requests, deliveries and calls of Slack change in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session, select

from bot.bolt_request import dispatch
from bot.http_connections import WebServer
from bot.messages.texts import TextMessage
from bot.metrics import count_call, request_type
from bot.metrics_server import build_metrics_handler
from bot.services.actors.actor import Actor
from bot.services.webhooks import webhooks
from bot.services.webhooks.webhooks import NewWebhook
from bot.webhooks.events import CampaignDone
from storage.database import Database
from storage.queries import webhook_deliveries
from storage.row_id import id_of
from storage.tables import Campaign
from tests.handlers.bolt_app import BoltApp, command_payload, open_bolt_app

Samples = dict[tuple[str, ...], float]


@asynccontextmanager
async def metrics_page(database: Database, bolt: BoltApp) -> AsyncIterator[str]:
    """Serve the metrics; yield their address."""
    server = WebServer(build_metrics_handler(database, bolt.app.clock))
    port = await server.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}"
    await server.stop()


async def read_samples(url: str) -> Samples:
    """Return the samples of the page by name and values of the labels, which are sorted."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as response:
        assert response.headers["Content-Type"].startswith("text/plain")
        families = list(text_string_to_metric_families(await response.text()))
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


async def test_requests_messages_and_calls_are_counted(database: Database, tmp_path: Path) -> None:
    async with open_bolt_app(database, tmp_path) as bolt, metrics_page(database, bolt) as url:
        ada = bolt.slack.add_expert()
        bolt.slack.create_campaign(ada)
        before = await read_samples(url)
        await dispatch(bolt.bolt_app, command_payload(ada.id, "status"))
        await bolt.slack.enqueue(TextMessage("Hello"), ada.id)
        bolt.slack.clock.advance(timedelta(seconds=7))
        waiting = await read_samples(url)
        await bolt.slack.deliver_all()
        after = await read_samples(url)
    assert waiting["labelbot_answers", "tone"] == 0
    assert waiting["labelbot_outbox_messages", "waiting"] == 1
    assert int(waiting["labelbot_queue_age_seconds", "messages"]) == 7
    assert waiting["labelbot_runs", "failed", "exports"] == 0
    assert after["labelbot_queue_age_seconds", "messages"] == 0
    assert waiting["labelbot_webhooks", "disabled"] == 0
    assert waiting["labelbot_webhook_events", "waiting"] == 0
    assert waiting["labelbot_queue_age_seconds", "events"] == 0
    for name, *labels in (
        ("labelbot_request_seconds_count", "command"),
        ("labelbot_delivery_seconds_count", "news"),
        ("labelbot_slack_calls_total", "ok", "chat.postMessage"),
    ):
        assert after[name, *labels] == before.get((name, *labels), 0) + 1, name


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"type": "block_actions"}, "block_actions"), ({"command": "/x"}, "command")]
    + [(body, "other") for body in ({"type": "x" * 999}, {"type": [1]}, {}, None)],
)
def test_types_of_requests_are_few(body: object, expected: str) -> None:
    assert request_type(body) == expected


async def test_nothing_else_is_served(sqlite_url: str, tmp_path: Path) -> None:
    count_call("auth.test", "<script>")
    with closing(Database(sqlite_url)) as database:
        async with open_bolt_app(database, tmp_path) as bolt, metrics_page(database, bolt) as url:
            async with aiohttp.ClientSession() as http, http.get(f"{url}/health") as response:
                assert response.status == 404
            samples = await read_samples(url)
    assert samples["labelbot_slack_calls_total", "other", "auth.test"] == 1


async def test_webhooks_and_their_events_are_counted(database: Database, tmp_path: Path) -> None:
    async with open_bolt_app(database, tmp_path) as bolt, metrics_page(database, bolt) as url:
        ada = bolt.slack.add_expert()
        actor = Actor("ada", "tests", bolt.slack.clock.now())
        await database.write(
            webhooks.add_webhook,
            NewWebhook("loop", "https://receiver.example/"),
            actor,
            allows_private=False,
        )
        bolt.slack.create_campaign(ada)
        await database.write(queue_event, bolt.slack.clock.now())
        bolt.slack.clock.advance(timedelta(seconds=7))
        samples = await read_samples(url)
    assert samples["labelbot_webhooks", "working"] == 1
    assert samples["labelbot_webhook_events", "waiting"] == 1
    assert int(samples["labelbot_queue_age_seconds", "events"]) == 7


def queue_event(session: Session, now: datetime) -> None:
    """Queue an event of the only campaign."""
    campaign = session.exec(select(Campaign)).one()
    event = CampaignDone("closed")
    webhook_deliveries.queue_event(session, event, campaign_id=id_of(campaign), now=now)
