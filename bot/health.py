"""Health: whether this process can store answers, and what else needs attention.

`/livez`, `/readyz` and `/health` report it. A report is reused for a few seconds, so that probes
cost little however often they come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlmodel import Session

from bot.clock import Clock
from storage.database import Database
from storage.outage import outage_cause
from storage.queries.health import OutboxFigures, outbox_figures
from storage.queries.invisible_tasks import count_invisible_tasks
from storage.queries.webhook_figures import WebhookFigures, webhook_figures

log = logging.getLogger(__name__)

REPORT_LIFETIME_SECONDS = 5.0
"""How long a report is reused. Each new one writes to the database once."""

DATABASE_TIMEOUT_SECONDS = 3.0
"""Seconds for the database to answer; probes usually give up a little later."""

MAX_WAIT = timedelta(minutes=10)
"""How long the oldest message may wait before health is degraded."""

FAILED_PERIOD = timedelta(days=1)
"""Messages that were given up in this period count as failed."""

WRITABLE = "writable"


@dataclass(frozen=True, slots=True)
class SlackState:
    """Whether the bot can send and receive; the problems are sentences with their remedy."""

    state: str = "connected"
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What the health endpoints return; docs/operating.md explains the fields."""

    ok: bool
    status: str
    problems: tuple[str, ...]
    database: str
    slack: str
    pending_messages: int | None = None
    oldest_pending_seconds: int | None = None
    failed_messages: int | None = None
    invisible_tasks: int | None = None
    waiting_events: int | None = None
    oldest_event_seconds: int | None = None
    failed_events: int | None = None
    disabled_webhooks: int | None = None

    @property
    def is_ready(self) -> bool:
        """Return whether this process can store answers."""
        return self.database == WRITABLE

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return asdict(self)


class HealthCheck:
    """Checks health, at most once in a few seconds."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack_state: Callable[[datetime], SlackState],
        lifetime_seconds: float = REPORT_LIFETIME_SECONDS,
    ) -> None:
        """Prepare the check; `slack_state` returns the state of the connection to Slack."""
        self._db = db
        self._clock = clock
        self._slack_state = slack_state
        self._lifetime_seconds = lifetime_seconds
        self._report: HealthReport | None = None
        self._expires_at = 0.0
        self._check: asyncio.Task[_StoredFigures] | None = None

    async def __call__(self) -> HealthReport:
        """Return the current report."""
        if self._report is None or monotonic() >= self._expires_at:
            self._report = await self._build_report()
            self._expires_at = monotonic() + self._lifetime_seconds
        return self._report

    async def _build_report(self) -> HealthReport:
        now = self._clock.now()
        slack = self._slack_state(now)
        try:
            figures = await self._read_figures(now)
        except Exception as error:  # noqa: BLE001 - whatever it is, health reports it
            cause = _describe_failure(error)
            problems = (f"Nothing can be stored: {cause}.", *slack.problems)
            return HealthReport(
                ok=False, status="failing", problems=problems, database=cause, slack=slack.state
            )
        outbox, webhooks = figures.outbox, figures.webhooks
        oldest, oldest_event = _age(outbox.oldest_at, now), _age(webhooks.oldest_at, now)
        problems = (
            *_outbox_problems(figures, oldest),
            *_webhook_problems(webhooks, oldest_event),
            *slack.problems,
        )
        return HealthReport(
            ok=not problems,
            status="degraded" if problems else "ok",
            problems=problems,
            database=WRITABLE,
            slack=slack.state,
            pending_messages=outbox.waiting,
            oldest_pending_seconds=_seconds(oldest),
            failed_messages=outbox.failed,
            invisible_tasks=figures.invisible_tasks,
            waiting_events=webhooks.waiting,
            oldest_event_seconds=_seconds(oldest_event),
            failed_events=webhooks.failed,
            disabled_webhooks=webhooks.disabled,
        )

    async def _read_figures(self, now: datetime) -> _StoredFigures:
        """Test a write and read the figures. A check that hangs is not started a second time."""
        if self._check is None or self._check.done():
            self._check = asyncio.create_task(_store_and_read(self._db, now))
            self._check.add_done_callback(_retrieve_error)
        async with asyncio.timeout(DATABASE_TIMEOUT_SECONDS):
            return await asyncio.shield(self._check)


@dataclass(frozen=True, slots=True)
class _StoredFigures:
    outbox: OutboxFigures
    invisible_tasks: int
    webhooks: WebhookFigures


async def _store_and_read(db: Database, now: datetime) -> _StoredFigures:
    await db.probe()
    return await db.read(_read_stored_figures, now)


def _read_stored_figures(session: Session, now: datetime) -> _StoredFigures:
    return _StoredFigures(
        outbox_figures(session, now - FAILED_PERIOD),
        count_invisible_tasks(session, now),
        webhook_figures(session, now - FAILED_PERIOD),
    )


def _retrieve_error(check: asyncio.Task[_StoredFigures]) -> None:
    """Retrieve the error of a check that nobody waits for anymore; asyncio would log it."""
    if not check.cancelled():
        check.exception()


def _describe_failure(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"the database does not answer within {DATABASE_TIMEOUT_SECONDS:.0f} seconds"
    cause = outage_cause(error)
    if cause is None:
        log.error("the health check failed", exc_info=error)
    return cause or "the health check failed; the log has the details"


def _age(since: datetime | None, now: datetime) -> timedelta | None:
    return max(now - since, timedelta()) if since else None


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _outbox_problems(figures: _StoredFigures, oldest: timedelta | None) -> list[str]:
    problems = []
    if oldest and oldest > MAX_WAIT:
        minutes = int(oldest.total_seconds() // 60)
        problems.append(f"The oldest message to Slack has been waiting for {minutes:,} minutes.")
    failed, invisible = figures.outbox.failed, figures.invisible_tasks
    if failed:
        subject = "1 message was" if failed == 1 else f"{failed:,} messages were"
        problems.append(f"{subject} not delivered in the last 24 hours.")
    if invisible:
        subject = "1 task is" if invisible == 1 else f"{invisible:,} tasks are"
        problems.append(f"{subject} assigned but not shown in Slack.")
    return problems


def _webhook_problems(figures: WebhookFigures, oldest: timedelta | None) -> list[str]:
    """Return what is wrong with webhooks, without their names: health needs no authentication."""
    problems = []
    if oldest and oldest > MAX_WAIT:
        minutes = int(oldest.total_seconds() // 60)
        problems.append(f"The oldest event for a webhook has been waiting for {minutes:,} minutes.")
    if figures.failed:
        subject = "1 event was" if figures.failed == 1 else f"{figures.failed:,} events were"
        problems.append(f"{subject} not delivered to a webhook in the last 24 hours.")
    if figures.disabled:
        subject = "1 webhook is" if figures.disabled == 1 else f"{figures.disabled:,} webhooks are"
        problems.append(f"{subject} disabled; labelbot webhooks list has the reason.")
    return problems
