"""Reads and changes of rows that random histories need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from bot.services.answers import confirmation
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    Campaign,
    Expert,
    SkipPolicy,
    Task,
)


def update_expert(session: Session, slack_id: str, **columns: object) -> None:
    """Change columns of an expert."""
    for column, value in columns.items():
        expert = session.exec(select(Expert).where(Expert.slack_id == slack_id)).one()
        expert.sqlmodel_update({column: value})
        session.add(expert)


def set_skip_policy(session: Session, name: str, policy: SkipPolicy) -> None:
    """Change the skip policy of a campaign."""
    campaign = session.exec(select(Campaign).where(Campaign.name == name)).one()
    campaign.skip_policy = policy
    session.add(campaign)


def assignee_of(session: Session, assignment_id: int) -> str:
    """Return the Slack id of the expert who has the task, or of nobody."""
    row = session.get(Assignment, assignment_id)
    return session.get_one(Expert, row.expert_id).slack_id if row else "U0NOBODY"


def answer_values(
    session: Session, assignment_id: int, verdict: str, confirmation: str
) -> dict[str, str]:
    """Return the values of an answer, or of a confirmation of the current version."""
    row = session.get(Assignment, assignment_id)
    task = session.get_one(Task, row.task_id) if row else None
    if task is None or task.confirms_assignment_id is None:
        return {"verdict": verdict}
    version = session.get_one(Assignment, task.confirms_assignment_id).version
    return {"confirm": f"{confirmation}_{version}", "sent_back_reason": "Sure?"}


def is_on_hold(session: Session, assignment_id: int | None) -> bool:
    """Return whether the task of the assignment is on hold."""
    row = session.get(Assignment, assignment_id) if assignment_id else None
    return row is not None and session.get_one(Task, row.task_id).on_hold_since is not None


def paused_assignment_ids(session: Session) -> set[int]:
    """Return the ids of open assignments whose lease is paused."""
    rows = session.exec(select(Assignment).where(col(Assignment.lease_paused_at).is_not(None)))
    return {id_of(row) for row in rows if row.state in confirmation.OPEN_STATES}


def check_answers_are_kept(
    session: Session, acknowledged: Mapping[int, tuple[int, dict[str, Any] | None]]
) -> None:
    """Check that assignments have the acknowledged versions and values, by id of the assignment."""
    for assignment_id, answer in acknowledged.items():
        row = session.get_one(Assignment, assignment_id)
        is_confirmation = session.get_one(Task, row.task_id).confirms_assignment_id is not None
        is_outdated = is_confirmation and row.value is None
        assert is_outdated or (row.version, row.value) == answer
