"""Agreement figures for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.quality.agreement.agreement import Agreement, agreement_of
from bot.quality.agreement.interval import NO_ESTIMATE, Estimate
from bot.quality.agreement.tally import Tally
from bot.quality.votes import MeasurementLevel, VoteValue


def make_agreement(
    percent: float,
    alpha: Estimate = NO_ESTIMATE,
    gwet: float | None = None,
    level: MeasurementLevel = "ordinal",
) -> Agreement:
    """Return the agreement on 150 items with these figures."""
    return Agreement(level, 150, 440, percent=Estimate(percent), alpha=alpha, gwet=Estimate(gwet))


def compute_agreement(
    units: Iterable[Iterable[VoteValue]], level: MeasurementLevel, *, is_sided: bool = False
) -> Agreement:
    """Return the agreement of items with one unit each, values in any order."""
    tally = Tally(level, is_sided)
    for values in units:
        tally.add([values])
    return agreement_of(tally)
