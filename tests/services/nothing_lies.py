"""What must hold once everybody did all they could get: nothing lies about."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, col, select

from bot.routing.suiting import LESSONS
from storage.tables import (
    Assignment,
    AssignmentState,
    Candidate,
    Expert,
    Item,
    Membership,
    Task,
)

DONE = (AssignmentState.ANSWERED, AssignmentState.SKIPPED)


def check_nothing_lies_about(session: Session) -> None:
    """Check that everybody who could have done a task with room left had it, or its item."""
    members = session.exec(select(Membership).where(col(Membership.left_at).is_(None))).all()
    barred = _done(session) | _had(session) | _wrote(session)
    strangers = _strangers(session)
    is_free = (col(Task.taken) < col(Task.overlap), col(Task.set_aside_at).is_(None))
    for task in session.exec(select(Task).where(*is_free)):
        there = {one.expert_id for one in members if one.campaign_id == task.campaign_id}
        for expert in there - strangers:
            assert (task.id, expert) in barred, "somebody could have done this"


def _done(session: Session) -> set[tuple[int | None, int]]:
    """Return who answered or skipped which task."""
    rows = session.exec(select(Assignment).where(col(Assignment.state).in_(DONE)))
    return {(row.task_id, row.expert_id) for row in rows}


def _had(session: Session) -> set[tuple[int | None, int]]:
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


def _wrote(session: Session) -> set[tuple[int | None, int]]:
    """Return who wrote something of which task's item."""
    tasks = session.exec(select(Task)).all()
    wrote = [*session.exec(select(Item.id, Item.author))]
    wrote += session.exec(select(Candidate.item_id, Candidate.author))
    names = {
        name: one.id or 0
        for one in session.exec(select(Expert))
        for name in (one.slack_id, one.pseudonym)
    }
    return {
        (task.id, names[author])
        for item, author in wrote
        for task in tasks
        if author in names and task.item_id == item
    }


def _strangers(session: Session) -> set[int]:
    """Return whom their skips taught that something is none of their fields."""
    strange = select(Assignment.expert_id).where(Assignment.skip_reason == "not_my_field")
    return {expert for expert, count in Counter(session.exec(strange)).items() if count >= LESSONS}
