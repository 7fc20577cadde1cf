"""Corrections of a running campaign: overlap, unassign, reassign, reopen; no answer is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.tasks import UnassignedMessage
from bot.services.actors.actor import Actor, subject_of
from bot.services.answers.imported import require_not_imported
from bot.services.assignments import direct, leases
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import validate_lease_and_overlap
from bot.services.items import references
from storage.queries import answer_submission, corrections, outbox
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
)


class NotMemberError(BotError):
    """{who} is not an expert of “{campaign}”. Choose one of its members."""


class NoMembersError(BotError):
    """“{campaign}” has no experts yet. Use `/label invite @person {campaign}` to add some."""


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
    expert = require_member(session, campaign, slack_id)
    task_ids = release_open(session, campaign, expert, actor)
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
    new_expert = require_member(session, campaign, new_slack_id)
    unassigned = unassign(session, campaign, slack_id, actor)
    reassigned = [
        task_id
        for task_id in unassigned
        if direct.assign_task(session, campaign, new_expert, task_id, actor.at)
    ]
    details = {"expert": new_slack_id, "task_count": len(reassigned)}
    actor.record(session, "reassigned tasks", subject_of(campaign), **details)
    return ReassignResult(len(unassigned), len(reassigned))


def release_open(
    session: Session,
    campaign: Campaign,
    expert: Expert,
    actor: Actor,
    *,
    is_excluded: bool = False,
) -> list[int]:
    """Unassign an expert's open tasks and update their messages; return the task ids."""
    assignments = corrections.open_assignments_of(session, id_of(campaign), id_of(expert))
    for assignment in assignments:
        assignment.state = AssignmentState.RELEASED
        session.add(assignment)
        answer_submission.release_slot(session, assignment.task_id)
        message = UnassignedMessage(id_of(assignment), is_excluded=is_excluded)
        outbox.enqueue(session, message, recipient=expert.slack_id, now=actor.at)
    session.flush()
    return [assignment.task_id for assignment in assignments]


def answer_of(session: Session, campaign: Campaign, item: str, slack_id: str) -> int | None:
    """Return the assignment id of an expert's answer to an item, or None.

    `item` is the id of the item, or the reference of a task.

    Raises:
        UnknownItemError: the campaign has no such item.
    """
    item_id = references.find_item(session, campaign, item)
    return corrections.answer_id_of(session, item_id, slack_id)


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


def require_member(session: Session, campaign: Campaign, slack_id: str) -> Expert:
    """Return an expert of a campaign; raise NotMemberError if the person is none."""
    expert = expert_by_slack_id(session, slack_id)
    if expert is None or not corrections.has_membership(session, id_of(campaign), id_of(expert)):
        raise NotMemberError(who=slack_id, campaign=campaign.name)
    return expert


def _require_not_closed(campaign: Campaign) -> None:
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)
