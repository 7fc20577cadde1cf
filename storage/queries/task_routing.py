"""What task routing knows of an expert: skills, skips, memberships and scan positions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, literal_column, update
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.tables import Assignment, Campaign, CampaignState, Expert, Membership, Task


class RoutingProfile(NamedTuple):
    """The fields of an expert that decide which tasks suit them."""

    slack_id: str
    pseudonym: str
    domains: list[str]
    languages: list[str]
    tz: str


class OpenMembership(NamedTuple):
    """An open campaign of an expert, and how far task selection has scanned it for them."""

    campaign_id: int
    seed: str
    gold_share: float
    domains: list[str]
    language: str | None
    lease_minutes: int
    guidelines_version: int
    scan_position: int
    last_full_scan_at: datetime | None
    guidelines_version_seen: int
    informative_pairs: bool
    practice_questions: int
    practice_attempts: int
    practice_failures: int
    qualified_at: datetime | None
    chosen_at: datetime | None
    max_answers: int
    max_answers_per_day: int

    @property
    def needs_practice(self) -> bool:
        """Return whether the expert gets practice questions, or none if they failed, not tasks."""
        return self.practice_questions > 0 and self.qualified_at is None


_PROFILE_QUERY = select(  # type: ignore[call-overload]  # SQLModel types up to four columns
    Expert.slack_id, Expert.pseudonym, Expert.domains, Expert.languages, Expert.tz
).where(col(Expert.id) == bindparam("expert"))
_ROUTING_PROFILE = {
    False: PreparedStatement(_PROFILE_QUERY),
    True: PreparedStatement(_PROFILE_QUERY.with_for_update()),
}


def routing_profile(
    session: Session, expert_id: int, *, for_update: bool = False
) -> RoutingProfile:
    """Return the routing profile of an expert.

    `for_update` locks the expert, so that no other transaction assigns them a task meanwhile.
    """
    (row,) = _ROUTING_PROFILE[for_update].rows(session, expert=expert_id)
    return RoutingProfile(*row)


_NOT_MY_FIELD_SKIPS = PreparedStatement(
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


def not_my_field_skips(session: Session, expert_id: int) -> list[tuple[str, list[str]]]:
    """Return the audience of each task skipped as “not my field”, and its campaign's domains."""
    return [
        (audience, domains)
        for audience, domains in _NOT_MY_FIELD_SKIPS.rows(session, expert=expert_id)
    ]


_OPEN_MEMBERSHIPS = PreparedStatement(
    select(  # type: ignore[call-overload, misc]  # SQLModel types up to four columns
        Campaign.id,
        Campaign.seed,
        Campaign.gold_share,
        Campaign.domains,
        Campaign.language,
        Campaign.lease_minutes,
        Campaign.guidelines_version,
        Membership.scan_position,
        Membership.last_full_scan_at,
        Membership.guidelines_version_seen,
        Campaign.informative_pairs,
        Campaign.practice_questions,
        Campaign.practice_attempts,
        Membership.practice_failures,
        Membership.qualified_at,
        Membership.chosen_at,
        Campaign.max_answers,
        Campaign.max_answers_per_day,
    )
    .join(Membership, col(Membership.campaign_id) == col(Campaign.id))
    .where(
        col(Membership.expert_id) == bindparam("expert"),
        col(Membership.left_at).is_(None),
        Campaign.state == CampaignState.OPEN,
    )
    .order_by(
        col(Membership.chosen_at).is_(None),
        col(Campaign.deadline).is_(None),
        col(Campaign.deadline),
        col(Campaign.id),
    )
)


def open_memberships(session: Session, expert_id: int) -> list[OpenMembership]:
    """Return the open campaigns of an expert: the one they chose, then by deadline."""
    return [OpenMembership(*row) for row in _OPEN_MEMBERSHIPS.rows(session, expert=expert_id)]


_IS_THIS_MEMBERSHIP = and_(
    col(Membership.campaign_id) == bindparam("campaign"),
    col(Membership.expert_id) == bindparam("expert"),
)

_ADVANCE_SCAN = PreparedStatement(
    update(Membership)
    .where(_IS_THIS_MEMBERSHIP, col(Membership.scan_position) < bindparam("task"))
    .values(scan_position=bindparam("task"))
)


def advance_scan(session: Session, expert_id: int, campaign_id: int, task_id: int) -> None:
    """Record that a campaign has been scanned for an expert up to `task_id`."""
    _ADVANCE_SCAN.run(session, campaign=campaign_id, expert=expert_id, task=task_id)


_RECORD_FULL_SCAN = PreparedStatement(
    update(Membership).where(_IS_THIS_MEMBERSHIP).values(last_full_scan_at=bindparam("at"))
)


def record_full_scan(session: Session, expert_id: int, campaign_id: int, at: datetime) -> None:
    """Record that a campaign has been scanned for an expert from its first task."""
    _RECORD_FULL_SCAN.run(session, campaign=campaign_id, expert=expert_id, at=at)


_MARK_GUIDELINES_SEEN = PreparedStatement(
    update(Membership)
    .where(_IS_THIS_MEMBERSHIP)
    .values(guidelines_version_seen=bindparam("seen_version"))
)


def mark_guidelines_seen(session: Session, expert_id: int, campaign_id: int, version: int) -> None:
    """Record that an expert was notified of this version of the guidelines."""
    _MARK_GUIDELINES_SEEN.run(session, campaign=campaign_id, expert=expert_id, seen_version=version)


def choose_campaign(
    session: Session, expert_id: int, campaign_id: int | None, at: datetime
) -> None:
    """Record which campaign an expert chose to work on; None: the usual order."""
    own = update(Membership).where(col(Membership.expert_id) == expert_id)
    earlier = own.where(col(Membership.chosen_at).is_not(None))
    session.connection().execute(earlier.values(chosen_at=None))
    if campaign_id is not None:
        chosen = own.where(col(Membership.campaign_id) == campaign_id)
        session.connection().execute(chosen.values(chosen_at=at))


def restart_scans(session: Session, expert_id: int) -> None:
    """Scan all campaigns of an expert from the start, because other tasks suit them now."""
    statement = (
        update(Membership).where(col(Membership.expert_id) == expert_id).values(scan_position=0)
    )
    session.connection().execute(statement)


def restart_campaign_scans(session: Session, campaign_id: int) -> None:
    """Scan a campaign from the start for all members, because other tasks suit them now."""
    statement = update(Membership).where(col(Membership.campaign_id) == campaign_id)
    session.connection().execute(statement.values(scan_position=0))
