"""The metrics page, which has a separate address because it needs no authentication."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlmodel import Session

from bot.clock import Clock
from bot.http_connections import Handler
from bot.metrics import (
    ANSWERS,
    OUTBOX,
    QUEUE_AGE,
    REGISTRY,
    RUNS,
    WEBHOOK_EVENTS,
    WEBHOOKS,
)
from storage.database import Database
from storage.queries import health, metrics
from storage.queries.webhook_figures import webhook_figures

METRICS_PATH = "/metrics"

FAILED_WITHIN = timedelta(days=1)


def build_metrics_handler(db: Database, clock: Clock) -> Handler:
    """Return the handler of the metrics page. It answers 503 if the database cannot be read."""

    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        if request.path != METRICS_PATH or request.method != "GET":
            return web.Response(status=404, text="not found")
        try:
            await db.read(_read_figures, clock.now())
        except Exception:  # noqa: BLE001 - the database logs its outages itself
            return web.Response(status=503, text="the database cannot be read")
        return web.Response(
            body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return respond


def _read_figures(session: Session, now: datetime) -> None:
    """Set the gauges of the database."""
    ANSWERS.clear()  # a campaign may have another name now
    for campaign, count in metrics.answers_by_campaign(session).items():
        ANSWERS.labels(campaign).set(count)
    outbox = health.outbox_figures(session, now - FAILED_WITHIN)
    OUTBOX.labels("waiting").set(outbox.waiting)
    OUTBOX.labels("failed").set(outbox.failed)
    _set_age("messages", outbox.oldest_at, now)
    webhooks = webhook_figures(session, now - FAILED_WITHIN)
    for state, count in webhooks.by_state.items():
        WEBHOOKS.labels(state).set(count)
    WEBHOOK_EVENTS.labels("waiting").set(webhooks.waiting)
    WEBHOOK_EVENTS.labels("failed").set(webhooks.failed)
    _set_age("events", webhooks.oldest_at, now)
    for work, figures in (
        ("exports", metrics.export_figures(session)),
        ("imports", metrics.import_figures(session)),
    ):
        for state, count in figures.by_state.items():
            RUNS.labels(work, state).set(count)
        _set_age(work, figures.waiting_since, now)


def _set_age(queue: str, since: datetime | None, now: datetime) -> None:
    seconds = (now - since).total_seconds() if since else 0.0
    QUEUE_AGE.labels(queue).set(max(seconds, 0.0))
