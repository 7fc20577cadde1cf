"""Handing tasks out by hand: a certain one, or the next few, to somebody whom a coordinator names.

Fields and languages do not count then. Still nobody judges what they wrote, sees an item twice, or
takes a place that is not there.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.services import leasing
from bot.services.assigning import order_for, untold
from storage.queries import finding, holding, members, telling
from storage.queries.finding import Place, Seeker
from storage.tables import Assignment, Campaign, Expert

BY_HAND = {"by_hand": True}
"""Why somebody got a task that was handed to them."""


def hand(
    session: Session, campaign: Campaign, expert: Expert, task_id: int, now: datetime
) -> Assignment | None:
    """Give a certain task to somebody; None: they had it, may not judge it, or there is no room."""
    place = _first_behind(session, campaign, expert, task_id - 1)
    if place is None or place.task != task_id:
        return None
    return _given(session, campaign, expert, place, now)


def hand_next(
    session: Session, campaign: Campaign, expert: Expert, most: int, now: datetime
) -> list[Assignment]:
    """Give the next tasks of a campaign to somebody, `most` at the most, in everybody's order."""
    given: list[Assignment] = []
    place = _first_behind(session, campaign, expert, 0)
    while place and len(given) < most:
        assignment = _given(session, campaign, expert, place, now)
        given += [assignment] if assignment else []
        place = _first_behind(session, campaign, expert, place.task)
    return given


def tell(session: Session, expert: Expert, now: datetime) -> None:
    """Let somebody see what waits for them, unless they are gone by the time it can be said."""
    telling.put(session, "task", lane=expert.slack_id, facts={"pushed": True}, now=now)


def _first_behind(
    session: Session, campaign: Campaign, expert: Expert, task_id: int
) -> Place | None:
    person = members.person(session, expert.id or 0, locked=True)
    seeker = Seeker(expert.id or 0, person.slack_id, person.pseudonym)
    number = campaign.id or 0
    audiences = finding.audiences(session, number)
    return finding.first_place(session, seeker, number, audiences, task_id)


def _given(
    session: Session, campaign: Campaign, expert: Expert, place: Place, now: datetime
) -> Assignment | None:
    if not holding.take(session, place.task):
        return None
    number = expert.id or 0
    pools = {pool.campaign: pool for pool in members.pools(session, number)}
    pool = pools.get(campaign.id or 0)
    assignment = Assignment(
        task_id=place.task,
        campaign_id=campaign.id or 0,
        expert_id=expert.id or 0,
        candidate_order=order_for(session, campaign.seed, place, expert.id or 0),
        created_at=now,
        leased_until=leasing.lease_end(session, expert.id or 0, campaign.lease_minutes, now),
        why=BY_HAND,
        guidelines_since=untold(session, pool, number) if pool else None,
    )
    session.add(assignment)
    session.flush()
    return assignment
