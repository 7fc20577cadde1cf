"""Assignments that experts hold, had or may get again, and leases that are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.items import ITEM_COLUMNS, RESPONSE_COLUMNS, ItemRow, ResponseRow, build_item
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    CandidateRow,
    Expert,
    Item,
    Membership,
    OutboxMessage,
    OutboxState,
    Task,
)

OPEN_STATES: tuple[ColumnElement[str], ...] = tuple(
    # Literals, not parameters: otherwise SQLite would not use its partial indexes.
    literal_column(f"'{state}'")
    for state in (AssignmentState.QUEUED, AssignmentState.DELIVERED)
)
WAITING_STATE: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
REASSIGNABLE_STATES = (AssignmentState.EXPIRED, AssignmentState.RELEASED)


_ASSIGNMENT_BY_ID = select(Assignment).where(col(Assignment.id) == bindparam("assignment"))


def assignment_by_id(session: Session, assignment_id: int) -> Assignment | None:
    """Return an assignment, or None if there is none with this id."""
    return session.exec(_ASSIGNMENT_BY_ID, params={"assignment": assignment_id}).first()


_OLDEST_OPEN_ASSIGNMENT = (
    select(Assignment)
    .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
    .where(
        col(Assignment.expert_id) == bindparam("expert"),
        col(Assignment.state).in_(OPEN_STATES),
        Campaign.state == CampaignState.OPEN,
    )
    .order_by(col(Assignment.id))
    .limit(1)
)

_OLDEST_OPEN_ASSIGNMENT_IN_CAMPAIGN = _OLDEST_OPEN_ASSIGNMENT.where(
    col(Assignment.campaign_id) == bindparam("campaign")
)


def oldest_open_assignment(
    session: Session, expert_id: int, campaign_id: int | None = None
) -> Assignment | None:
    """Return the oldest open assignment of an expert in one open campaign (None: in all)."""
    if campaign_id is None:
        return session.exec(_OLDEST_OPEN_ASSIGNMENT, params={"expert": expert_id}).first()
    params = {"expert": expert_id, "campaign": campaign_id}
    return session.exec(_OLDEST_OPEN_ASSIGNMENT_IN_CAMPAIGN, params=params).first()


_IS_MEMBER = and_(
    col(Membership.campaign_id) == col(Assignment.campaign_id),
    col(Membership.expert_id) == col(Assignment.expert_id),
    col(Membership.left_at).is_(None),
)

_REASSIGNABLE = (
    select(Assignment, Campaign)
    .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
    .join(Task, and_(col(Task.id) == col(Assignment.task_id)))
    .join(Membership, _IS_MEMBER)
    .where(
        col(Assignment.expert_id) == bindparam("expert"),
        col(Assignment.state).in_(REASSIGNABLE_STATES),
        Campaign.state == CampaignState.OPEN,
        col(Task.slots_taken) < col(Task.overlap),
        col(Task.on_hold_since).is_(None),
    )
    .order_by(col(Assignment.id))
    .limit(1)
    .with_for_update(of=Assignment)
)


def reassignable_assignment(
    session: Session, expert_id: int, excluded: Sequence[int] = ()
) -> tuple[Assignment, Campaign] | None:
    """Return an expired or released assignment of an expert whose task has a free slot.

    `excluded` are the ids of campaigns of which they get none.
    """
    query = _REASSIGNABLE
    if excluded:
        query = query.where(col(Assignment.campaign_id).not_in(excluded))
    row = session.exec(query, params={"expert": expert_id}).first()
    return (row[0], row[1]) if row else None


_CANDIDATE_COUNT = PreparedStatement(
    select(func.count()).where(col(CandidateRow.item_id) == bindparam("item"))
)


def candidate_count(session: Session, item_id: int) -> int:
    """Return how many candidates an item has."""
    return _fetch_count(session, _CANDIDATE_COUNT, item=item_id)


def _fetch_count(session: Session, statement: PreparedStatement, **values: object) -> int:
    ((count,),) = statement.rows(session, **values)
    return int(count)


_ITEM = PreparedStatement(
    select(*ITEM_COLUMNS)
    .join(Task, and_(col(Task.item_id) == col(Item.id)))
    .where(col(Task.id) == bindparam("task"))
)

_CANDIDATES = PreparedStatement(
    select(*RESPONSE_COLUMNS)  # type: ignore[call-overload]  # SQLModel types up to four columns
    .join(Task, and_(col(Task.item_id) == col(CandidateRow.item_id)))
    .where(col(Task.id) == bindparam("task"))
    .order_by(col(CandidateRow.position))
)


def item_of(session: Session, task_id: int) -> ItemRow:
    """Return a task's item with its candidates in imported order."""
    (row,) = _ITEM.rows(session, task=task_id)
    candidates = [ResponseRow(*row) for row in _CANDIDATES.rows(session, task=task_id)]
    return build_item(row, candidates)


