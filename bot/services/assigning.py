"""Giving tasks to experts: never more than the overlap, never one twice, always in stored order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from bot.routing import candidate_order
from bot.services import leasing, picking
from bot.services.acting import Click
from bot.services.picking import Choice, Search
from storage.queries import holding, members, tasks, telling
from storage.queries.finding import Place
from storage.queries.members import Pool
from storage.tables import Assignment, AssignmentState, Expert

MOST_TRIES = 20
"""How often somebody may be beaten to the last place of a task before they are told to wait."""

_BY_SLACK_ID = select(Expert).where(col(Expert.slack_id) == bindparam("slack_id"))


def next_for(
    session: Session, search: Search, now: datetime, why: Mapping[str, bool] | None = None
) -> Assignment | None:
    """Return the task somebody should see next: one they hold, else a new one, else None.

    The search holds the lock. `why` is written down with a new one, beside what it has in common
    with them; such a one has its number once the session is flushed.
    """
    expert = search.seeker.expert
    return (
        tasks.oldest_open(session, expert)
        or _newly_given(session, search, now, why or {})
        or _given_again(session, expert, now)
    )


def deliver(session: Session, assignment: Assignment, now: datetime) -> None:
    """Write down that the expert is being shown the task; the lease runs from here."""
    if assignment.state == AssignmentState.QUEUED:
        assignment.state = AssignmentState.DELIVERED
        assignment.delivered_at = now
        session.add(assignment)


def ask(  # noqa: PLR0913 - as in `telling.put`
    session: Session,
    word: str,
    *,
    lane: str,
    facts: dict[str, Any],
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue the next task for somebody who asks for one: whoever was away is back."""
    back = update(Expert).where(col(Expert.slack_id) == lane).values(away_since=None)
    session.connection().execute(back)
    telling.put(session, word, lane=lane, facts=facts, now=now, response_url=response_url)


def ask_in_place(session: Session, click: Click) -> None:
    """Queue the next task for somebody who clicked: it comes where they did."""
    facts = {"assignment": None, "channel": click.channel, "message_ts": click.message_ts}
    ask(
        session,
        "turn",
        lane=click.person,
        facts=facts,
        now=click.at,
        response_url=click.response_url,
    )


def expert_by_slack_id(session: Session, slack_id: str) -> Expert | None:
    """Return the expert with this Slack id, if there is one."""
    return session.exec(_BY_SLACK_ID, params={"slack_id": slack_id}).first()


def _newly_given(
    session: Session, search: Search, now: datetime, why: Mapping[str, bool]
) -> Assignment | None:
    """Give what is chosen; if somebody took its last place in this moment, choose again."""
    expert_id = search.seeker.expert
    for _ in range(MOST_TRIES):
        choice = picking.next_choice(session, search, now)
        if choice is None:
            return None
        assignment = _assignment(session, choice, expert_id, now, why)
        if holding.take(session, choice.place.task):  # who comes next waits from here on
            assignment.guidelines_since = untold(session, choice.pool, expert_id)
            session.add(assignment)
            return assignment
    return None


def _assignment(
    session: Session,
    choice: Choice,
    expert_id: int,
    now: datetime,
    why: Mapping[str, bool],
) -> Assignment:
    task, pool = choice.place.task, choice.pool
    return Assignment(
        task_id=task,
        campaign_id=pool.campaign,
        expert_id=expert_id,
        candidate_order=order_for(session, pool.seed, choice.place, expert_id),
        created_at=now,
        leased_until=leasing.lease_end(session, expert_id, pool.lease_minutes, now),
        why={**asdict(choice.fit), **why},
    )


def untold(session: Session, pool: Pool, expert_id: int) -> int | None:
    """Return since which version the person knows nothing of the guidelines; None: they know all.

    They are told of it on this task, and on no other.
    """
    if pool.guidelines_seen >= pool.guidelines_version:
        return None
    members.told_of_guidelines(session, expert_id, pool.campaign, pool.guidelines_version)
    return pool.guidelines_seen


def order_for(session: Session, seed: str, place: Place, expert_id: int) -> list[int]:
    """Return the order of the candidates: who looks at an answer sees them as it was given."""
    if place.confirms is not None:
        return list(session.get_one(Assignment, place.confirms).candidate_order)
    count = tasks.candidate_count(session, place.item)
    return candidate_order(seed, place.task, expert_id, count)


def _given_again(session: Session, expert_id: int, now: datetime) -> Assignment | None:
    """A task that once expired may come back to the same person when nothing else waits."""
    found = tasks.returning(session, expert_id)
    if not found:
        return None
    assignment, campaign = found
    if not holding.take(session, assignment.task_id):
        return None
    assignment.state = AssignmentState.QUEUED
    assignment.leased_until = leasing.lease_end(session, expert_id, campaign.lease_minutes, now)
    session.add(assignment)
    session.flush()
    return assignment
