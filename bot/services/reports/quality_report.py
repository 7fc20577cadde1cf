"""The quality report of a campaign: agreement, experts, models, items and warnings.

It names models, which experts must not know, so it is never shown in Slack. It loads numpy, so only
the command line imports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlmodel import Session

from bot.quality.agreement.coefficients import Coefficient
from bot.quality.ranking.leaderboard import RankedModel, build_leaderboard
from bot.services.reports import overview
from bot.services.reports.agreement import ExpertFigures, StoredFigures
from bot.services.reports.expert_reliability import ExpertReliability
from bot.services.reports.quality_counter import QualityCounter, ReportedItem
from bot.services.reports.warnings import CampaignWarning
from storage.queries import votes
from storage.queries.votes import TaskCandidate
from storage.row_id import id_of
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A coefficient of agreement; `experts` has two pseudonyms, or none if it is that of all."""

    question: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    units: int
    experts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportedExpert:
    """An expert by pseudonym, with their figures and their reliability."""

    pseudonym: str
    figures: ExpertFigures
    reliability: ExpertReliability


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The quality report of a campaign. Items with the most disagreement come first."""

    campaign: str
    title: str
    kind: str
    created_at: datetime
    answers: int
    agreement: tuple[AgreementRow, ...]
    experts: tuple[ReportedExpert, ...]
    models: tuple[RankedModel, ...]
    items: tuple[ReportedItem, ...]
    warnings: tuple[CampaignWarning, ...]


def build_report(session: Session, campaign: Campaign, now: datetime) -> QualityReport:
    """Return the report of a campaign, computed from all its answers."""
    counter = _count_answers(session, campaign)
    figures = counter.agreement.to_figures()
    report = overview.build_campaign_report(
        session, campaign, now, StoredFigures(figures, now), has_names=False
    )
    pseudonyms = votes.pseudonyms_of(session, figures.experts)
    reliability = counter.reliability.rows(counter.agreement)
    return QualityReport(
        campaign=campaign.name,
        title=campaign.title,
        kind=campaign.kind,
        created_at=now,
        answers=figures.answers,
        agreement=tuple(_agreement_row(row, pseudonyms) for row in counter.coefficients()),
        experts=tuple(
            ReportedExpert(pseudonyms[key], figures.experts[key], reliability[key])
            for key in pseudonyms
        ),
        models=tuple(build_leaderboard(counter.contests)),
        items=tuple(sorted(counter.items, key=lambda item: (-item.disagreement, item.item))),
        warnings=report.overview.warnings,
    )


def _count_answers(session: Session, campaign: Campaign) -> QualityCounter:
    counter = QualityCounter.start(campaign)
    campaign_id = id_of(campaign)
    with (
        closing(votes.stream_candidates(session, campaign_id)) as candidates,
        closing(votes.stream_votes(session, campaign_id)) as rows,
    ):
        tasks = _TaskCursor(candidates)
        for task_id, task_rows in groupby(rows, key=attrgetter("task_id")):
            found = tasks.candidates_of(task_id)
            item = found[0].item_key if found else ""
            counter.add(list(task_rows), item, [candidate.model for candidate in found])
    return counter


class _TaskCursor:
    """Reads the candidates of tasks in the order of their ids."""

    def __init__(self, candidates: Iterable[TaskCandidate]) -> None:
        self._tasks = groupby(candidates, key=attrgetter("task_id"))
        self._next: tuple[int, list[TaskCandidate]] | None = (0, [])

    def candidates_of(self, task_id: int) -> list[TaskCandidate]:
        """Return the candidates of a task; empty for a gold question."""
        while self._next is not None and self._next[0] < task_id:
            found = next(self._tasks, None)
            self._next = None if found is None else (found[0], list(found[1]))
        return self._next[1] if self._next is not None and self._next[0] == task_id else []


def _agreement_row(row: Coefficient, pseudonyms: Mapping[int, str]) -> AgreementRow:
    return AgreementRow(
        question=row.question,
        metric=row.metric,
        value=row.estimate.value,
        low=row.estimate.low,
        high=row.estimate.high,
        units=row.units,
        experts=tuple(pseudonyms[expert] for expert in row.experts),
    )