_OPEN_ASSIGNMENTS = (
    select(Assignment.id)
    .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
    .where(
        col(Assignment.expert_id) == bindparam("expert"),
        col(Assignment.state).in_(OPEN_STATES),
        Campaign.state == CampaignState.OPEN,
    )
)

_OPEN_COUNT, _OPEN_COUNT_IN_CAMPAIGN = (
    PreparedStatement(
        select(func.count()).select_from(assignments.limit(bindparam("limit")).subquery())
    )
    for assignments in (
        _OPEN_ASSIGNMENTS,
        _OPEN_ASSIGNMENTS.where(col(Assignment.campaign_id) == bindparam("campaign")),
    )
)


def count_open_assignments(
    session: Session, expert_id: int, limit: int, campaign_id: int | None = None
) -> int:
    """Return how many tasks an expert holds in one open campaign (None: in all), up to `limit`."""
    if campaign_id is None:
        return _fetch_count(session, _OPEN_COUNT, expert=expert_id, limit=limit)
    return _fetch_count(
        session, _OPEN_COUNT_IN_CAMPAIGN, expert=expert_id, campaign=campaign_id, limit=limit
    )


def assignment_in_thread(session: Session, channel: str, thread_ts: str) -> Assignment | None:
    """Return what the message that starts a thread shows: the open assignment, or the newest."""
    assignments = assignments_in_message(session, channel, thread_ts)
    return min(assignments, key=lambda row: row.state != AssignmentState.DELIVERED, default=None)


def assignments_in_message(session: Session, channel: str, ts: str) -> list[Assignment]:
    """Return all assignments that a message has shown, the newest first by the clock."""
    is_shown_there = (Assignment.message_ts == ts, Assignment.channel == channel)
    newest_first = col(Assignment.delivered_at).desc()
    return list(session.exec(select(Assignment).where(*is_shown_there).order_by(newest_first)))


def overdue_assignments(session: Session, now: datetime) -> list[tuple[Assignment, Campaign]]:
    """Return open assignments whose lease has expired; leases of paused campaigns do not run."""
    query = (
        select(Assignment, Campaign)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .where(
            col(Assignment.state).in_(OPEN_STATES),
            col(Assignment.leased_until) <= now,
            col(Assignment.lease_paused_at).is_(None),
            Campaign.state == CampaignState.OPEN,
        )
        .order_by(col(Assignment.id))
        .with_for_update(of=Assignment, skip_locked=True)
    )
    return [(row[0], row[1]) for row in session.exec(query)]


def idle_experts(session: Session) -> list[Expert]:
    """Return available members of open campaigns without an open assignment, for dispatch.

    The expert who was dispatched to longest ago comes first, so that the same people are not always
    interrupted. Experts with a message in the outbox are left out: it may bring the next task.
    """
    has_waiting_message = exists().where(
        and_(
            col(OutboxMessage.recipient) == col(Expert.slack_id),
            col(OutboxMessage.state) == WAITING_STATE,
        )
    )
    has_open_assignment = exists().where(
        and_(col(Assignment.expert_id) == col(Expert.id), col(Assignment.state).in_(OPEN_STATES))
    )
    is_member = exists().where(
        and_(
            col(Membership.expert_id) == col(Expert.id),
            col(Membership.left_at).is_(None),
            col(Campaign.id) == col(Membership.campaign_id),
            col(Campaign.state) == CampaignState.OPEN,
        )
    )
    query = select(Expert).where(
        col(Expert.away_since).is_(None), is_member, ~has_open_assignment, ~has_waiting_message
    )
    longest_idle_first = (
        col(Expert.last_dispatched_at).is_not(None),
        col(Expert.last_dispatched_at),
        col(Expert.id),
    )
    return list(session.exec(query.order_by(*longest_idle_first)))
