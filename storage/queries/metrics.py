"""Figures of the database for monitoring; each is read from an index or a small table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, SQLModel, col, func, select

from storage.tables import Assignment, AssignmentState, Campaign, ExportRun, ImportRun, RunState


@dataclass(frozen=True, slots=True)
class RunFigures:
    """How many runs are in each state, and since when the oldest one waits."""

    by_state: dict[str, int]
    waiting_since: datetime | None


def answers_by_campaign(session: Session) -> dict[str, int]:
    """Return how many answers each campaign has, also those without any."""
    query = (
        select(Campaign.name, func.count(col(Assignment.id)))
        .outerjoin(
            Assignment,
            (col(Assignment.campaign_id) == col(Campaign.id))
            & (col(Assignment.state) == AssignmentState.ANSWERED),
        )
        .group_by(col(Campaign.id), col(Campaign.name))
    )
    return dict(session.exec(query).all())


def export_figures(session: Session) -> RunFigures:
    """Return the figures of exports; a scheduled one waits since it was due."""
    return _figures(session, ExportRun, ExportRun.state, ExportRun.due_at)


def import_figures(session: Session) -> RunFigures:
    """Return the figures of imports that were uploaded in Slack."""
    return _figures(session, ImportRun, ImportRun.state, ImportRun.created_at)


def _figures(session: Session, table: type[SQLModel], state: str, since: datetime) -> RunFigures:
    counted = select(state, func.count()).select_from(table).group_by(state)
    by_state = dict.fromkeys(RunState, 0) | dict(session.exec(counted).all())
    oldest = select(func.min(since)).where(state == RunState.QUEUED)
    return RunFigures(
        {str(name): count for name, count in by_state.items()}, session.exec(oldest).one()
    )
