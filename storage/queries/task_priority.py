"""Priorities of tasks: the free slots to choose from, and the tasks that come first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from storage.queries.progress import is_dataset_task
from storage.tables import Campaign, Task


def has_informative_pairs(session: Session, campaign_id: int) -> bool:
    """Return whether pairs of models whose order is uncertain come first in a campaign."""
    query = select(Campaign.informative_pairs).where(Campaign.id == campaign_id)
    return bool(session.exec(query).first())


def free_slots_by_task(session: Session, campaign_id: int) -> dict[int, int]:
    """Return the number of free slots of each task of a campaign that has some, by task id."""
    query = (
        select(Task.id, Task.overlap - Task.slots_taken)
        .where(
            Task.campaign_id == campaign_id,
            col(Task.slots_taken) < col(Task.overlap),
            col(Task.on_hold_since).is_(None),
            *is_dataset_task(),
        )
        .order_by(col(Task.id))
    )
    return {task_id: slots for task_id, slots in session.exec(query) if task_id is not None}


def replace_priorities(session: Session, campaign_id: int, task_ids: Sequence[int]) -> None:
    """Give these tasks of a campaign the priorities 1, 2, 3 …, and all others none."""
    connection, table = session.connection(), Task.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    connection.execute(
        update(table)
        .where(table.c.campaign_id == campaign_id, table.c.priority.is_not(None))
        .values(priority=None)
    )
    if task_ids:
        by_id = update(table).where(table.c.id == bindparam("task"))
        connection.execute(
            by_id.values(priority=bindparam("new_priority")),
            [{"task": task, "new_priority": place} for place, task in enumerate(task_ids, start=1)],
        )
