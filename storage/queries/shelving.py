"""Tasks that nobody gets until a coordinator has looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Assignment, AssignmentState, Campaign, Item, Task


class Shelved(NamedTuple):
    """A task that is set aside: of which item, since when, and why."""

    task_id: int
    campaign_id: int
    campaign: str
    item: str
    since: datetime
    reason: str


def set_aside(session: Session, task_id: int, reason: str, now: datetime) -> bool:
    """Keep a task from everybody who does not hold it. False: it is set aside already."""
    waits = update(Task).where(col(Task.id) == task_id, col(Task.set_aside_at).is_(None))
    done = session.connection().execute(waits.values(set_aside_at=now, set_aside_reason=reason))
    return done.rowcount == 1


def put_back(session: Session, task_id: int, *, only_if: str | None = None) -> bool:
    """Let others get a task again, those too who are past it. False: it was not set aside.

    `only_if`: leave it where it is if it was set aside for another reason.
    """
    waits = update(Task).where(col(Task.id) == task_id, col(Task.set_aside_at).is_not(None))
    if only_if is not None:
        waits = waits.where(col(Task.set_aside_reason) == only_if)
    back = waits.values(set_aside_at=None, set_aside_reason=None, reopened=True)
    return session.connection().execute(back).rowcount == 1


def set_aside_in(session: Session, campaign_id: int | None) -> list[Shelved]:
    """Return what is set aside in a campaign (None: in any), the longest first."""
    chosen = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Task.id,
            Task.campaign_id,
            Campaign.name,
            Item.key,
            Task.set_aside_at,
            Task.set_aside_reason,
        )
        .join(Item, col(Item.id) == col(Task.item_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .where(col(Task.set_aside_at).is_not(None))
        .order_by(col(Task.set_aside_at), col(Task.id))
    )
    if campaign_id is not None:
        chosen = chosen.where(col(Task.campaign_id) == campaign_id)
    return [Shelved(*row) for row in session.exec(chosen)]


def skips_of(session: Session, task_id: int, reasons: Sequence[str]) -> list[str]:
    """Return the reason of each skip of a task that is one of these, in the order they came."""
    chosen = (
        select(Assignment.skip_reason)
        .where(
            col(Assignment.task_id) == task_id,
            Assignment.state == AssignmentState.SKIPPED,
            col(Assignment.skip_reason).in_(reasons),
        )
        .order_by(col(Assignment.id))
    )
    return [reason or "" for reason in session.exec(chosen)]


def forget_skip(session: Session, assignment_id: int) -> None:
    """Leave out of a task why it was skipped: it was not."""
    this = update(Assignment).where(col(Assignment.id) == assignment_id)
    session.connection().execute(this.values(skip_reason=None))
