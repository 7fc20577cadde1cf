"""The quality report of a campaign: agreement, experts, models, items and warnings.

It names models, which experts must not know, so it is never shown in Slack. It loads numpy, so only
the command line imports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.quality.agreement.coefficients import Coefficient
from bot.quality.agreement.confusion import Confusion, confusion_of
from bot.quality.agreement.expert_pairs import MAX_PAIRS, ExpertPairs, PairShare
from bot.quality.agreement.periods import Period
from bot.quality.pass_rate import PassRate
from bot.quality.ranking.leaderboard import (
    RankedModel,
    StyleEffect,
    build_leaderboard,
    control_style,
)
from bot.quality.reliability.weeks import WeekFigures
from bot.services.reports import overview
from bot.services.reports.agreement_figures import ExpertFigures, StoredFigures
from bot.services.reports.answer_counts import count_answers_of
from bot.services.reports.expert_reliability import ExpertReliability
from bot.services.reports.quality_counter import QualityCounter, ReportedItem
from bot.services.reports.remedies import CampaignWarning
from bot.services.reports.throughput import ThroughputPeriod
from storage.queries import corrections, votes
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


MAX_MATRIX_EXPERTS = 25
"""Experts in a matrix of pairs; those with the most answers come first."""


@dataclass(frozen=True, slots=True)
class PairMatrix:
    """How often each two experts agree on a question.

    Attributes:
        question: the question.
        experts: pseudonyms.
        shares: by expert and other expert.
    """

    question: str
    experts: tuple[str, ...]
    shares: tuple[tuple[PairShare, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportDetails:
    """What the page of a report shows in addition to the figures.

    Attributes:
        matrices: agreement of each two experts, by question.
        confusions: which values experts give to the same item, by question.
        periods: agreement over time.
        weeks: figures of all experts by week.
        effects: how much features of style are preferred.
    """

    matrices: tuple[PairMatrix, ...] = ()
    confusions: Mapping[str, Confusion] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    weeks: tuple[WeekFigures, ...] = ()
    effects: tuple[StyleEffect, ...] = ()


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
    generators: tuple[PassRate, ...]
    items: tuple[ReportedItem, ...]
    warnings: tuple[CampaignWarning, ...]
    details: ReportDetails = field(default_factory=ReportDetails)
    throughput: tuple[ThroughputPeriod, ...] = ()


def build_report(
    session: Session, campaign: Campaign, now: datetime, *, has_details: bool = True
) -> QualityReport:
    """Return the report of a campaign, computed from all its answers."""
    counter = count_answers_of(session, campaign)
    evidence = counter.agreement.peers.find_evidence()
    figures = counter.agreement.to_figures(evidence)
    found = overview.build_campaign_overview(
        session, campaign, now, StoredFigures(figures, now), has_names=False
    )
    pseudonyms = votes.pseudonyms_of(session, figures.experts)
    reliability = counter.reliability.rows(counter.agreement, evidence)
    models, effects = control_style(
        build_leaderboard(counter.models.contests), counter.models.styles
    )
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
        models=tuple(models),
        generators=tuple(counter.passes.rates()),
        items=tuple(sorted(counter.items, key=lambda item: (-item.disagreement, item.item))),
        warnings=(
            *found.warnings,
            *_pair_notes(counter.pairs),
            *_exclusion_notes(session, campaign),
        ),
        details=_build_details(counter, pseudonyms, effects) if has_details else ReportDetails(),
        throughput=found.throughput,
    )


def _pair_notes(pairs: ExpertPairs) -> Iterator[CampaignWarning]:
    """Say how many pairs of experts the report leaves out, if any."""
    if len(pairs.items) > MAX_PAIRS:
        yield CampaignWarning(
            "agreement",
            f"agreement of two experts is listed for {MAX_PAIRS} pairs of {len(pairs.items):,}, "
            "those with the most items in common",
        )


def _exclusion_notes(session: Session, campaign: Campaign) -> Iterator[CampaignWarning]:
    """Say how many answers the report leaves out because coordinators excluded them, if any."""
    counts = corrections.excluded_counts(session, id_of(campaign))
    if counts:
        answers, experts = sum(counts.values()), len(counts)
        yield CampaignWarning(
            "answers",
            f"excluded answers are left out: {answers:,}, of {experts:,} "
            f"{'expert' if experts == 1 else 'experts'}",
        )


def _build_details(
    counter: QualityCounter, pseudonyms: Mapping[int, str], effects: Iterable[StyleEffect]
) -> ReportDetails:
    answers = {key: expert.answers for key, expert in counter.agreement.experts.items()}
    most_active = sorted(answers, key=lambda key: (-answers[key], key))[:MAX_MATRIX_EXPERTS]
    experts = sorted(most_active, key=lambda key: pseudonyms[key])
    tallies = counter.agreement.tallies
    return ReportDetails(
        matrices=tuple(_pair_matrix(counter.pairs, name, experts, pseudonyms) for name in tallies),
        confusions={name: confusion_of(tally) for name, tally in tallies.items()},
        periods=tuple(counter.days.periods()),
        weeks=counter.agreement.weeks.weeks(),
        effects=tuple(effects),
    )


def _pair_matrix(
    pairs: ExpertPairs, question: str, experts: Sequence[int], pseudonyms: Mapping[int, str]
) -> PairMatrix:
    return PairMatrix(
        question,
        tuple(pseudonyms[expert] for expert in experts),
        tuple(
            tuple(pairs.share(question, (min(one, other), max(one, other))) for other in experts)
            for one in experts
        ),
    )


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
