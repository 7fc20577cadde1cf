"""Corrections midway: overlap, tasks taken back, answers opened again or left out, none lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.assignments import assign, direct, leases
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import validate_lease_and_overlap
from storage.queries import answer_submission, corrections, outbox
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Quarantine,
)


class NotMemberError(BotError):
    """{who} is no expert of “{campaign}”; choose somebody who labels in it."""


class NoMembersError(BotError):
    """Nobody labels in “{campaign}” yet; `/label invite @person {campaign}` lets people in."""


class AlreadyExcludedError(BotError):
    """The answers of {who} from {since:%Y-%m-%d} on are left out already; let them count first."""


class NotExcludedError(BotError):
    """Nothing of {who} is left out of “{campaign}”."""


class NoAnswerError(BotError):
    """There is no answer to open again there; it is open, skipped or somebody else's by now."""


@dataclass(frozen=True, slots=True)
class OverlapChange:
    """How many answers each item wanted before and wants now; `above` items have more already."""

    before: int
    after: int
    items_above: int


@dataclass(frozen=True, slots=True)
class ReassignResult:
    """How many tasks were taken back, and how many of them went to whom was named."""

    unassigned: int
    reassigned: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Whose answers count no more, from when on, why, and how many they are."""

    slack_id: str
    since: datetime
    reason: str
    answer_count: int


def change_overlap(
    session: Session, campaign: Campaign, overlap: int, actor: Actor
) -> OverlapChange:
    """Let each item want more answers, or fewer. Items that have more already keep them.

    Raises:
        ClosedCampaignError: the campaign is over.
        BadNumberError: so many are too many, or too few.
    """
    _require_not_closed(campaign)
    validate_lease_and_overlap(timedelta(minutes=campaign.lease_minutes), overlap)
    before = campaign.overlap
    campaign.overlap = overlap
    session.add(campaign)
    above = corrections.set_overlap(session, campaign.id or 0, overlap)
    actor.record(session, "changed the overlap", subject_of(campaign), before=before, after=overlap)
    return OverlapChange(before, overlap, above)


def unassign(session: Session, campaign: Campaign, slack_id: str, actor: Actor) -> list[int]:
    """Take what somebody holds back, for others; return the tasks.

    What they had begun stays theirs: an answer that comes late counts as long as there is room.

    Raises:
        NotInPoolError: nobody by this id labels there.
    """
    expert = _require_member(session, campaign, slack_id)
    tasks = _release_open(session, campaign, expert, actor)
    actor.record(session, "took back", subject_of(campaign), expert=slack_id, tasks=len(tasks))
    return tasks


def reassign(
    session: Session, campaign: Campaign, slack_id: str, new_slack_id: str, actor: Actor
) -> ReassignResult:
    """Give what somebody holds to somebody else; what these may not have goes to whoever suits.

    Raises:
        NotInPoolError: one of them does not label there.
    """
    new_expert = _require_member(session, campaign, new_slack_id)
    unassigned = unassign(session, campaign, slack_id, actor)
    reassigned = [
        task
        for task in unassigned
        if direct.assign_task(session, campaign, new_expert, task, actor.at)
    ]
    actor.record(
        session, "reassigned", subject_of(campaign), expert=new_slack_id, tasks=len(reassigned)
    )
    return ReassignResult(len(unassigned), len(reassigned))


def _release_open(session: Session, campaign: Campaign, expert: Expert, actor: Actor) -> list[int]:
    assignments = corrections.open_assignments_of(session, campaign.id or 0, expert.id or 0)
    for assignment in assignments:
        assignment.state = AssignmentState.RELEASED
        session.add(assignment)
        answer_submission.release_slot(session, assignment.task_id)
        payload = {"assignment": assignment.id}
        outbox.enqueue(session, "expired", recipient=expert.slack_id, payload=payload, now=actor.at)
    session.flush()
    return [assignment.task_id for assignment in assignments]


def answer_of(session: Session, campaign: Campaign, key: str, slack_id: str) -> int | None:
    """Return the assignment of what an expert answered about the item called `key`, if there is."""
    return corrections.answer_id_of(session, campaign.id or 0, key, slack_id)


def reopen(session: Session, assignment_id: int, reason: str, actor: Actor) -> Assignment:
    """Give an answer back to who gave it, with the reason; what they answered stays to be changed.

    It is brought to them when they are at work.

    Raises:
        NoAnswerError: it is no answer that stands.
    """
    assignment = session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.state != AssignmentState.ANSWERED:
        raise NoAnswerError
    campaign = session.get_one(Campaign, assignment.campaign_id)
    _require_not_closed(campaign)
    assignment.state, assignment.complete = AssignmentState.QUEUED, False
    assignment.sent_back_reason, assignment.finalized_by = reason.strip() or None, None
    minutes = campaign.lease_minutes
    assignment.leased_until = leases.lease_end(session, assignment.expert_id, minutes, actor.at)
    session.add(assignment)
    session.flush()
    expert = session.get_one(Expert, assignment.expert_id)
    details = {"expert": expert.slack_id, "reason": reason}
    actor.record(session, "opened again", f"assignment {assignment_id}", **details)
    return assignment


def exclude(  # noqa: PLR0913, PLR0917 - they are what a quarantine says
    session: Session, campaign: Campaign, slack_id: str, since: datetime, reason: str, actor: Actor
) -> Exclusion:
    """Leave out what somebody answered from `since` (aware) on; the places are free for others.

    Their answers stay as they are, and count again once `include` is called. Until then they get
    nothing more in this campaign, and what they answer late is left out as well.

    Raises:
        NotInPoolError: nobody by this id labels there.
        AlreadyExcludedError: they are left out already.
    """
    expert = _require_member(session, campaign, slack_id)
    for quarantine, other in corrections.active_quarantines(session, campaign.id or 0):
        if other.id == expert.id:
            raise AlreadyExcludedError(who=_display_name(expert), since=quarantine.since)
    session.add(
        Quarantine(
            campaign_id=campaign.id or 0,
            expert_id=expert.id or 0,
            since=since,
            reason=reason,
            created_by=actor.name,
            created_at=actor.at,
        )
    )
    answers = _set_answer_states(session, campaign, expert, since, AssignmentState.QUARANTINED)
    for assignment in answers:
        answer_submission.release_slot(session, assignment.task_id)
    _release_open(session, campaign, expert, actor)
    corrections.set_left_at(
        session, campaign.id or 0, expert.id or 0, actor.at, if_left_at=actor.at
    )
    details = {"expert": slack_id, "since": since, "reason": reason, "answers": len(answers)}
    actor.record(session, "excluded", subject_of(campaign), **details)
    return Exclusion(slack_id, since, reason, len(answers))


def include(session: Session, campaign: Campaign, slack_id: str, actor: Actor) -> Exclusion:
    """Let what was left out of somebody count again.

    An item that others answered meanwhile then has an answer more than it wanted.

    Raises:
        NotInPoolError, NothingExcludedError: nothing is changed.
    """
    expert = _require_member(session, campaign, slack_id)
    found = [
        q for q, e in corrections.active_quarantines(session, campaign.id or 0) if e.id == expert.id
    ]
    if not found:
        raise NotExcludedError(who=_display_name(expert), campaign=campaign.name)
    (quarantine,) = found
    quarantine.lifted_by, quarantine.lifted_at = actor.name, actor.at
    session.add(quarantine)
    answers = _set_answer_states(
        session, campaign, expert, quarantine.since, AssignmentState.ANSWERED
    )
    for assignment in answers:
        corrections.force_take_slot(session, assignment.task_id)
    corrections.release_quarantined(session, campaign.id or 0, expert.id or 0)
    ended = quarantine.created_at
    corrections.set_left_at(session, campaign.id or 0, expert.id or 0, None, if_left_at=ended)
    actor.record(session, "included", subject_of(campaign), expert=slack_id, answers=len(answers))
    return Exclusion(slack_id, quarantine.since, quarantine.reason, len(answers))


def list_exclusions(session: Session, campaign: Campaign) -> list[Exclusion]:
    """Return whose answers are left out of a campaign."""
    return [
        Exclusion(
            expert.slack_id,
            quarantine.since,
            quarantine.reason,
            len(_quarantined_answers(session, campaign, expert, quarantine.since)),
        )
        for quarantine, expert in corrections.active_quarantines(session, campaign.id or 0)
    ]


def _set_answer_states(
    session: Session, campaign: Campaign, expert: Expert, since: datetime, state: AssignmentState
) -> list[Assignment]:
    """Let answers count no more, or again."""
    is_restoring = state == AssignmentState.ANSWERED
    before = AssignmentState.QUARANTINED if is_restoring else AssignmentState.ANSWERED
    found = corrections.answers_since(session, campaign.id or 0, expert.id or 0, since, before)
    for assignment in found:
        assignment.state = state
        session.add(assignment)
    session.flush()
    return list(found)


def _quarantined_answers(
    session: Session, campaign: Campaign, expert: Expert, since: datetime
) -> list[Assignment]:
    state = AssignmentState.QUARANTINED
    return list(corrections.answers_since(session, campaign.id or 0, expert.id or 0, since, state))


def _require_member(session: Session, campaign: Campaign, slack_id: str) -> Expert:
    expert = assign.expert_by_slack_id(session, slack_id)
    if expert is None or not corrections.has_membership(session, campaign.id or 0, expert.id or 0):
        raise NotMemberError(who=slack_id, campaign=campaign.name)
    return expert


def _display_name(expert: Expert) -> str:
    return expert.name or expert.slack_id


def _require_not_closed(campaign: Campaign) -> None:
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)
