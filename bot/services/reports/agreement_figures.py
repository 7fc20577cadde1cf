"""Agreement figures of a campaign and of its experts, as they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.quality.agreement.agreement import Agreement
from bot.quality.consensus import ConsensusSource
from bot.quality.gold import Accuracy
from bot.quality.reliability.jumps import Jump
from bot.quality.reliability.patterns import Finding
from bot.quality.reliability.self_consistency import SameSide
from bot.services.reports.model_ranks import ModelRank


@dataclass(frozen=True, slots=True)
class ExpertFigures:
    """Figures of one expert in a campaign.

    Attributes:
        answers: number of current answers, gold included.
        median_seconds: median time per answer; None if no time is known.
        agreement: share of others' votes on the same items that are equal; None without any.
        compared_answers: number of those votes.
        gold_accuracy: accuracy on gold questions; None without any.
        findings: what is suspicious about the answers.
        consistency: how often the second answer to a repeated item matches the first; None without.
        same_side: how often the expert chose the same side of a repeated pair; None without.
    """

    answers: int
    median_seconds: float | None
    agreement: float | None
    compared_answers: int
    gold_accuracy: Accuracy | None
    findings: tuple[Finding, ...] = ()
    consistency: Accuracy | None = None
    same_side: SameSide | None = None


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """Figures of a campaign. Gold items count in `answers` and `experts` only.

    Attributes:
        answers: number of answers read.
        questions: agreement by question.
        sources: number of items by level of consensus.
        experts: figures by expert id.
        jumps: figures of all experts together that differ in the last complete week.
        models: the models from the strongest of each group; only a child process computes them.
    """

    answers: int = 0
    questions: dict[str, Agreement] = field(default_factory=dict)
    sources: dict[ConsensusSource, int] = field(default_factory=dict)
    experts: dict[int, ExpertFigures] = field(default_factory=dict)
    models: tuple[ModelRank, ...] = ()
    jumps: tuple[Jump, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """Figures and the time they were computed."""

    figures: AgreementFigures
    computed_at: datetime
