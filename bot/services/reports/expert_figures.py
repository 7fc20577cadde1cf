"""Figures of one expert in a campaign, counted while answers are streamed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from bot.kinds.label import Label, Preference, Rating, Verdict
from bot.quality.gold import Accuracy, GoldTally
from bot.quality.reliability.patterns import ExpertPattern, Finding
from bot.quality.scales import Scales
from bot.quality.votes import votes_of
from storage.queries.votes import VoteRow


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
    """

    answers: int
    median_seconds: float | None
    agreement: float | None
    compared_answers: int
    gold_accuracy: Accuracy | None
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class ExpertCounter:
    """Counts the answers of one expert."""

    answers: int = 0
    pattern: ExpertPattern = field(default_factory=ExpertPattern)
    matching: int = 0
    compared: int = 0
    gold: GoldTally = field(default_factory=GoldTally)

    def to_figures(self, scales: Scales, findings: Iterable[Finding]) -> ExpertFigures:
        """Return the figures of the answers counted so far."""
        seconds = self.pattern.seconds
        return ExpertFigures(
            answers=self.answers,
            median_seconds=median(seconds) if seconds else None,
            agreement=self.matching / self.compared if self.compared else None,
            compared_answers=self.compared,
            gold_accuracy=self.gold.accuracy(scales),
            findings=tuple(findings),
        )


def count_pattern(pattern: ExpertPattern, row: VoteRow, label: Label) -> None:
    """Count a preference by the side that the expert saw, other labels by what they say."""
    match label:
        case Preference(winner="left" | "right" as winner):
            pattern.sides[row.candidate_order.index(int(winner == "right"))] += 1
        case Rating() | Verdict():
            pattern.answers[votes_of(label)] += 1
        case _:
            pass
