"""Who labels where: experts by Slack id, memberships, and tasks taken back when a campaign ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from storage.queries.tasks import OPEN_STATES
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Membership,
    Task,
)

DEFAULT_WORK_DAYS = [1, 2, 3, 4, 5]

SLOT_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED, AssignmentState.ANSWERED)
"""The states that take one of a task's places."""


def ensure_experts(session: Session, slack_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """Return the ids of experts by Slack id; those nobody knew are made, with a random pseudonym.

    Two processes that meet the same new person at once agree on one row. A pseudonym that is taken
    is drawn again.
    """
    known = _find_expert_ids(session, slack_ids)
    while missing := [one for one in slack_ids if one not in known]:
        rows = [_new_expert_row(one, now) for one in missing]
        session.connection().execute(_insert_if_absent(session, Expert), rows)
        known |= _find_expert_ids(session, missing)
    return known


def _find_expert_ids(session: Session, slack_ids: Sequence[str]) -> dict[str, int]:
    query = select(Expert.slack_id, Expert.id).where(col(Expert.slack_id).in_(slack_ids))
    return {slack_id: found or 0 for slack_id, found in session.exec(query)}


def _new_expert_row(slack_id: str, now: datetime) -> dict[str, Any]:
    expert = Expert(
        slack_id=slack_id,
        pseudonym=f"expert-{secrets.token_hex(4)}",
        work_days=DEFAULT_WORK_DAYS,
        created_at=now,
    )
    return expert.model_dump(exclude={"id"})


def _insert_if_absent(session: Session, table: type[SQLModel]) -> Insert:
    """Return an insert that leaves rows alone which are there."""
    if session.connection().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def add_members(
    session: Session, campaign_id: int, expert_ids: Sequence[int], now: datetime
) -> set[int]:
    """Put experts into a campaign's pool; return those who were not in it. Who left is back."""
    statement = update(Membership).where(
        col(Membership.campaign_id) == campaign_id,
        col(Membership.expert_id).in_(expert_ids),
        col(Membership.left_at).is_not(None),
    )
    query = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    new = set(expert_ids).difference(session.exec(query).all())
    version = session.get_one(Campaign, campaign_id).guidelines_version
    rows = [
        Membership(
            campaign_id=campaign_id, expert_id=one, guidelines_version_seen=version, joined_at=now
        ).model_dump()
        for one in expert_ids
        if one in new
    ]
    if rows:
        session.connection().execute(statement.values(left_at=None))
        session.connection().execute(_insert_if_absent(session, Membership), rows)
    return new


def remove_member(session: Session, campaign_id: int, slack_id: str, now: datetime) -> bool:
    """Take somebody out of a campaign's pool; False if they were not in it."""
    expert_id = select(Expert.id).where(col(Expert.slack_id) == slack_id).scalar_subquery()
    statement = (
        update(Membership)
        .where(
            col(Membership.campaign_id) == campaign_id,
            col(Membership.expert_id) == expert_id,
            col(Membership.left_at).is_(None),
        )
        .values(left_at=now)
    )
    return session.connection().execute(statement).rowcount == 1


def campaign_names_by_expert(session: Session) -> dict[int, list[str]]:
    """Return the names of the campaigns that are not closed, by expert in their pool."""
    query = (
        select(Membership.expert_id, Campaign.name)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(col(Membership.left_at).is_(None), Campaign.state != CampaignState.CLOSED)
        .order_by(col(Campaign.id))
    )
    found: dict[int, list[str]] = {}
    for expert_id, name in session.exec(query):
        found.setdefault(expert_id, []).append(name)
    return found


def leave_all_campaigns(session: Session, expert_id: int, now: datetime) -> list[str]:
    """Let an expert leave every campaign that is not closed; return the titles."""
    query = (
        select(Membership, Campaign.title)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(
            Membership.expert_id == expert_id,
            col(Membership.left_at).is_(None),
            Campaign.state != CampaignState.CLOSED,
        )
        .order_by(col(Campaign.id))
    )
    found = session.exec(query).all()
    for membership, _title in found:
        membership.left_at = now
        session.add(membership)
    return [title for _membership, title in found]


def release_open_assignments(session: Session, campaign_id: int) -> int:
    """Take every open task of a campaign back from whoever holds it; return how many."""
    statement = (
        update(Assignment)
        .where(col(Assignment.campaign_id) == campaign_id, col(Assignment.state).in_(OPEN_STATES))
        .values(state=AssignmentState.RELEASED)
    )
    count = session.connection().execute(statement).rowcount
    _recount_slots(session, campaign_id)
    return count


def _recount_slots(session: Session, campaign_id: int) -> None:
    query = (
        select(func.count())
        .where(col(Assignment.task_id) == col(Task.id), col(Assignment.state).in_(SLOT_STATES))
        .scalar_subquery()
    )
    touched = select(Assignment.task_id).where(
        col(Assignment.campaign_id) == campaign_id,
        col(Assignment.state) == AssignmentState.RELEASED,
    )
    statement = (
        update(Task).where(col(Task.id).in_(touched)).values(slots_taken=query, needs_rescan=True)
    )
    session.connection().execute(statement)
