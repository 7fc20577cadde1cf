"""Corrections of a running campaign: overlap, unassign, reopen, exclude; no answer is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.tasks import UnassignedMessage
from bot.services.actors.actor import Actor, subject_of
from bot.services.answers.imported import require_not_imported
from bot.services.assignments import direct, leases
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import validate_lease_and_overlap
from storage.queries import answer_submission, corrections, outbox
from storage.queries.corrections import answers_since
from storage.queries.experts import expert_by_slack_id
from storage.queries.imported_answers import external_expert
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Quarantine,
)

QUARANTINED = AssignmentState.QUARANTINED


class NotMemberError(BotError):
    """{who} is not an expert of “{campaign}”. Choose one of its members."""


class NoMembersError(BotError):
    """“{campaign}” has no experts yet. Use `/label invite @person {campaign}` to add some."""


class AlreadyExcludedError(BotError):
    """Answers of {who} since {since:%Y-%m-%d} are already excluded. Include them first."""


class NotExcludedError(BotError):
    """No answers of {who} are excluded. `labelbot fix list {campaign}` shows all exclusions."""


class NoAnswerError(BotError):
    """There is no answer to reopen. Check the item id and the expert."""


@dataclass(frozen=True, slots=True)
class OverlapChange:
    """The overlap before and after; `items_above` items already have more answers than that."""

    before: int
    after: int
    items_above: int


@dataclass(frozen=True, slots=True)
class ReassignResult:
    """Number of tasks unassigned, and how many of them the new expert was assigned."""

    unassigned: int
    reassigned: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Excluded answers of one expert: since when, why and how many."""

    slack_id: str
    since: datetime
    reason: str
    answer_count: int


def change_overlap(
    session: Session, campaign: Campaign, overlap: int, actor: Actor
) -> OverlapChange:
    """Change the number of answers per item. Items that already have more keep them.

    From then on, every item gets the same number, even if the overlap was adaptive.

    Raises:
        ClosedCampaignError: the campaign is closed.
        BadNumberError: the overlap is out of range.
    """
    _require_not_closed(campaign)
    validate_lease_and_overlap(timedelta(minutes=campaign.lease_minutes), overlap)
    before = campaign.overlap
    campaign.overlap = overlap
    campaign.max_overlap = campaign.target_posterior = None
    session.add(campaign)
    above = corrections.set_overlap(session, id_of(campaign), overlap)
    actor.record(session, "changed the overlap", subject_of(campaign), before=before, after=overlap)
    return OverlapChange(before, overlap, above)


def unassign(session: Session, campaign: Campaign, slack_id: str, actor: Actor) -> list[int]:
    """Unassign an expert's open tasks so that others can have them; return the task ids.

    The expert can still answer a task that is already open: the answer counts if a slot is free.

    Raises:
        NotMemberError: the person is not an expert of the campaign.
    """
    expert = _require_member(session, campaign, slack_id)
    task_ids = _release_open(session, campaign, expert, actor)
    actor.record(
        session, "unassigned tasks", subject_of(campaign), expert=slack_id, task_count=len(task_ids)
    )
    return task_ids


def reassign(
    session: Session, campaign: Campaign, slack_id: str, new_slack_id: str, actor: Actor
) -> ReassignResult:
    """Move an expert's open tasks to another; tasks that the other cannot have are released.

    Raises:
        NotMemberError: one of them is not an expert of the campaign.
    """
    new_expert = _require_member(session, campaign, new_slack_id)
    unassigned = unassign(session, campaign, slack_id, actor)
    reassigned = [
        task_id
        for task_id in unassigned
        if direct.assign_task(session, campaign, new_expert, task_id, actor.at)
    ]
    details = {"expert": new_slack_id, "task_count": len(reassigned)}
    actor.record(session, "reassigned tasks", subject_of(campaign), **details)
    return ReassignResult(len(unassigned), len(reassigned))


def _release_open(
    session: Session,
    campaign: Campaign,
    expert: Expert,
    actor: Actor,
    *,
    is_excluded: bool = False,
) -> list[int]:
    assignments = corrections.open_assignments_of(session, id_of(campaign), id_of(expert))
    for assignment in assignments:
        assignment.state = AssignmentState.RELEASED
        session.add(assignment)
        answer_submission.release_slot(session, assignment.task_id)
        message = UnassignedMessage(id_of(assignment), is_excluded=is_excluded)
        outbox.enqueue(session, message, recipient=expert.slack_id, now=actor.at)
    session.flush()
    return [assignment.task_id for assignment in assignments]


def answer_of(session: Session, campaign: Campaign, key: str, slack_id: str) -> int | None:
    """Return the assignment id of an expert's answer to the item with this key, or None."""
    return corrections.answer_id_of(session, id_of(campaign), key, slack_id)


def reopen(session: Session, assignment_id: int, reason: str, actor: Actor) -> Assignment:
    """Reopen an answer, with a reason, so that its expert can change it.

    The answer stays filled in. The task is delivered in the expert's working hours.

    Raises:
        NoAnswerError: the assignment has no current answer.
        ImportedAnswerError: the answer was imported from a file.
        ClosedCampaignError: the campaign is closed.
    """
    assignment = session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.state != AssignmentState.ANSWERED:
        raise NoAnswerError
    require_not_imported(session, [assignment])
    campaign = session.get_one(Campaign, assignment.campaign_id)
    _require_not_closed(campaign)
    assignment.state, assignment.complete = AssignmentState.QUEUED, False
    assignment.sent_back_reason, assignment.finalized_by = reason.strip() or None, None
    minutes = campaign.lease_minutes
    assignment.leased_until = leases.lease_end(session, assignment.expert_id, minutes, actor.at)
    session.add(assignment)
    session.flush()
    who = session.get_one(Expert, assignment.expert_id).slack_id
    subject = f"assignment {assignment_id}"
    actor.record(session, "reopened an answer", subject, expert=who, reason=reason)
    return assignment


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
    expert = imported or _require_member(session, campaign, slack_id)
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
    _release_open(session, campaign, expert, actor, is_excluded=True)
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
    expert = imported or _require_member(session, campaign, slack_id)
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


def _require_member(session: Session, campaign: Campaign, slack_id: str) -> Expert:
    expert = expert_by_slack_id(session, slack_id)
    if expert is None or not corrections.has_membership(session, id_of(campaign), id_of(expert)):
        raise NotMemberError(who=slack_id, campaign=campaign.name)
    return expert


def _display_name(expert: Expert) -> str:
    return expert.name or expert.slack_id


def _require_not_closed(campaign: Campaign) -> None:
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)
