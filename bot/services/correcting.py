"""Corrections midway: overlap, tasks taken back, answers opened again or left out, none lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.services import assigning, handing, leasing
from bot.services.campaigning import ClosedCampaignError
from bot.services.checking import checked_numbers
from bot.services.directing import By, subject_of
from storage.queries import amending, holding, telling
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Quarantine,
)


class NotInPoolError(BotError):
    """{who} is no expert of “{campaign}”; choose somebody who labels in it."""


class NobodyInPoolError(BotError):
    """Nobody labels in “{campaign}” yet; `/label invite @person {campaign}` lets people in."""


class AlreadyExcludedError(BotError):
    """The answers of {who} from {since:%Y-%m-%d} on are left out already; let them count first."""


class NothingExcludedError(BotError):
    """Nothing of {who} is left out of “{campaign}”."""


class NoAnswerError(BotError):
    """There is no answer to open again there; it is open, skipped or somebody else's by now."""


@dataclass(frozen=True, slots=True)
class Overlapped:
    """How many answers each item wanted before and wants now; `above` items have more already."""

    before: int
    after: int
    above: int


@dataclass(frozen=True, slots=True)
class Reassigned:
    """How many tasks were taken back, and how many of them went to whom was named."""

    taken: int
    given: int


@dataclass(frozen=True, slots=True)
class Excluded:
    """Whose answers count no more, from when on, why, and how many they are."""

    slack_id: str
    since: datetime
    reason: str
    answers: int


def change_overlap(session: Session, campaign: Campaign, overlap: int, by: By) -> Overlapped:
    """Let each item want more answers, or fewer. Items that have more already keep them.

    Raises:
        ClosedCampaignError: the campaign is over.
        BadNumberError: so many are too many, or too few.
    """
    _not_closed(campaign)
    checked_numbers(timedelta(minutes=campaign.lease_minutes), overlap)
    before = campaign.overlap
    campaign.overlap = overlap
    session.add(campaign)
    above = amending.set_overlap(session, campaign.id or 0, overlap)
    by.record(session, "changed the overlap", subject_of(campaign), before=before, after=overlap)
    return Overlapped(before, overlap, above)


def take_back(session: Session, campaign: Campaign, slack_id: str, by: By) -> list[int]:
    """Take what somebody holds back, for others; return the tasks.

    What they had begun stays theirs: an answer that comes late counts as long as there is room.

    Raises:
        NotInPoolError: nobody by this id labels there.
    """
    expert = _expert(session, campaign, slack_id)
    tasks = _take_back(session, campaign, expert, by)
    by.record(session, "took back", subject_of(campaign), expert=slack_id, tasks=len(tasks))
    return tasks


def reassign(session: Session, campaign: Campaign, slack_id: str, to: str, by: By) -> Reassigned:
    """Give what somebody holds to somebody else; what these may not have goes to whoever suits.

    Raises:
        NotInPoolError: one of them does not label there.
    """
    heir = _expert(session, campaign, to)
    taken = take_back(session, campaign, slack_id, by)
    given = [task for task in taken if handing.hand(session, campaign, heir, task, by.at)]
    by.record(session, "reassigned", subject_of(campaign), expert=to, tasks=len(given))
    return Reassigned(len(taken), len(given))


def _take_back(session: Session, campaign: Campaign, expert: Expert, by: By) -> list[int]:
    held = amending.held_by(session, campaign.id or 0, expert.id or 0)
    for assignment in held:
        assignment.state = AssignmentState.RELEASED
        session.add(assignment)
        holding.give_back(session, assignment.task_id)
        facts = {"assignment": assignment.id}
        telling.put(session, "expired", lane=expert.slack_id, facts=facts, now=by.at)
    session.flush()
    return [assignment.task_id for assignment in held]


def answer_of(session: Session, campaign: Campaign, key: str, slack_id: str) -> int | None:
    """Return the assignment of what an expert answered about the item called `key`, if there is."""
    return amending.answer_of(session, campaign.id or 0, key, slack_id)


def reopen(session: Session, assignment_id: int, reason: str, by: By) -> Assignment:
    """Give an answer back to who gave it, with the reason; what they answered stays to be changed.

    It is brought to them when they are at work.

    Raises:
        NoAnswerError: it is no answer that stands.
    """
    assignment = session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.state != AssignmentState.ANSWERED:
        raise NoAnswerError
    campaign = session.get_one(Campaign, assignment.campaign_id)
    _not_closed(campaign)
    assignment.state, assignment.complete = AssignmentState.QUEUED, False
    assignment.sent_back, assignment.locked_by = reason.strip() or None, None
    minutes = campaign.lease_minutes
    assignment.leased_until = leasing.lease_end(session, assignment.expert_id, minutes, by.at)
    session.add(assignment)
    session.flush()
    expert = session.get_one(Expert, assignment.expert_id)
    facts = {"expert": expert.slack_id, "reason": reason}
    by.record(session, "opened again", f"assignment {assignment_id}", **facts)
    return assignment


