"""What must hold once everybody did all they could get: nothing lies about."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, col, select

from bot.routing.suitability import MIN_NOT_MY_FIELD_SKIPS
from storage.tables import (
    Assignment,
    AssignmentState,
    CandidateRow,
    Expert,
    Item,
    Membership,
    Task,
)

FINISHED_STATES = (AssignmentState.ANSWERED, AssignmentState.SKIPPED)


def check_no_task_left(session: Session) -> None:
    """Check that everybody who could have done a task with room left had it, or its item."""
    members = session.exec(select(Membership).where(col(Membership.left_at).is_(None))).all()
    excluded = (
        _finished_tasks(session) | _tasks_of_seen_items(session) | _tasks_of_authored_items(session)
    )
    outsiders = _experts_outside_field(session)
    has_room = (col(Task.slots_taken) < col(Task.overlap), col(Task.on_hold_since).is_(None))
    for task in session.exec(select(Task).where(*has_room)):
        member_ids = {one.expert_id for one in members if one.campaign_id == task.campaign_id}
        for expert in member_ids - outsiders:
            assert (task.id, expert) in excluded, "somebody could have done this"


def _finished_tasks(session: Session) -> set[tuple[int | None, int]]:
    """Return who answered or skipped which task."""
    rows = session.exec(select(Assignment).where(col(Assignment.state).in_(FINISHED_STATES)))
    return {(row.task_id, row.expert_id) for row in rows}


def _tasks_of_seen_items(session: Session) -> set[tuple[int | None, int]]:
    """Return who had another task of a task's item, which they may not look at any more."""
    tasks = session.exec(select(Task)).all()
    items = {task.id: task.item_id for task in tasks}
    rows = session.exec(select(Assignment)).all()
    return {
        (task.id, row.expert_id)
        for row in rows
        for task in tasks
        if task.item_id == items[row.task_id] and task.id != row.task_id
    }


def _tasks_of_authored_items(session: Session) -> set[tuple[int | None, int]]:
    """Return who wrote something of which task's item."""
    tasks = session.exec(select(Task)).all()
    item_authors = [*session.exec(select(Item.id, Item.author))]
    item_authors += session.exec(select(CandidateRow.item_id, CandidateRow.author))
    expert_ids = {
        name: one.id or 0
        for one in session.exec(select(Expert))
        for name in (one.slack_id, one.pseudonym)
    }
    return {
        (task.id, expert_ids[author])
        for item, author in item_authors
        for task in tasks
        if author in expert_ids and task.item_id == item
    }


def _experts_outside_field(session: Session) -> set[int]:
    """Return whom their skips taught that something is none of their fields."""
    statement = select(Assignment.expert_id).where(Assignment.skip_reason == "not_my_field")
    return {
        expert
        for expert, count in Counter(session.exec(statement)).items()
        if count >= MIN_NOT_MY_FIELD_SKIPS
    }
