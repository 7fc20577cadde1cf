"""All coefficients of agreement of a question, by name, for reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

from bot.quality.agreement.agreement import Agreement, agreement_of
from bot.quality.agreement.cohen import Weighting, cohen_kappa
from bot.quality.agreement.interval import Estimate
from bot.quality.agreement.kendall import RankingAgreement
from bot.quality.agreement.tally import Tally
from bot.quality.votes import MeasurementLevel, VoteQuestion, VoteValue

NUMERIC_LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "ordinal", "interval", "ratio")

MAX_PAIRS = 100
"""Pairs of experts in a report; those with the most items in common come first."""


class Coefficient(NamedTuple):
    """A coefficient of agreement: its name, its value with the interval, and the items it is from.

    `experts` are the two experts whose agreement it is; empty if it is that of all.
    """

    question: str
    metric: str
    estimate: Estimate
    units: int
    experts: tuple[int, ...] = ()


def coefficients_of(question: str, tally: Tally) -> Iterator[Coefficient]:
    """Yield the coefficients of all experts on a question."""
    agreement = agreement_of(tally)
    units = agreement.items
    yield Coefficient(question, "percent", agreement.percent, units)
    yield Coefficient(question, "alpha", agreement.alpha, units)
    for level in _possible_levels(tally):
        yield Coefficient(question, f"alpha_{level}", _at_level(tally, level).alpha, units)
    yield Coefficient(question, "fleiss_kappa", agreement.kappa, units)
    gwet = "gwet_ac1" if tally.level == "nominal" else "gwet_ac2"
    yield Coefficient(question, gwet, agreement.gwet, units)


def _possible_levels(tally: Tally) -> Sequence[MeasurementLevel]:
    """Return the levels at which the values can be compared."""
    if tally.level == "nominal":
        return ("nominal",)
    values = {value for profile in tally.profiles for unit in profile for value in unit}
    is_positive = all(not isinstance(value, str) and value > 0 for value in values)
    return NUMERIC_LEVELS if is_positive else NUMERIC_LEVELS[:-1]


def _at_level(tally: Tally, level: MeasurementLevel) -> Agreement:
    return agreement_of(replace(tally, level=level))


def ranking_coefficients(question: str, agreement: RankingAgreement) -> Iterator[Coefficient]:
    """Yield Kendall's coefficients of whole rankings."""
    yield Coefficient(question, "kendall_tau_b", agreement.tau_b, agreement.items)
    yield Coefficient(question, "kendall_w", agreement.w, agreement.items)


@dataclass(slots=True)
class ExpertPairs:
    """Counts what each two experts answered to the same question about the same item."""

    counts: dict[tuple[VoteQuestion, int, int], Counter[tuple[VoteValue, VoteValue]]] = field(
        default_factory=dict
    )

    def add(self, question: VoteQuestion, answers: Sequence[tuple[int, VoteValue]]) -> None:
        """Count the answers of all experts to one question about one item."""
        question = question._replace(part="")
        for (expert, value), (other, other_value) in combinations(sorted(answers), 2):
            cells = self.counts.setdefault((question, expert, other), Counter())
            cells[value, other_value] += 1

    def coefficients(self) -> Iterator[Coefficient]:
        """Yield Cohen's kappas of the pairs with the most items in common."""
        frequent = sorted(self.counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
        for (question, *experts), cells in frequent[:MAX_PAIRS]:
            weightings: tuple[Weighting, ...] = (
                ("none",) if question.level == "nominal" else ("none", "linear", "quadratic")
            )
            for weighting in weightings:
                metric = "cohen_kappa" if weighting == "none" else f"cohen_kappa_{weighting}"
                kappa = cohen_kappa(cells, weighting, is_sided=question.is_sided)
                yield Coefficient(
                    question.question, metric, kappa, cells.total(), (experts[0], experts[1])
                )