def exclude(  # noqa: PLR0913, PLR0917 - they are what a quarantine says
    session: Session, campaign: Campaign, slack_id: str, since: datetime, reason: str, by: By
) -> Excluded:
    """Leave out what somebody answered from `since` (aware) on; the places are free for others.

    Their answers stay as they are, and count again once `include` is called. Until then they get
    nothing more in this campaign, and what they answer late is left out as well.

    Raises:
        NotInPoolError: nobody by this id labels there.
        AlreadyExcludedError: they are left out already.
    """
    expert = _expert(session, campaign, slack_id)
    for quarantine, other in amending.quarantines(session, campaign.id or 0):
        if other.id == expert.id:
            raise AlreadyExcludedError(who=_called(expert), since=quarantine.since)
    session.add(
        Quarantine(
            campaign_id=campaign.id or 0,
            expert_id=expert.id or 0,
            since=since,
            reason=reason,
            ordered_by=by.actor,
            created_at=by.at,
        )
    )
    moved = _moved(session, campaign, expert, since, AssignmentState.QUARANTINED)
    for assignment in moved:
        holding.give_back(session, assignment.task_id)
    _take_back(session, campaign, expert, by)
    amending.set_left(session, campaign.id or 0, expert.id or 0, by.at, if_at=by.at)
    facts = {"expert": slack_id, "since": since, "reason": reason, "answers": len(moved)}
    by.record(session, "excluded", subject_of(campaign), **facts)
    return Excluded(slack_id, since, reason, len(moved))


def include(session: Session, campaign: Campaign, slack_id: str, by: By) -> Excluded:
    """Let what was left out of somebody count again.

    An item that others answered meanwhile then has an answer more than it wanted.

    Raises:
        NotInPoolError, NothingExcludedError: nothing is changed.
    """
    expert = _expert(session, campaign, slack_id)
    found = [q for q, e in amending.quarantines(session, campaign.id or 0) if e.id == expert.id]
    if not found:
        raise NothingExcludedError(who=_called(expert), campaign=campaign.name)
    (quarantine,) = found
    quarantine.lifted_by, quarantine.lifted_at = by.actor, by.at
    session.add(quarantine)
    moved = _moved(session, campaign, expert, quarantine.since, AssignmentState.ANSWERED)
    for assignment in moved:
        amending.make_room(session, assignment.task_id)
    amending.release_undone(session, campaign.id or 0, expert.id or 0)
    ended = quarantine.created_at
    amending.set_left(session, campaign.id or 0, expert.id or 0, None, if_at=ended)
    by.record(session, "included", subject_of(campaign), expert=slack_id, answers=len(moved))
    return Excluded(slack_id, quarantine.since, quarantine.reason, len(moved))


def excluded(session: Session, campaign: Campaign) -> list[Excluded]:
    """Return whose answers are left out of a campaign."""
    return [
        Excluded(
            expert.slack_id,
            quarantine.since,
            quarantine.reason,
            len(_quarantined(session, campaign, expert, quarantine.since)),
        )
        for quarantine, expert in amending.quarantines(session, campaign.id or 0)
    ]


def _moved(
    session: Session, campaign: Campaign, expert: Expert, since: datetime, to: AssignmentState
) -> list[Assignment]:
    """Let answers count no more, or again."""
    back = to == AssignmentState.ANSWERED
    before = AssignmentState.QUARANTINED if back else AssignmentState.ANSWERED
    found = amending.answers_since(session, campaign.id or 0, expert.id or 0, since, before)
    for assignment in found:
        assignment.state = to
        session.add(assignment)
    session.flush()
    return list(found)


def _quarantined(
    session: Session, campaign: Campaign, expert: Expert, since: datetime
) -> list[Assignment]:
    state = AssignmentState.QUARANTINED
    return list(amending.answers_since(session, campaign.id or 0, expert.id or 0, since, state))


def _expert(session: Session, campaign: Campaign, slack_id: str) -> Expert:
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None or not amending.is_member(session, campaign.id or 0, expert.id or 0):
        raise NotInPoolError(who=slack_id, campaign=campaign.name)
    return expert


def _called(expert: Expert) -> str:
    return expert.name or expert.slack_id


def _not_closed(campaign: Campaign) -> None:
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)
