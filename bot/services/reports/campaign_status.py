"""How far a campaign is, in total and by expert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.queries import progress
from storage.queries.progress import AnswerDemand, MemberRow, StateCount
from storage.tables import AssignmentState, Campaign

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class CampaignStatus:
    """Where a campaign stands.

    Attributes:
        wanted: answers wanted in all, the sum of the tasks' overlaps; with two levels, twice that.
        answered: answers that stand; with two levels, each once more when it is confirmed.
        open: tasks that somebody holds at this moment.
        skipped: tasks that somebody would rather not answer.
        expired: tasks whose lease ran out, waiting for somebody else.
        complete: tasks that have all the answers they want.
        experts: the size of the pool.
        last_answer: when the newest answer came, aware, UTC.
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


@dataclass(frozen=True, slots=True)
class ExpertStatus:
    """What one expert of a campaign has done. The name is for coordinators, never for exports."""

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
    """Return where one campaign stands."""
    (found,) = _build_statuses(session, [campaign], campaign.id)
    return found


def list_statuses(session: Session) -> list[CampaignStatus]:
    """Return where every campaign stands, in the order they were created."""
    campaigns = session.exec(select(Campaign).order_by(col(Campaign.id))).all()
    return _build_statuses(session, list(campaigns), None)


def _build_statuses(
    session: Session, campaigns: list[Campaign], campaign_id: int | None
) -> list[CampaignStatus]:
    counts = _StatusCounts(
        items=progress.item_counts(session, campaign_id),
        members=progress.member_counts(session, campaign_id),
        demand=progress.answer_demand(session, campaign_id),
        finished=progress.finished_task_counts(session, campaign_id),
        confirmed=progress.confirmed_counts(session, campaign_id),
        states=progress.counts_by_state(session, campaign_id),
    )
    return [_build_status(campaign, counts) for campaign in campaigns]


@dataclass(frozen=True, slots=True)
class _StatusCounts:
    items: Mapping[int, int]
    members: Mapping[int, int]
    demand: Mapping[int, AnswerDemand]
    finished: Mapping[int, int]
    confirmed: Mapping[int, int]
    states: Mapping[tuple[int, str], StateCount]


def _build_status(campaign: Campaign, counts: _StatusCounts) -> CampaignStatus:
    campaign_id = campaign.id or 0
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
        wanted=demand.answers_wanted * levels,
        answered=_count_in_states(counts.states, campaign_id, AssignmentState.ANSWERED) + confirmed,
        open=_count_in_states(counts.states, campaign_id, *OPEN_STATES),
        skipped=_count_in_states(counts.states, campaign_id, AssignmentState.SKIPPED),
        expired=_count_in_states(counts.states, campaign_id, AssignmentState.EXPIRED),
        complete=counts.finished.get(campaign_id, 0),
        experts=counts.members.get(campaign_id, 0),
        last_answer=_last_answer_at(counts.states, campaign_id),
        id=campaign_id,
        created_at=campaign.created_at,
    )


def _count_in_states(
    counts: Mapping[tuple[int, str], StateCount], owner_id: int, *states_counted: AssignmentState
) -> int:
    return sum(counts.get((owner_id, state), StateCount()).number for state in states_counted)


def _last_answer_at(states: Mapping[tuple[int, str], StateCount], owner_id: int) -> datetime | None:
    return states.get((owner_id, AssignmentState.ANSWERED), StateCount()).last_answered_at


def expert_statuses(session: Session, campaign: Campaign) -> list[ExpertStatus]:
    """Return what each member of a campaign's pool has done, in the order they joined."""
    states = progress.counts_by_expert(session, campaign.id or 0)
    return [
        _build_expert_status(row, states)
        for row in progress.campaign_members(session, campaign.id or 0)
    ]


def _build_expert_status(
    row: MemberRow, states: Mapping[tuple[int, str], StateCount]
) -> ExpertStatus:
    return ExpertStatus(
        slack_id=row.slack_id,
        name=row.name,
        pseudonym=row.pseudonym,
        away_since=row.away_since,
        answered=_count_in_states(states, row.expert_id, AssignmentState.ANSWERED),
        open=_count_in_states(states, row.expert_id, *OPEN_STATES),
        skipped=_count_in_states(states, row.expert_id, AssignmentState.SKIPPED),
        expired=_count_in_states(states, row.expert_id, AssignmentState.EXPIRED),
        last_answer=_last_answer_at(states, row.expert_id),
    )
