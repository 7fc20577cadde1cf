"""Answers for statistics, without texts, and counts of answers by day and expert."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, literal, null, or_
from sqlmodel import Session, col, select

from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    CandidateRow,
    Expert,
    Item,
    Task,
)

CHUNK_SIZE = 2_000
"""Answers in memory at a time."""


class VoteRow(NamedTuple):
    """The current answer of an expert to a task, as they saw it.

    `candidate_order`, `value` and `gold` are JSON as stored: most answers are one of a few, which
    are decoded once. `gold` is the known correct answer, with the candidates in imported order.
    `answered_at` is aware, UTC.
    """

    task_id: int
    expert_id: int
    candidate_order: str
    value: str
    seconds: int | None
    gold: str | None
    answered_at: datetime


_VERSIONS: Any = (
    select(  # type: ignore[call-overload]  # SQLModel types up to four columns
        Assignment.task_id,
        Assignment.expert_id,
        cast(col(Assignment.candidate_order), Text),
        cast(col(Annotation.value), Text),
        Annotation.seconds,
        null(),
        Annotation.created_at,
        Assignment.id,
        Annotation.version,
    )
    .select_from(Assignment)
    .join(Annotation, and_(col(Annotation.assignment_id) == col(Assignment.id)))
    .where(col(Annotation.complete))
    .order_by(col(Assignment.task_id), col(Assignment.expert_id), col(Annotation.version))
)

_GOLD = (
    select(cast(col(Item.gold), Text)).where(col(Item.id) == col(Task.item_id)).scalar_subquery()
)

_CURRENT_ANSWERS = (
    select(  # type: ignore[call-overload]  # SQLModel types up to four columns
        Assignment.task_id,
        Assignment.expert_id,
        cast(col(Assignment.candidate_order), Text),
        cast(col(Assignment.value), Text),
        Annotation.seconds,
        case((col(Task.is_gold), _GOLD)),
        Assignment.answered_at,
    )
    .select_from(Assignment)
    .join(
        Annotation,
        and_(
            col(Annotation.assignment_id) == col(Assignment.id),
            col(Annotation.version) == col(Assignment.version),
        ),
    )
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .where(
        Assignment.state == AssignmentState.ANSWERED,
        col(Assignment.complete),
        col(Task.confirms_assignment_id).is_(None),
    )
    .order_by(col(Assignment.task_id), col(Assignment.expert_id))
)


def stream_votes(session: Session, campaign_id: int) -> Generator[VoteRow]:
    """Yield the current complete answers of a campaign, task by task. Close the generator."""
    query = _CURRENT_ANSWERS.where(col(Assignment.campaign_id) == campaign_id)
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            yield from map(VoteRow._make, chunk)


def stream_versions(
    session: Session,
    campaign_id: int,
    versions: Mapping[int, int],
    gold: Mapping[int, str],
) -> Generator[VoteRow]:
    """Yield given versions of answers, by assignment, with given gold answers as JSON, by task.

    The order is that of `stream_votes`. Every version of the campaign is read. Close the generator.
    """
    query = _VERSIONS.where(col(Assignment.campaign_id) == campaign_id)
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            for *columns, assignment_id, version in chunk:
                if versions.get(assignment_id) == version:
                    row = VoteRow(*columns)
                    yield row._replace(gold=gold.get(row.task_id))


class TaskCandidate(NamedTuple):
    """A candidate of a task's item; `model` is for people who may read exports, never for Slack.

    `text` is None if it was not read, or if the model is not known: only the style of models'
    responses matters.
    """

    task_id: int
    item_key: str
    model: str | None
    text: str | None


_MODEL_TEXT = case((col(CandidateRow.model).is_not(None), col(CandidateRow.text)))


def stream_candidates(
    session: Session, campaign_id: int, *, has_texts: bool = True
) -> Generator[TaskCandidate]:
    """Yield the candidates of each task in imported order. Close the generator.

    An item without candidates yields one row without a model.
    """
    query: Any = (
        select(Task.id, Item.key, CandidateRow.model, _MODEL_TEXT if has_texts else null())
        .select_from(Task)
        .join(Item, col(Item.id) == col(Task.item_id))
        .join(CandidateRow, col(CandidateRow.item_id) == col(Item.id), isouter=True)
        .where(
            col(Item.campaign_id) == campaign_id,
            ~col(Task.is_gold),
            ~col(Task.is_deleted),
            col(Task.confirms_assignment_id).is_(None),
        )
        .order_by(col(Task.id), col(CandidateRow.position))
    )
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            yield from map(TaskCandidate._make, chunk)


def has_models(session: Session, campaign_id: int) -> bool:
    """Return whether an item of a campaign names the model of a candidate."""
    query = (
        select(CandidateRow.item_id)
        .join(Item, col(Item.id) == col(CandidateRow.item_id))
        .where(Item.campaign_id == campaign_id, col(CandidateRow.model).is_not(None))
        .limit(1)
    )
    return session.exec(query).first() is not None


def count_answers(session: Session, campaign_id: int) -> int:
    """Return the number of current complete answers of a campaign."""
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            col(Assignment.campaign_id) == campaign_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Task.confirms_assignment_id).is_(None),
        )
    )
    return session.exec(query).one()


def pseudonyms_of(session: Session, expert_ids: Iterable[int]) -> dict[int, str]:
    """Return the pseudonyms of experts by id, sorted by pseudonym."""
    query = select(Expert.id, Expert.pseudonym).where(col(Expert.id).in_(list(expert_ids)))
    rows = session.exec(query.order_by(Expert.pseudonym))
    return {expert_id: pseudonym for expert_id, pseudonym in rows if expert_id is not None}


_IS_PRACTICE = exists().where(
    col(Task.id) == col(Assignment.task_id), col(Task.practice_attempt).is_not(None)
)
_EXTERNAL_EXPERTS = select(Expert.id).where(col(Expert.is_external))
_IS_IMPORTED = col(Assignment.expert_id).in_(_EXTERNAL_EXPERTS)
_OTHER_TASKS = select(Task.id).where(
    or_(col(Task.is_gold), col(Task.is_repeat), col(Task.practice_attempt).is_not(None))
)
"""Tasks that are no work on the dataset. They are few, so that they are listed once; a join would
look up the task of each answer."""


def answers_by_day(
    session: Session, since: datetime | None = None, campaign_id: int | None = None
) -> dict[int, dict[date, int]]:
    """Return the number of answers by campaign and day (UTC), from `since` on.

    Imported answers are left out: they say nothing about the pace of the experts.
    """
    campaign: Any = col(Assignment.campaign_id) if campaign_id is None else literal(campaign_id)
    day = _utc_day(session)
    query = select(campaign, day, func.count()).where(
        Assignment.state == AssignmentState.ANSWERED,
        col(Assignment.task_id).not_in(_OTHER_TASKS),
        ~_IS_IMPORTED,
    )
    if since is not None:
        query = query.where(col(Assignment.answered_at) >= since)
    if campaign_id is None:
        query = query.group_by(campaign, day)
    else:
        query = query.where(col(Assignment.campaign_id) == campaign_id).group_by(day)
    counts: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for key, answered_on, answers in session.connection().execute(query):
        counts[key][date.fromisoformat(str(answered_on))] = answers
    return dict(counts)


def _utc_day(session: Session) -> ColumnElement[Any]:
    """Return the day of an answer in UTC; PostgreSQL would use the server's time zone."""
    moment = col(Assignment.answered_at)
    is_postgresql = session.connection().dialect.name == "postgresql"
    return func.date(func.timezone("UTC", moment) if is_postgresql else moment)


