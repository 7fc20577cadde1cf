"""Which task an expert gets next, and which they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal_column
from sqlmodel import Session, col, select

from storage.queries.items import ItemRow
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Item,
    Membership,
    Outbox,
    OutboxState,
    Task,
)
from storage.tables import Candidate as CandidateRow

OPEN: tuple[ColumnElement[str], ...] = tuple(
    # Literal words, not parameters: only so does SQLite see that its partial indexes serve.
    literal_column(f"'{state}'")
    for state in (AssignmentState.QUEUED, AssignmentState.DELIVERED)
)
WAITING: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
MAY_RETURN = (AssignmentState.EXPIRED, AssignmentState.RELEASED)


def lock_expert(session: Session, expert_id: int) -> Expert:
    """Return the expert, locked: two hands must not give one person two tasks at once."""
    chosen = select(Expert).where(Expert.id == expert_id).with_for_update()
    return session.exec(chosen).one()


def oldest_open(session: Session, expert_id: int) -> Assignment | None:
    """Return the open assignment that the expert has had longest, of campaigns that are open."""
    chosen = (
        select(Assignment)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .where(
            Assignment.expert_id == expert_id,
            col(Assignment.state).in_(OPEN),
            Campaign.state == CampaignState.OPEN,
        )
        .order_by(col(Assignment.id))
        .limit(1)
    )
    return session.exec(chosen).first()


def wanting(session: Session, expert_id: int) -> tuple[Task, Campaign] | None:
    """Return a task with room that this expert never had, the nearest deadline first.

    Everybody goes through a campaign in one order, each from where they are, so that items finish
    one by one and nobody's search grows with what they have done. Behind the last task they look
    once more from the first for places that were given back.
    """
    for membership, campaign in _memberships(session, expert_id):
        for start in (membership.last_task_id, 0):
            task = _first_wanting(session, expert_id, campaign, start)
            if task:
                membership.last_task_id = max(membership.last_task_id, task.id or 0)
                session.add(membership)
                return task, campaign
    return None


def _memberships(session: Session, expert_id: int) -> list[tuple[Membership, Campaign]]:
    chosen = (
        select(Membership, Campaign)
        .join(Campaign, and_(col(Campaign.id) == col(Membership.campaign_id)))
        .where(Membership.expert_id == expert_id, Campaign.state == CampaignState.OPEN)
        .order_by(col(Campaign.deadline).is_(None), col(Campaign.deadline), col(Campaign.id))
    )
    return [(row[0], row[1]) for row in session.exec(chosen)]


def _first_wanting(session: Session, expert_id: int, campaign: Campaign, start: int) -> Task | None:
    had = exists().where(
        and_(col(Assignment.task_id) == col(Task.id), col(Assignment.expert_id) == expert_id)
    )
    chosen = (
        select(Task)
        .where(
            Task.campaign_id == campaign.id,
            col(Task.taken) < col(Task.overlap),
            col(Task.id) > start,
            ~had,
        )
        .order_by(col(Task.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(chosen).first()


def returning(session: Session, expert_id: int) -> tuple[Assignment, Campaign] | None:
    """Return an expired or released assignment of this expert whose task still has room."""
    chosen = (
        select(Assignment, Campaign)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .join(Task, and_(col(Task.id) == col(Assignment.task_id)))
        .where(
            Assignment.expert_id == expert_id,
            col(Assignment.state).in_(MAY_RETURN),
            Campaign.state == CampaignState.OPEN,
            col(Task.taken) < col(Task.overlap),
        )
        .order_by(col(Assignment.id))
        .limit(1)
        .with_for_update(of=Assignment)
    )
    row = session.exec(chosen).first()
    return (row[0], row[1]) if row else None


def candidate_count(session: Session, item_id: int) -> int:
    """Return how many candidates an item has."""
    counted = select(func.count()).where(col(CandidateRow.item_id) == item_id)
    return session.exec(counted).one()


def item_of(session: Session, task_id: int) -> ItemRow:
    """Return a task's item with its candidates in imported order."""
    item = session.exec(
        select(Item).join(Task, and_(col(Task.item_id) == col(Item.id))).where(Task.id == task_id)
    ).one()
    chosen = select(CandidateRow.text, CandidateRow.model).where(CandidateRow.item_id == item.id)
    candidates = session.exec(chosen.order_by(col(CandidateRow.place)))
    return ItemRow(
        key=item.key,
        prompt=item.prompt,
        draft=item.draft,
        meta=item.meta,
        candidates=[(row[0], row[1]) for row in candidates],
    )


