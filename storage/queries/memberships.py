"""Experts by Slack id, campaign memberships, and the release of tasks when a campaign ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, and_, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from storage.pseudonyms import EXPERT_PREFIX, new_pseudonym
from storage.queries.tasks import OPEN_STATES
from storage.row_id import require_id
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
"""States in which an assignment occupies a slot of its task."""


def ensure_experts(session: Session, slack_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """Return the ids of experts by Slack id, creating missing ones with a random pseudonym.

    Two processes that create the same expert at once get the same row. If a pseudonym is taken,
    another is tried.
    """
    known = known_experts(session, slack_ids)
    while missing := [slack_id for slack_id in slack_ids if slack_id not in known]:
        rows = [_new_expert_row(slack_id, now) for slack_id in missing]
        session.connection().execute(_insert_if_absent(session, Expert), rows)
        known |= known_experts(session, missing)
    return known


def known_experts(session: Session, slack_ids: Sequence[str]) -> dict[str, int]:
    """Return the ids of those of the people who are experts, by Slack id."""
    query = select(Expert.slack_id, Expert.id).where(col(Expert.slack_id).in_(slack_ids))
    return {slack_id: require_id(expert_id) for slack_id, expert_id in session.exec(query)}


def _new_expert_row(slack_id: str, now: datetime) -> dict[str, Any]:
    expert = Expert(
        slack_id=slack_id,
        pseudonym=new_pseudonym(EXPERT_PREFIX),
        work_days=DEFAULT_WORK_DAYS,
        created_at=now,
    )
    return expert.model_dump(exclude={"id"})


def _insert_if_absent(session: Session, table: type[SQLModel]) -> Insert:
    """Return an INSERT that skips existing rows."""
    if session.connection().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def add_members(
    session: Session,
    campaign_id: int,
    expert_ids: Sequence[int],
    now: datetime,
    invited_by: str | None = None,
) -> set[int]:
    """Add experts to a campaign; return those who were not members.

    Experts who had left are members again. `invited_by` is the Slack id of who adds them.
    """
    returning_members = update(Membership).where(
        col(Membership.campaign_id) == campaign_id,
        col(Membership.expert_id).in_(expert_ids),
        col(Membership.left_at).is_not(None),
    )
    current_members = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    added = set(expert_ids).difference(session.exec(current_members).all())
    version = session.get_one(Campaign, campaign_id).guidelines_version
    rows = [
        Membership(
            campaign_id=campaign_id,
            expert_id=expert_id,
            guidelines_version_seen=version,
            invited_by=invited_by,
            joined_at=now,
        ).model_dump()
        for expert_id in expert_ids
        if expert_id in added
    ]
    if rows:
        session.connection().execute(returning_members.values(left_at=None, invited_by=invited_by))
        session.connection().execute(_insert_if_absent(session, Membership), rows)
    return added


def remove_member(session: Session, campaign_id: int, slack_id: str, now: datetime) -> bool:
    """Remove a member from a campaign; return False if they were not one."""
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


def is_labelling(session: Session, campaign_id: int, slack_id: str) -> bool:
    """Return whether a person labels in a campaign that is not closed, and so must stay blind."""
    query = (
        select(Membership)
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(
            Campaign.id == campaign_id,
            Expert.slack_id == slack_id,
            Campaign.state != CampaignState.CLOSED,
        )
    )
    return session.exec(query).first() is not None


def member_slack_ids(session: Session, campaign_id: int) -> Sequence[str]:
    """Return the Slack ids of the present members of a campaign."""
    query = (
        select(Expert.slack_id)
        .join(Membership, col(Membership.expert_id) == col(Expert.id))
        .where(Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None))
    )
    return session.exec(query).all()


def campaign_names_by_expert(session: Session) -> dict[int, list[str]]:
    """Return the names of the campaigns that are not closed, by member."""
    query = (
        select(Membership.expert_id, Campaign.name)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(col(Membership.left_at).is_(None), Campaign.state != CampaignState.CLOSED)
        .order_by(col(Campaign.id))
    )
    names: dict[int, list[str]] = {}
    for expert_id, name in session.exec(query):
        names.setdefault(expert_id, []).append(name)
    return names


def campaigns_of(session: Session, expert_id: int) -> Sequence[Campaign]:
    """Return the campaigns not closed that an expert is or was a member of, oldest first."""
    query = (
        select(Campaign)
        .join(Membership, col(Membership.campaign_id) == col(Campaign.id))
        .where(Membership.expert_id == expert_id, Campaign.state != CampaignState.CLOSED)
        .order_by(col(Campaign.id))
    )
    return session.exec(query).all()


_CURRENT_MEMBERSHIPS = (
    select(Membership, Campaign.title)
    .join(Campaign, and_(col(Campaign.id) == col(Membership.campaign_id)))
    .where(col(Membership.left_at).is_(None), Campaign.state != CampaignState.CLOSED)
    .order_by(col(Campaign.id))
)


def current_campaign_titles(session: Session, expert_id: int) -> list[str]:
    """Return the titles of the campaigns not closed that an expert is a member of, oldest first."""
    query = _CURRENT_MEMBERSHIPS.where(Membership.expert_id == expert_id)
    return [title for _membership, title in session.exec(query)]


def leave_all_campaigns(session: Session, expert_id: int, now: datetime) -> list[str]:
    """Remove an expert from every campaign that is not closed; return the campaigns' titles."""
    query = _CURRENT_MEMBERSHIPS.where(Membership.expert_id == expert_id)
    memberships = session.exec(query).all()
    for membership, _title in memberships:
        membership.left_at = now
        session.add(membership)
    return [title for _membership, title in memberships]


def release_open_assignments(session: Session, campaign_id: int) -> int:
    """Release all open assignments of a campaign; return how many."""
    statement = (
        update(Assignment)
        .where(col(Assignment.campaign_id) == campaign_id, col(Assignment.state).in_(OPEN_STATES))
        .values(state=AssignmentState.RELEASED)
    )
    count = session.connection().execute(statement).rowcount
    _recount_slots(session, campaign_id)
    return count


def _recount_slots(session: Session, campaign_id: int) -> None:
    slots_taken = (
        select(func.count())
        .where(col(Assignment.task_id) == col(Task.id), col(Assignment.state).in_(SLOT_STATES))
        .scalar_subquery()
    )
    released_tasks = select(Assignment.task_id).where(
        col(Assignment.campaign_id) == campaign_id,
        col(Assignment.state) == AssignmentState.RELEASED,
    )
    statement = (
        update(Task)
        .where(col(Task.id).in_(released_tasks))
        .values(slots_taken=slots_taken, needs_rescan=True)
    )
    session.connection().execute(statement)
