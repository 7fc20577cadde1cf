"""Agreement between experts on one question, by several coefficients."""

from __future__ import annotations

from dataclasses import dataclass

from bot.quality.agreement.fleiss import fleiss_ratio
from bot.quality.agreement.gwet import gwet_ratio
from bot.quality.agreement.interval import NO_ESTIMATE, Estimate, estimate
from bot.quality.agreement.krippendorff import alpha_ratio
from bot.quality.agreement.percent import percent_ratio
from bot.quality.agreement.table import build_table
from bot.quality.agreement.tally import Tally
from bot.quality.votes import MeasurementLevel


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement between experts on one question.

    Attributes:
        level: level of measurement of the question.
        items: items answered by at least two experts; others say nothing about agreement.
        answers: number of answers to these items. For a ranking, its pairs are counted.
        percent: share of pairs of answers to the same item that are equal, 0 to 1.
        alpha: Krippendorff's alpha at the question's level of measurement.
        kappa: Fleiss' kappa; its values are compared as equal or not.
        gwet: Gwet's AC1 for nominal values, AC2 with quadratic weights for others.
    """

    level: MeasurementLevel = "nominal"
    items: int = 0
    answers: int = 0
    percent: Estimate = NO_ESTIMATE
    alpha: Estimate = NO_ESTIMATE
    kappa: Estimate = NO_ESTIMATE
    gwet: Estimate = NO_ESTIMATE


def agreement_of(tally: Tally) -> Agreement:
    """Return the agreement of all counted items."""
    pairable = {
        profile: count
        for profile, count in tally.profiles.items()
        if any(len(unit) > 1 for unit in profile)
    }
    if not pairable:
        return Agreement(tally.level)
    table, items = build_table(tally), sum(pairable.values())
    percent = estimate(table.items, table.pseudo_items, percent_ratio(table), items, lowest=0.0)
    alpha, kappa, gwet = (
        estimate(table.items, table.pseudo_items, build_ratio(table), items)
        for build_ratio in (alpha_ratio, fleiss_ratio, gwet_ratio)
    )
    return Agreement(
        level=tally.level,
        items=items,
        answers=sum(
            len(unit) * count
            for profile, count in pairable.items()
            for unit in profile
            if len(unit) > 1
        ),
        percent=percent,
        alpha=alpha,
        kappa=kappa,
        gwet=gwet,
    )


def alpha_of(tally: Tally) -> Estimate:
    """Return Krippendorff's alpha of all counted items."""
    pairable = [
        count for profile, count in tally.profiles.items() if any(len(unit) > 1 for unit in profile)
    ]
    if not pairable:
        return NO_ESTIMATE
    table = build_table(tally)
    return estimate(table.items, table.pseudo_items, alpha_ratio(table), sum(pairable))
