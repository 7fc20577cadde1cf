"""What experts worked on, how long it took, and what followed from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    Campaign,
    Decision,
    Expert,
    ExportRun,
    Flag,
    GoldAppeal,
    Question,
    RunState,
)

MAX_DECIDED_ANSWERS = 500
"""Decided answers of one expert that are compared with the decisions, the newest first."""

_BATCH_ROWS = 5_000


class WorkRow(NamedTuple):
    """A version of an answer: the seconds it added, and whether it is the current answer."""

    expert_id: int
    campaign_id: int
    at: datetime
    seconds: int
    is_answer: bool


def work_rows(session: Session, expert_id: int | None = None) -> Iterator[WorkRow]:
    """Yield every version of one expert's answers, or of all in Slack, in no certain order.

    A version stores the total seconds of its task, so those of the version before are subtracted.
    Excluded answers are work, too; imported answers are not.
    """
    total = func.coalesce(col(Annotation.seconds), 0)
    before = func.lag(total, 1, 0).over(
        partition_by=col(Annotation.assignment_id), order_by=col(Annotation.version)
    )
    is_answer = and_(
        col(Annotation.version) == col(Assignment.version),
        col(Annotation.complete),
        col(Assignment.state).in_((AssignmentState.ANSWERED, AssignmentState.QUARANTINED)),
    )
    query: Any = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Assignment.expert_id,
            Assignment.campaign_id,
            Annotation.created_at,
            total - before,
            is_answer,
        )
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(~col(Expert.is_external))
    )
    if expert_id is not None:
        query = query.where(Assignment.expert_id == expert_id)
    rows = session.connection().execute(query.execution_options(yield_per=_BATCH_ROWS))
    for expert, campaign, at, seconds, answered in rows:
        yield WorkRow(expert, campaign, at, max(seconds, 0), bool(answered))


def campaigns_by_id(session: Session, ids: set[int]) -> dict[int, Campaign]:
    """Return campaigns by their ids."""
    found = session.exec(select(Campaign).where(col(Campaign.id).in_(ids)))
    return {campaign.id: campaign for campaign in found if campaign.id is not None}


def assignment_counts(session: Session, expert_id: int) -> dict[tuple[int, str, str | None], int]:
    """Count an expert's assignments by campaign, state, and what made their answer final."""
    keys = (col(Assignment.campaign_id), col(Assignment.state), col(Assignment.finalized_by))
    query = select(*keys, func.count()).where(Assignment.expert_id == expert_id).group_by(*keys)
    rows = session.connection().execute(query)
    return {(campaign, state, final): count for campaign, state, final, count in rows}


def export_times(session: Session, expert_id: int) -> list[tuple[int, datetime]]:
    """Return campaign and start of each export with rows that began after an answer of theirs."""
    first_answers = (
        select(col(Assignment.campaign_id), func.min(Assignment.answered_at).label("at"))
        .where(Assignment.expert_id == expert_id, Assignment.state == AssignmentState.ANSWERED)
        .group_by(col(Assignment.campaign_id))
        .subquery()
    )
    query: Any = (
        select(ExportRun.campaign_id, ExportRun.started_at)
        .join(first_answers, first_answers.c.campaign_id == col(ExportRun.campaign_id))
        .where(
            ExportRun.state == RunState.DONE,
            col(ExportRun.rows) > 0,
            col(ExportRun.started_at) >= first_answers.c.at,
        )
    )
    return [(campaign, at) for campaign, at in session.connection().execute(query)]


class DecidedAnswer(NamedTuple):
    """An answer to a task that a review has decided, with the current decision."""

    assignment: Assignment
    decision: Decision
    campaign: Campaign


def decided_answers(session: Session, expert_id: int) -> list[DecidedAnswer]:
    """Return an expert's answers to tasks with a decision that was not undone, newest first."""
    later = aliased(Decision)
    newest = select(func.max(later.id)).where(later.task_id == Assignment.task_id).scalar_subquery()
    query = (
        select(Assignment, Decision, Campaign)
        .join(Decision, and_(col(Decision.task_id) == col(Assignment.task_id)))
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .where(
            Assignment.expert_id == expert_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Decision.id) == newest,
            col(Decision.value).is_not(None),
        )
        .order_by(col(Decision.id).desc())
        .limit(MAX_DECIDED_ANSWERS)
    )
    return [DecidedAnswer(*row) for row in session.exec(query)]


class RaisedCounts(NamedTuple):
    """How many questions, flags or appeals an expert raised, and how many had an effect."""

    raised: int
    settled: int


def question_counts(session: Session, expert_id: int) -> dict[int, RaisedCounts]:
    """Count an expert's questions and the answered ones, by campaign."""
    return _raised_counts(session, expert_id, Question, col(Question.answered_at))


def flag_counts(session: Session, expert_id: int) -> dict[int, RaisedCounts]:
    """Count an expert's flags and the resolved ones, by campaign."""
    return _raised_counts(session, expert_id, Flag, col(Flag.resolved_at))


def appeal_counts(session: Session, expert_id: int) -> dict[int, RaisedCounts]:
    """Count an expert's appeals against gold answers and the upheld ones, by campaign."""
    upheld = func.nullif(col(GoldAppeal.is_upheld), False)  # noqa: FBT003 - SQL's NULLIF
    return _raised_counts(session, expert_id, GoldAppeal, upheld)


def _raised_counts(
    session: Session,
    expert_id: int,
    table: Any,  # noqa: ANN401 - mapped columns
    settled: Any,  # noqa: ANN401 - one of them
) -> dict[int, RaisedCounts]:
    query: Any = (
        select(Assignment.campaign_id, func.count(), func.count(settled))
        .join(table, col(table.assignment_id) == col(Assignment.id))
        .where(Assignment.expert_id == expert_id)
        .group_by(col(Assignment.campaign_id))
    )
    rows = session.connection().execute(query)
    return {campaign: RaisedCounts(raised, settled) for campaign, raised, settled in rows}
