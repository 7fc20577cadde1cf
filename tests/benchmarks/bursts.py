"""Many clicks sent at once, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import orjson

from tests.benchmarks import processes

CONCURRENCY = 16


class UnacknowledgedError(AssertionError):
    """A click was answered, but not acknowledged."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Clicks that were all acknowledged: how many, and the seconds of those that are measured."""

    sent_count: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Return acknowledged clicks a second."""
        return len(self.latencies) / self.seconds


@dataclass(slots=True)
class BurstSeries:
    """The volleys of several rounds, and the screens that were delivered a second in each."""

    bursts: list[Burst] = field(default_factory=list)
    delivery_rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return acknowledged clicks a second, the median of the rounds."""
        return median(volley.rate for volley in self.bursts)

    @property
    def median(self) -> float:
        """Return the median of the seconds that an acknowledgement took."""
        return median(self._latencies())

    @property
    def p99(self) -> float:
        """Return the seconds within which 99 of 100 were acknowledged."""
        return quantiles(self._latencies(), n=100)[98]

    def _latencies(self) -> list[float]:
        return [seconds for volley in self.bursts for seconds in volley.latencies]


def send_http_burst(clicks: Iterable[str], port: int, folder: Path) -> Burst:
    """Send requests to a port from a process of its own."""
    return _run_burst("tests.benchmarks.http_load", clicks, port, folder)


def send_socket_burst(envelopes: Iterable[str], port: int, folder: Path) -> Burst:
    """Listen on a port for an app in Socket Mode, and send it envelopes."""
    return _run_burst("tests.benchmarks.socket_load", envelopes, port, folder)


def _run_burst(module: str, texts: Iterable[str], port: int, folder: Path) -> Burst:
    sent = list(texts)
    path = folder / "clicks.json"
    path.write_bytes(orjson.dumps(sent))
    process = processes.run_python("-m", module, str(path), str(port), str(CONCURRENCY))
    result = orjson.loads(process.output)
    if result["acknowledged"] != len(sent):
        message = f"{result['acknowledged']:,} of {len(sent):,} clicks were acknowledged"
        raise UnacknowledgedError(message)
    return Burst(len(sent), result["seconds"], result["latencies"])
