"""What was measured of clicks, and the targets for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.bursts import BurstSeries
from tests.benchmarks.report import Target, format_rate, format_ratio
from tests.benchmarks.two_bots import BotsComparison

OWN_SERVER_FLOOR = "*floor:* empty Bolt app behind the bot's own server"
BOLT_SERVER_FLOOR = "*floor:* empty Bolt app behind Bolt's server"
SOCKET_MODE_FLOOR = "*floor:* empty Bolt app in Socket Mode"
FLOORS = (OWN_SERVER_FLOOR, BOLT_SERVER_FLOOR, SOCKET_MODE_FLOOR)

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
DELIVERY_AFTERWARDS = "delivery afterwards"
CONCURRENT_DELIVERY = "concurrent delivery"


@dataclass(frozen=True, slots=True)
class Limits:
    """The least share of the rate of an empty Bolt handler, and messages delivered per second."""

    bolt_share: float
    messages: float


LIMITS = {SQLITE: Limits(1.0, 250), POSTGRESQL: Limits(0.6, 150)}

SeriesByName = dict[str, BurstSeries]


@dataclass(slots=True)
class ClickFigures:
    """Measurements so far.

    Attributes:
        series: the measurements, by row of the table.
        floors: for each row, the floors of the same rounds. The speed of a machine drifts within
            minutes, so only figures of the same round are compared.
        stored_count: clicks found in the databases.
        storage_seconds: time to store one click, without a request.
        two_bots: two bots in relation to one, None if that was not measured.
    """

    series: SeriesByName
    floors: dict[str, SeriesByName] = field(default_factory=dict)
    stored_count: int = 0
    storage_seconds: float = 0.0
    two_bots: BotsComparison | None = None

    def add_round(self, measured: SeriesByName) -> None:
        """Add the measurements of one round."""
        floors = {name: series for name, series in measured.items() if name in FLOORS}
        for name, burst_series in measured.items():
            _extend_series(self.series, name, burst_series)
            for floor, floor_series in floors.items():
                _extend_series(self.floors.setdefault(name, {}), floor, floor_series)


def _extend_series(series_by_name: SeriesByName, name: str, added: BurstSeries) -> None:
    series = series_by_name.setdefault(name, BurstSeries())
    series.bursts += added.bursts
    series.delivery_rates += added.delivery_rates


def build_targets(figures: ClickFigures) -> Iterator[Target]:
    """Return the targets of the databases that were measured."""
    series, floors = figures.series, figures.floors
    for database, limits in LIMITS.items():
        paused = f"{database}, {DELIVERY_AFTERWARDS}"
        if paused not in series:
            continue
        share = series[paused].rate / floors[paused][BOLT_SERVER_FLOOR].rate
        yield _at_least(
            f"answers on {database}, delivery afterwards: of Bolt's floor",
            limits.bolt_share,
            share,
            format_ratio,
        )
        yield _at_least(
            f"messages delivered afterwards on {database}",
            limits.messages,
            median(series[paused].delivery_rates),
            format_rate,
        )
    yield from _concurrent_targets(
        series[f"{SQLITE}, {DELIVERY_AFTERWARDS}"], series[f"{SQLITE}, {CONCURRENT_DELIVERY}"]
    )
    if figures.two_bots:
        yield from _two_bots_targets(figures.two_bots)


def _concurrent_targets(paused: BurstSeries, concurrent: BurstSeries) -> Iterator[Target]:
    prefix = f"answers on {SQLITE} while messages are delivered"
    share = concurrent.rate / paused.rate
    yield _at_least(f"{prefix}: of the rate with delivery afterwards", 0.7, share, format_ratio)
    ratio = concurrent.p99 / paused.p99
    figure = f"{prefix}: p99 relative to delivery afterwards"
    yield Target(figure, format_ratio(3), format_ratio(ratio), ratio <= 3)


def _two_bots_targets(two_bots: BotsComparison) -> Iterator[Target]:
    prefix = f"two bots on {POSTGRESQL} relative to one"
    yield _at_least(f"{prefix}: answers", 1.0, two_bots.rate_ratio, format_ratio)
    ratio = two_bots.cpu_ratio
    figure = f"{prefix}: processor time per answer"
    yield Target(figure, format_ratio(1.1), format_ratio(ratio), ratio <= 1.1)


def _at_least(figure: str, limit: float, value: float, show: Callable[[float], str]) -> Target:
    return Target(figure, show(limit), show(value), value >= limit)
