"""Figures of webhooks for health, metrics and `labelbot doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlmodel import Session, col

from storage.queries import webhooks
from storage.queries.webhook_deliveries import IS_WAITING
from storage.tables import WebhookDelivery, WebhookDeliveryState

_IS_FAILED: ColumnElement[bool] = col(WebhookDelivery.state) == literal_column(
    f"'{WebhookDeliveryState.FAILED}'"
)
"""A literal, not a parameter: otherwise SQLite would not use its partial index."""


@dataclass(frozen=True, slots=True)
class WebhookFigures:
    """Webhooks by state, events that wait, since when the oldest one waits, and failed events."""

    working: int = 0
    failing: int = 0
    disabled: int = 0
    waiting: int = 0
    oldest_at: datetime | None = None
    failed: int = 0

    @property
    def by_state(self) -> dict[str, int]:
        """Return how many webhooks are in each state."""
        return {"working": self.working, "failing": self.failing, "disabled": self.disabled}


def webhook_figures(session: Session, failed_since: datetime) -> WebhookFigures:
    """Return the figures of all webhooks; failed events count from `failed_since`."""
    rows = webhooks.list_webhooks(session)
    if not rows:
        return WebhookFigures()
    connection = session.connection()
    oldest = select(func.count(), func.min(WebhookDelivery.queued_at)).where(IS_WAITING)
    waiting, oldest_at = connection.execute(oldest).one()
    failed = select(func.count()).where(
        _IS_FAILED, col(WebhookDelivery.finished_at) >= failed_since
    )
    disabled = sum(row.disabled_at is not None for row in rows)
    failing = sum(row.failing_since is not None and row.disabled_at is None for row in rows)
    return WebhookFigures(
        working=len(rows) - disabled - failing,
        failing=failing,
        disabled=disabled,
        waiting=waiting,
        oldest_at=oldest_at,
        failed=connection.execute(failed).scalar_one(),
    )
