"""Who labels where: experts by Slack id, memberships, and tasks taken back when a campaign ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from storage.queries.tasks import OPEN
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Membership,
    Task,
)

WORKING_DAYS = [1, 2, 3, 4, 5]

COUNTING = (AssignmentState.QUEUED, AssignmentState.DELIVERED, AssignmentState.ANSWERED)
"""The states that take one of a task's places."""


def experts(session: Session, slack_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """Return the ids of experts by Slack id; those nobody knew are made, with a random pseudonym.

    Two processes that meet the same new person at once agree on one row. A pseudonym that is taken
    is drawn again.
    """
    known = _known(session, slack_ids)
    while missing := [one for one in slack_ids if one not in known]:
        rows = [_newcomer(one, now) for one in missing]
        session.connection().execute(_insert_new(session, Expert), rows)
        known |= _known(session, missing)
    return known


def _known(session: Session, slack_ids: Sequence[str]) -> dict[str, int]:
    chosen = select(Expert.slack_id, Expert.id).where(col(Expert.slack_id).in_(slack_ids))
    return {slack_id: found or 0 for slack_id, found in session.exec(chosen)}


def _newcomer(slack_id: str, now: datetime) -> dict[str, Any]:
    expert = Expert(
        slack_id=slack_id,
        pseudonym=f"expert-{secrets.token_hex(4)}",
        days=WORKING_DAYS,
        created_at=now,
    )
    return expert.model_dump(exclude={"id"})


def _insert_new(session: Session, table: type[SQLModel]) -> Insert:
    """Return an insert that leaves rows alone which are there."""
    if session.connection().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def join(session: Session, campaign_id: int, expert_ids: Sequence[int], now: datetime) -> set[int]:
    """Put experts into a campaign's pool; return those who were not in it. Who left is back."""
    back = update(Membership).where(
        col(Membership.campaign_id) == campaign_id,
        col(Membership.expert_id).in_(expert_ids),
        col(Membership.left_at).is_not(None),
    )
    chosen = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    new = set(expert_ids).difference(session.exec(chosen).all())
    version = session.get_one(Campaign, campaign_id).guidelines_version
    rows = [
        Membership(
            campaign_id=campaign_id, expert_id=one, guidelines_seen=version, joined_at=now
        ).model_dump()
        for one in expert_ids
        if one in new
    ]
    if rows:
        session.connection().execute(back.values(left_at=None))
        session.connection().execute(_insert_new(session, Membership), rows)
    return new


def leave(session: Session, campaign_id: int, slack_id: str, now: datetime) -> bool:
    """Take somebody out of a campaign's pool; False if they were not in it."""
    whose = select(Expert.id).where(col(Expert.slack_id) == slack_id).scalar_subquery()
    left = (
        update(Membership)
        .where(
            col(Membership.campaign_id) == campaign_id,
            col(Membership.expert_id) == whose,
            col(Membership.left_at).is_(None),
        )
        .values(left_at=now)
    )
    return session.connection().execute(left).rowcount == 1


def memberships(session: Session) -> dict[int, list[str]]:
    """Return the names of the campaigns that are not closed, by expert in their pool."""
    chosen = (
        select(Membership.expert_id, Campaign.name)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(col(Membership.left_at).is_(None), Campaign.state != CampaignState.CLOSED)
        .order_by(col(Campaign.id))
    )
    found: dict[int, list[str]] = {}
    for expert_id, name in session.exec(chosen):
        found.setdefault(expert_id, []).append(name)
    return found


def leave_all(session: Session, expert_id: int, now: datetime) -> list[str]:
    """Let an expert leave every campaign that is not closed; return the titles."""
    chosen = (
        select(Membership, Campaign.title)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(
            Membership.expert_id == expert_id,
            col(Membership.left_at).is_(None),
            Campaign.state != CampaignState.CLOSED,
        )
        .order_by(col(Campaign.id))
    )
    found = session.exec(chosen).all()
    for membership, _title in found:
        membership.left_at = now
        session.add(membership)
    return [title for _membership, title in found]


def release(session: Session, campaign_id: int) -> int:
    """Take every open task of a campaign back from whoever holds it; return how many."""
    released = (
        update(Assignment)
        .where(col(Assignment.campaign_id) == campaign_id, col(Assignment.state).in_(OPEN))
        .values(state=AssignmentState.RELEASED)
    )
    count = session.connection().execute(released).rowcount
    _recount(session, campaign_id)
    return count


def _recount(session: Session, campaign_id: int) -> None:
    counted = (
        select(func.count())
        .where(col(Assignment.task_id) == col(Task.id), col(Assignment.state).in_(COUNTING))
        .scalar_subquery()
    )
    touched = select(Assignment.task_id).where(
        col(Assignment.campaign_id) == campaign_id,
        col(Assignment.state) == AssignmentState.RELEASED,
    )
    recounted = update(Task).where(col(Task.id).in_(touched)).values(taken=counted, reopened=True)
    session.connection().execute(recounted)
