"""Campaign status: counts of tasks and answers, in total and by expert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.quality.expected_overlap import expected_answers
from storage.queries import adaptive_overlap, campaigns, practice, progress
from storage.queries.adaptive_overlap import TaskGroup
from storage.queries.practice import PracticeCounts
from storage.queries.progress import AnswerDemand, MemberRow, StateCount
from storage.row_id import id_of
from storage.tables import AssignmentState, Campaign

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class PracticeStatus:
    """The practice of a campaign, and how many of its members are where.

    Attributes:
        gold_items: gold items of the campaign; practice needs at least as many as it has questions.
        passed: members who get tasks, also those whom a coordinator admitted.
        failed: members with no attempt left.
        in_practice: all other members.
    """

    questions: int
    pass_mark: float
    attempts: int
    gold_items: int
    passed: int
    failed: int
    in_practice: int


@dataclass(frozen=True, slots=True)
class CampaignStatus:
    """Counts of one campaign.

    Attributes:
        wanted: answers needed, the sum of the tasks' overlaps; twice that with confirmation.
        expected: answers expected in the end if the overlap is adaptive, otherwise None.
        answered: current answers; with confirmation, a confirmed answer counts twice.
        open: assignments that are queued or delivered.
        skipped: skipped assignments.
        expired: assignments whose lease expired.
        complete: tasks that have all their answers.
        experts: number of members.
        last_answer: time of the newest answer, aware, UTC.
        practice: None if the campaign has none.
        max_answers, max_answers_per_day: maximum answers per expert, in all and a day; 0: no limit.
    """

    name: str
    title: str
    kind: str
    state: str
    overlap: int
    deadline: datetime | None
    items: int
    tasks: int
    wanted: int
    answered: int
    open: int
    skipped: int
    expired: int
    complete: int
    experts: int
    last_answer: datetime | None
    id: int = 0
    created_at: datetime | None = None
    max_overlap: int | None = None
    target_posterior: float | None = None
    expected: int | None = None
    practice: PracticeStatus | None = None
    max_answers: int = 0
    max_answers_per_day: int = 0


@dataclass(frozen=True, slots=True)
class ExpertStatus:
    """Counts of one expert in a campaign. The name is for coordinators, never for exports."""

    slack_id: str
    name: str
    pseudonym: str
    away_since: datetime | None
    answered: int
    open: int
    skipped: int
    expired: int
    last_answer: datetime | None


def status_of(session: Session, campaign: Campaign) -> CampaignStatus:
    """Return the status of one campaign."""
    (status,) = _build_statuses(session, [campaign], campaign.id)
    return status


def list_statuses(session: Session) -> list[CampaignStatus]:
    """Return the status of every campaign, in order of creation."""
    return _build_statuses(session, list(campaigns.list_campaigns(session)), None)


def _build_statuses(
    session: Session, rows: list[Campaign], campaign_id: int | None
) -> list[CampaignStatus]:
    counts = _StatusCounts(
        items=progress.item_counts(session, campaign_id),
        members=progress.member_counts(session, campaign_id),
        demand=progress.answer_demand(session, campaign_id),
        finished=progress.finished_task_counts(session, campaign_id),
        confirmed=progress.confirmed_counts(session, campaign_id),
        states=progress.counts_by_state(session, campaign_id),
        task_groups=adaptive_overlap.task_groups(session, campaign_id),
        practice=practice.count_members(session, campaign_id),
        gold_items=progress.gold_item_counts(session, campaign_id),
    )
    return [_build_status(campaign, counts) for campaign in rows]


@dataclass(frozen=True, slots=True)
class _StatusCounts:
    items: Mapping[int, int]
    members: Mapping[int, int]
    demand: Mapping[int, AnswerDemand]
    finished: Mapping[int, int]
    confirmed: Mapping[int, int]
    states: Mapping[tuple[int, str], StateCount]
    task_groups: Mapping[int, Mapping[TaskGroup, int]]
    practice: Mapping[int, PracticeCounts]
    gold_items: Mapping[int, int]


def _build_status(campaign: Campaign, counts: _StatusCounts) -> CampaignStatus:
    campaign_id = id_of(campaign)
    demand = counts.demand.get(campaign_id, AnswerDemand())
    levels = int(campaign.settings.get("levels", 1))
    confirmed = counts.confirmed.get(campaign_id, 0) if levels > 1 else 0
    return CampaignStatus(
        name=campaign.name,
        title=campaign.title,
        kind=campaign.kind,
        state=campaign.state,
        overlap=campaign.overlap,
        deadline=campaign.deadline,
        items=counts.items.get(campaign_id, 0),
        tasks=demand.tasks,
        wanted=demand.answers_needed * levels,
        answered=_count_in_states(counts.states, campaign_id, AssignmentState.ANSWERED) + confirmed,
        open=_count_in_states(counts.states, campaign_id, *OPEN_STATES),
        skipped=_count_in_states(counts.states, campaign_id, AssignmentState.SKIPPED),
        expired=_count_in_states(counts.states, campaign_id, AssignmentState.EXPIRED),
        complete=counts.finished.get(campaign_id, 0),
        experts=counts.members.get(campaign_id, 0),
        last_answer=_last_answer_at(counts.states, campaign_id),
        id=campaign_id,
        created_at=campaign.created_at,
        max_overlap=campaign.max_overlap,
        target_posterior=campaign.target_posterior,
        expected=_expected_answers(campaign, counts),
        practice=_practice_status(campaign, counts),
        max_answers=campaign.max_answers,
        max_answers_per_day=campaign.max_answers_per_day,
    )


def _practice_status(campaign: Campaign, counts: _StatusCounts) -> PracticeStatus | None:
    if not campaign.practice_questions:
        return None
    members = counts.practice.get(id_of(campaign), PracticeCounts())
    return PracticeStatus(
        questions=campaign.practice_questions,
        pass_mark=campaign.practice_pass_mark,
        attempts=campaign.practice_attempts,
        gold_items=counts.gold_items.get(id_of(campaign), 0),
        **members._asdict(),
    )


def _expected_answers(campaign: Campaign, counts: _StatusCounts) -> int | None:
    if campaign.max_overlap is None:
        return None
    groups = counts.task_groups.get(id_of(campaign), {})
    tasks = {(group.overlap, group.answers): count for group, count in groups.items()}
    levels = int(campaign.settings.get("levels", 1))
    return round(expected_answers(tasks, campaign.max_overlap) * levels)


def _count_in_states(
    counts: Mapping[tuple[int, str], StateCount], owner_id: int, *states: AssignmentState
) -> int:
    return sum(counts.get((owner_id, state), StateCount()).assignments for state in states)


def _last_answer_at(counts: Mapping[tuple[int, str], StateCount], owner_id: int) -> datetime | None:
    return counts.get((owner_id, AssignmentState.ANSWERED), StateCount()).last_answered_at


def expert_statuses(session: Session, campaign: Campaign) -> list[ExpertStatus]:
    """Return the counts of each member of a campaign, in the order they joined."""
    counts = progress.counts_by_expert(session, id_of(campaign))
    members = progress.campaign_members(session, id_of(campaign))
    return [_build_expert_status(member, counts) for member in members]


def _build_expert_status(
    member: MemberRow, counts: Mapping[tuple[int, str], StateCount]
) -> ExpertStatus:
    return ExpertStatus(
        slack_id=member.slack_id,
        name=member.name,
        pseudonym=member.pseudonym,
        away_since=member.away_since,
        answered=_count_in_states(counts, member.expert_id, AssignmentState.ANSWERED),
        open=_count_in_states(counts, member.expert_id, *OPEN_STATES),
        skipped=_count_in_states(counts, member.expert_id, AssignmentState.SKIPPED),
        expired=_count_in_states(counts, member.expert_id, AssignmentState.EXPIRED),
        last_answer=_last_answer_at(counts, member.expert_id),
    )
