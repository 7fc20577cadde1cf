"""All coefficients of agreement of a question, by name, for reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.quality.agreement.agreement import Agreement, agreement_of, alpha_of
from bot.quality.agreement.interval import Estimate
from bot.quality.agreement.kendall import RankingAgreement
from bot.quality.agreement.tally import Tally
from bot.quality.votes import MeasurementLevel

NUMERIC_LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "ordinal", "interval", "ratio")


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
    yield from agreement_coefficients(question, agreement)
    for level in _possible_levels(tally):
        is_known = level == tally.level
        alpha = agreement.alpha if is_known else alpha_of(replace(tally, level=level))
        yield Coefficient(question, f"alpha_{level}", alpha, agreement.items)


def agreement_coefficients(
    question: str, agreement: Agreement, experts: tuple[int, ...] = ()
) -> Iterator[Coefficient]:
    """Yield the coefficients of an agreement."""
    gwet = "gwet_ac1" if agreement.level == "nominal" else "gwet_ac2"
    for metric, estimate in (
        ("percent", agreement.percent),
        ("alpha", agreement.alpha),
        ("fleiss_kappa", agreement.kappa),
        (gwet, agreement.gwet),
    ):
        yield Coefficient(question, metric, estimate, agreement.items, experts)


def _possible_levels(tally: Tally) -> Sequence[MeasurementLevel]:
    """Return the levels at which the values can be compared."""
    if tally.level == "nominal":
        return ("nominal",)
    values = {value for profile in tally.profiles for unit in profile for value in unit}
    is_positive = all(not isinstance(value, str) and value > 0 for value in values)
    return NUMERIC_LEVELS if is_positive else NUMERIC_LEVELS[:-1]


def ranking_coefficients(
    question: str, agreement: RankingAgreement, experts: tuple[int, ...] = ()
) -> Iterator[Coefficient]:
    """Yield Kendall's coefficients of whole rankings."""
    yield Coefficient(question, "kendall_tau_b", agreement.tau_b, agreement.items, experts)
    if not experts:
        yield Coefficient(question, "kendall_w", agreement.w, agreement.items)
