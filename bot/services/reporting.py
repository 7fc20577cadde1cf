"""How far a campaign is, in total and by expert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.queries import progress
from storage.queries.progress import ExpertRow, Gone, Wanting
from storage.tables import AssignmentState, Campaign

OPEN = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


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
    (found,) = _statuses(session, [campaign], campaign.id)
    return found


def statuses(session: Session) -> list[CampaignStatus]:
    """Return where every campaign stands, in the order they were created."""
    campaigns = session.exec(select(Campaign).order_by(col(Campaign.id))).all()
    return _statuses(session, list(campaigns), None)


def _statuses(
    session: Session, campaigns: list[Campaign], only: int | None
) -> list[CampaignStatus]:
    counts = _Counts(
        items=progress.items(session, only),
        members=progress.members(session, only),
        wanting=progress.wanting(session, only),
        finished=progress.finished(session, only),
        confirmed=progress.confirmed(session, only),
        states=progress.states(session, only),
    )
    return [_status(campaign, counts) for campaign in campaigns]


@dataclass(frozen=True, slots=True)
class _Counts:
    items: Mapping[int, int]
    members: Mapping[int, int]
    wanting: Mapping[int, Wanting]
    finished: Mapping[int, int]
    confirmed: Mapping[int, int]
    states: Mapping[tuple[int, str], Gone]


def _status(campaign: Campaign, counts: _Counts) -> CampaignStatus:
    number = campaign.id or 0
    wanting = counts.wanting.get(number, Wanting())
    levels = int(campaign.settings.get("levels", 1))
    confirmed = counts.confirmed.get(number, 0) if levels > 1 else 0
    return CampaignStatus(
        name=campaign.name,
        title=campaign.title,
        kind=campaign.kind,
        state=campaign.state,
        overlap=campaign.overlap,
        deadline=campaign.deadline,
        items=counts.items.get(number, 0),
        tasks=wanting.tasks,
        wanted=wanting.wanted * levels,
        answered=_sum(counts.states, number, AssignmentState.ANSWERED) + confirmed,
        open=_sum(counts.states, number, *OPEN),
        skipped=_sum(counts.states, number, AssignmentState.SKIPPED),
        expired=_sum(counts.states, number, AssignmentState.EXPIRED),
        complete=counts.finished.get(number, 0),
        experts=counts.members.get(number, 0),
        last_answer=_last(counts.states, number),
        id=number,
        created_at=campaign.created_at,
    )


def _sum(states: Mapping[tuple[int, str], Gone], number: int, *wanted: AssignmentState) -> int:
    return sum(states.get((number, state), Gone()).number for state in wanted)


def _last(states: Mapping[tuple[int, str], Gone], number: int) -> datetime | None:
    return states.get((number, AssignmentState.ANSWERED), Gone()).last


def expert_statuses(session: Session, campaign: Campaign) -> list[ExpertStatus]:
    """Return what each member of a campaign's pool has done, in the order they joined."""
    states = progress.by_expert(session, campaign.id or 0)
    return [_expert(row, states) for row in progress.pool(session, campaign.id or 0)]


def _expert(row: ExpertRow, states: Mapping[tuple[int, str], Gone]) -> ExpertStatus:
    return ExpertStatus(
        slack_id=row.slack_id,
        name=row.name,
        pseudonym=row.pseudonym,
        away_since=row.away_since,
        answered=_sum(states, row.expert_id, AssignmentState.ANSWERED),
        open=_sum(states, row.expert_id, *OPEN),
        skipped=_sum(states, row.expert_id, AssignmentState.SKIPPED),
        expired=_sum(states, row.expert_id, AssignmentState.EXPIRED),
        last_answer=_last(states, row.expert_id),
    )