def count_active_experts(session: Session, since: datetime) -> dict[int, int]:
    """Return the number of experts in Slack who have answered since a time, by campaign."""
    column: Any = col(Assignment.campaign_id)
    query = (
        select(column, func.count(func.distinct(Assignment.expert_id)))
        .where(
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.answered_at) >= since,
            ~_IS_IMPORTED,
            ~_IS_PRACTICE,
        )
        .group_by(column)
    )
    return dict(session.connection().execute(query).all())


def remaining_with_less_overlap(session: Session) -> dict[int, int]:
    """Return the answers still needed by campaign if each task needed one answer less."""
    answer_counts = (
        select(Assignment.task_id, func.count().label("answers"))
        .where(Assignment.state == AssignmentState.ANSWERED)
        .group_by(col(Assignment.task_id))
        .subquery()
    )
    remaining = Task.overlap - 1 - func.coalesce(answer_counts.c.answers, 0)
    column: Any = col(Task.campaign_id)
    query = (
        select(column, func.sum(case((remaining > 0, remaining), else_=0)))
        .join(answer_counts, answer_counts.c.task_id == col(Task.id), isouter=True)
        .where(~col(Task.is_gold), col(Task.confirms_assignment_id).is_(None))
        .group_by(column)
    )
    return {campaign: int(rest) for campaign, rest in session.connection().execute(query)}


def answers_by_expert(session: Session, since: datetime) -> list[tuple[str, int]]:
    """Return the answers since a time by name or pseudonym, most active expert in Slack first."""
    count: Any = func.count()
    query = (
        select(col(Expert.name), col(Expert.pseudonym), count)
        .join(Assignment, col(Assignment.expert_id) == col(Expert.id))
        .where(
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.answered_at) >= since,
            col(Expert.is_external).is_(False),
            ~_IS_PRACTICE,
        )
        .group_by(col(Expert.id), col(Expert.name), col(Expert.pseudonym))
        .order_by(count.desc(), col(Expert.id))
    )
    rows = session.connection().execute(query)
    return [(name or pseudonym, answers) for name, pseudonym, answers in rows]
