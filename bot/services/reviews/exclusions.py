"""Exclusions: an expert's answers that do not count until a coordinator includes them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.reviews.corrections import release_open, require_member
from storage.queries import answer_submission, corrections
from storage.queries.corrections import answers_since
from storage.queries.imported_answers import external_expert
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Campaign, Expert, Quarantine

QUARANTINED = AssignmentState.QUARANTINED


class AlreadyExcludedError(BotError):
    """Answers of {who} since {since:%Y-%m-%d} are already excluded. Include them first."""


class NotExcludedError(BotError):
    """No answers of {who} are excluded. `labelbot fix list {campaign}` shows all exclusions."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Excluded answers of one expert: since when, why and how many."""

    slack_id: str
    since: datetime
    reason: str
    answer_count: int


def exclude(  # noqa: PLR0913, PLR0917 - the fields of a quarantine
    session: Session, campaign: Campaign, slack_id: str, since: datetime, reason: str, actor: Actor
) -> Exclusion:
    """Exclude an expert's answers given at or after `since` (aware), and free their slots.

    The answers are kept and count again after `include`. Until then the expert gets no new tasks in
    this campaign, and late answers are excluded too. `slack_id` may be the pseudonym of an expert
    whose answers were imported.

    Raises:
        NotMemberError: the person is not an expert of the campaign.
        AlreadyExcludedError: answers of this expert are already excluded.
    """
    imported = external_expert(session, id_of(campaign), slack_id)
    expert = imported or require_member(session, campaign, slack_id)
    for quarantine, excluded in corrections.active_quarantines(session, id_of(campaign)):
        if excluded.id == expert.id:
            raise AlreadyExcludedError(who=_display_name(expert), since=quarantine.since)
    session.add(
        Quarantine(
            campaign_id=id_of(campaign),
            expert_id=id_of(expert),
            since=since,
            reason=reason,
            created_by=actor.name,
            created_at=actor.at,
        )
    )
    answers = _set_answer_states(session, campaign, expert, since, QUARANTINED)
    for assignment in answers:
        answer_submission.release_slot(session, assignment.task_id)
    release_open(session, campaign, expert, actor, is_excluded=True)
    corrections.set_left_at(session, id_of(campaign), id_of(expert), actor.at, if_left_at=actor.at)
    details = {"expert": slack_id, "since": since, "reason": reason, "answer_count": len(answers)}
    actor.record(session, "excluded answers", subject_of(campaign), **details)
    return Exclusion(slack_id, since, reason, len(answers))


def include(session: Session, campaign: Campaign, slack_id: str, actor: Actor) -> Exclusion:
    """Include an expert's excluded answers again.

    An item that others have answered in the meantime then exceeds its overlap.

    Raises:
        NotMemberError, NotExcludedError: nothing is changed.
    """
    imported = external_expert(session, id_of(campaign), slack_id)
    expert = imported or require_member(session, campaign, slack_id)
    quarantines = [
        quarantine
        for quarantine, excluded in corrections.active_quarantines(session, id_of(campaign))
        if excluded.id == expert.id
    ]
    if not quarantines:
        raise NotExcludedError(who=_display_name(expert), campaign=campaign.name)
    (quarantine,) = quarantines
    quarantine.lifted_by, quarantine.lifted_at = actor.name, actor.at
    session.add(quarantine)
    answers = _set_answer_states(
        session, campaign, expert, quarantine.since, AssignmentState.ANSWERED
    )
    for assignment in answers:
        corrections.force_take_slot(session, assignment.task_id)
    corrections.release_quarantined(session, id_of(campaign), id_of(expert))
    corrections.set_left_at(
        session, id_of(campaign), id_of(expert), None, if_left_at=quarantine.created_at
    )
    subject, count = subject_of(campaign), len(answers)
    actor.record(session, "included answers", subject, expert=slack_id, answer_count=count)
    return Exclusion(slack_id, quarantine.since, quarantine.reason, len(answers))


def list_exclusions(session: Session, campaign: Campaign) -> list[Exclusion]:
    """Return the active exclusions of a campaign."""
    campaign_id = id_of(campaign)
    return [
        Exclusion(
            expert.slack_id,
            one.since,
            one.reason,
            len(answers_since(session, campaign_id, id_of(expert), one.since, QUARANTINED)),
        )
        for one, expert in corrections.active_quarantines(session, campaign_id)
    ]


def _set_answer_states(
    session: Session, campaign: Campaign, expert: Expert, since: datetime, state: AssignmentState
) -> list[Assignment]:
    """Move an expert's answers between the states answered and quarantined."""
    before = QUARANTINED if state == AssignmentState.ANSWERED else AssignmentState.ANSWERED
    answers = answers_since(session, id_of(campaign), id_of(expert), since, before)
    for assignment in answers:
        assignment.state = state
        session.add(assignment)
    session.flush()
    return list(answers)


def _display_name(expert: Expert) -> str:
    return expert.name or expert.pseudonym