def waiting_for(session: Session, expert_id: int, most: int) -> int:
    """Return how many tasks the expert holds or could get, counting no further than `most`."""
    holds = (
        select(Assignment.id)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .where(
            Assignment.expert_id == expert_id,
            col(Assignment.state).in_(OPEN),
            Campaign.state == CampaignState.OPEN,
        )
    )
    had = exists().where(
        and_(
            col(Assignment.task_id) == col(Task.id),
            col(Assignment.expert_id) == expert_id,
            col(Assignment.state).not_in(MAY_RETURN),
        )
    )
    could = (
        select(Task.id)
        .join(Membership, and_(col(Membership.campaign_id) == col(Task.campaign_id)))
        .join(Campaign, and_(col(Campaign.id) == col(Task.campaign_id)))
        .where(
            Membership.expert_id == expert_id,
            Campaign.state == CampaignState.OPEN,
            col(Task.taken) < col(Task.overlap),
            col(Task.id) > col(Membership.last_task_id),
            ~had,
        )
    )
    counts = [
        session.exec(select(func.count()).select_from(ids.limit(most).subquery())).one()
        for ids in (holds, could)
    ]
    return min(sum(counts), most)


def in_thread(session: Session, channel: str, thread_ts: str) -> Assignment | None:
    """Return the newest assignment shown by the message that starts this thread."""
    chosen = (
        select(Assignment)
        .where(Assignment.message_ts == thread_ts, Assignment.channel == channel)
        .order_by(col(Assignment.delivered_at).desc())
        .limit(1)
    )
    return session.exec(chosen).first()


def overdue(session: Session, now: datetime) -> list[tuple[Assignment, Campaign]]:
    """Return the open assignments whose lease has run out; a pause of the campaign stops leases."""
    chosen = (
        select(Assignment, Campaign)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .where(
            col(Assignment.state).in_(OPEN),
            col(Assignment.leased_until) <= now,
            Campaign.state == CampaignState.OPEN,
        )
        .order_by(col(Assignment.id))
        .with_for_update(of=Assignment, skip_locked=True)
    )
    return [(row[0], row[1]) for row in session.exec(chosen)]


def delivered_open(session: Session) -> list[tuple[Assignment, Campaign, Expert]]:
    """Return what waits for an answer, for reminding."""
    chosen: Any = (
        select(Assignment, Campaign, Expert)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(
            Assignment.state == AssignmentState.DELIVERED,
            Campaign.state == CampaignState.OPEN,
        )
        .order_by(col(Assignment.id))
    )
    return [(row[0], row[1], row[2]) for row in session.exec(chosen)]


def idle_experts(session: Session) -> list[Expert]:
    """Return members of open campaigns who hold nothing and are not away, for dispatching.

    Not those to whom something is about to be said: it may well bring the next task.
    """
    spoken_to = exists().where(
        and_(col(Outbox.lane) == col(Expert.slack_id), col(Outbox.state) == WAITING)
    )
    holds = exists().where(
        and_(col(Assignment.expert_id) == col(Expert.id), col(Assignment.state).in_(OPEN))
    )
    member = exists().where(
        and_(
            col(Membership.expert_id) == col(Expert.id),
            col(Campaign.id) == col(Membership.campaign_id),
            col(Campaign.state) == CampaignState.OPEN,
        )
    )
    chosen = select(Expert).where(col(Expert.away_since).is_(None), member, ~holds, ~spoken_to)
    return list(session.exec(chosen.order_by(col(Expert.id))))
