"""Check that holds when all experts have answered everything: no task is left undone."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, col, select

from bot.routing.suitability import MIN_NOT_MY_FIELD_SKIPS
from storage.row_id import id_of
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
    """Check that no member could still be assigned a task that has a free slot."""
    members = session.exec(select(Membership).where(col(Membership.left_at).is_(None))).all()
    excluded = (
        _finished_tasks(session) | _tasks_of_seen_items(session) | _tasks_of_authored_items(session)
    )
    unsuited = _experts_outside_field(session)
    has_free_slot = (col(Task.slots_taken) < col(Task.overlap), col(Task.on_hold_since).is_(None))
    for task in session.exec(select(Task).where(*has_free_slot)):
        member_ids = {
            member.expert_id for member in members if member.campaign_id == task.campaign_id
        }
        for expert_id in member_ids - unsuited:
            assert (task.id, expert_id) in excluded, "this expert could do the task"


def _finished_tasks(session: Session) -> set[tuple[int | None, int]]:
    """Return pairs of task and expert: the expert answered or skipped the task."""
    rows = session.exec(select(Assignment).where(col(Assignment.state).in_(FINISHED_STATES)))
    return {(row.task_id, row.expert_id) for row in rows}


def _tasks_of_seen_items(session: Session) -> set[tuple[int | None, int]]:
    """Return pairs of task and expert: the expert had another task of the same item."""
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
    """Return pairs of task and expert: the expert wrote a part of the item."""
    tasks = session.exec(select(Task)).all()
    item_authors = [*session.exec(select(Item.id, Item.author))]
    item_authors += session.exec(select(CandidateRow.item_id, CandidateRow.author))
    expert_ids = {
        name: id_of(expert)
        for expert in session.exec(select(Expert))
        for name in (expert.slack_id, expert.pseudonym)
    }
    return {
        (task.id, expert_ids[author])
        for item_id, author in item_authors
        for task in tasks
        if author in expert_ids and task.item_id == item_id
    }


def _experts_outside_field(session: Session) -> set[int]:
    """Return the experts who skipped so many tasks as not their field that they get no more."""
    statement = select(Assignment.expert_id).where(Assignment.skip_reason == "not_my_field")
    return {
        expert_id
        for expert_id, count in Counter(session.exec(statement)).items()
        if count >= MIN_NOT_MY_FIELD_SKIPS
    }
