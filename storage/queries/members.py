"""Who labels where, what suits them, and how far each has looked through a campaign."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, literal_column, update
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import Assignment, Campaign, CampaignState, Expert, Membership, Task


class Person(NamedTuple):
    """An expert, as far as it matters for what suits them."""

    slack_id: str
    pseudonym: str
    domains: list[str]
    languages: list[str]


class Pool(NamedTuple):
    """A campaign that somebody labels in, and how far they have looked through it."""

    campaign: int
    seed: str
    gold_share: float
    domains: list[str]
    language: str | None
    lease_minutes: int
    guidelines_version: int
    last_task: int
    looked_through_at: datetime | None
    guidelines_seen: int


_KNOWN = select(Expert.slack_id, Expert.pseudonym, Expert.domains, Expert.languages).where(
    col(Expert.id) == bindparam("expert")
)
_PERSON = {False: Prepared(_KNOWN), True: Prepared(_KNOWN.with_for_update())}


def person(session: Session, expert_id: int, *, locked: bool = False) -> Person:
    """Return what is known of an expert. `locked`: until the end nobody else gives them a task."""
    (row,) = _PERSON[locked].rows(session, expert=expert_id)
    return Person(*row)


_SKIPPED = Prepared(
    select(Task.audience, Campaign.domains)
    .select_from(Assignment)
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
    .where(
        col(Assignment.expert_id) == bindparam("expert"),
        literal_column("assignment.skip_reason = 'not_my_field'"),  # has an index
        literal_column("assignment.state = 'skipped'"),
    )
)


def skipped_as_strange(session: Session, expert_id: int) -> list[tuple[str, list[str]]]:
    """Return the audience of each task skipped as not their field, and its campaign's domains."""
    return [(audience, domains) for audience, domains in _SKIPPED.rows(session, expert=expert_id)]


_POOLS = Prepared(
    select(  # type: ignore[call-overload]  # SQLModel types up to four columns
        Campaign.id,
        Campaign.seed,
        Campaign.gold_share,
        Campaign.domains,
        Campaign.language,
        Campaign.lease_minutes,
        Campaign.guidelines_version,
        Membership.last_task_id,
        Membership.looked_through_at,
        Membership.guidelines_seen,
    )
    .join(Membership, col(Membership.campaign_id) == col(Campaign.id))
    .where(
        col(Membership.expert_id) == bindparam("expert"),
        col(Membership.left_at).is_(None),
        Campaign.state == CampaignState.OPEN,
    )
    .order_by(col(Campaign.deadline).is_(None), col(Campaign.deadline), col(Campaign.id))
)


def pools(session: Session, expert_id: int) -> list[Pool]:
    """Return the open campaigns somebody labels in, the nearest deadline first."""
    return [Pool(*row) for row in _POOLS.rows(session, expert=expert_id)]


_THIS_MEMBER = and_(
    col(Membership.campaign_id) == bindparam("campaign"),
    col(Membership.expert_id) == bindparam("expert"),
)

_GO_ON = Prepared(
    update(Membership)
    .where(_THIS_MEMBER, col(Membership.last_task_id) < bindparam("task"))
    .values(last_task_id=bindparam("task"))
)


def go_on(session: Session, expert_id: int, campaign_id: int, task: int) -> None:
    """Write down that somebody has looked through a campaign up to `task`."""
    _GO_ON.run(session, campaign=campaign_id, expert=expert_id, task=task)


_LOOKED_THROUGH = Prepared(
    update(Membership).where(_THIS_MEMBER).values(looked_through_at=bindparam("at"))
)


def looked_through(session: Session, expert_id: int, campaign_id: int, at: datetime) -> None:
    """Write down that somebody has looked through a campaign from its first task."""
    _LOOKED_THROUGH.run(session, campaign=campaign_id, expert=expert_id, at=at)


_TOLD = Prepared(update(Membership).where(_THIS_MEMBER).values(guidelines_seen=bindparam("told")))


def told_of_guidelines(session: Session, expert_id: int, campaign_id: int, version: int) -> None:
    """Write down that somebody is told of the guidelines as they are now."""
    _TOLD.run(session, campaign=campaign_id, expert=expert_id, told=version)


def look_again(session: Session, expert_id: int) -> None:
    """Let somebody look through all their campaigns anew, because other tasks suit them now."""
    anew = update(Membership).where(col(Membership.expert_id) == expert_id).values(last_task_id=0)
    session.connection().execute(anew)


def look_again_in(session: Session, campaign_id: int) -> None:
    """Let everybody look through a campaign anew, because its tasks suit others now."""
    anew = update(Membership).where(col(Membership.campaign_id) == campaign_id)
    session.connection().execute(anew.values(last_task_id=0))
