"""Bursts of clicks: many sent concurrently, and their latencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import orjson

from tests.benchmarks import processes

CONCURRENCY = 16


class UnacknowledgedError(AssertionError):
    """Some clicks were not acknowledged."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Clicks that were all acknowledged.

    Attributes:
        sent_count: all clicks, including the warm-up.
        seconds: duration of the measured part.
        latencies: seconds of each measured click.
    """

    sent_count: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Return acknowledged clicks per second."""
        return len(self.latencies) / self.seconds


@dataclass(slots=True)
class BurstSeries:
    """The bursts of several rounds, and the messages delivered per second in each."""

    bursts: list[Burst] = field(default_factory=list)
    delivery_rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return acknowledged clicks per second: the median of the rounds."""
        return median(burst.rate for burst in self.bursts)

    @property
    def median(self) -> float:
        """Return the median latency in seconds."""
        return median(self._latencies())

    @property
    def p99(self) -> float:
        """Return the 99th percentile of the latency in seconds."""
        return quantiles(self._latencies(), n=100)[98]

    def _latencies(self) -> list[float]:
        return [seconds for burst in self.bursts for seconds in burst.latencies]


def send_http_burst(
    clicks: Iterable[str], port: int, folder: Path, concurrency: int = CONCURRENCY
) -> Burst:
    """Send requests to a port from a separate process, `concurrency` at any time."""
    return _run_burst("tests.benchmarks.http_load", clicks, port, folder, concurrency)


def send_socket_burst(envelopes: Iterable[str], port: int, folder: Path) -> Burst:
    """Serve an app in Socket Mode on a port from a separate process, and send it envelopes."""
    return _run_burst("tests.benchmarks.socket_load", envelopes, port, folder)


def _run_burst(
    module: str, texts: Iterable[str], port: int, folder: Path, concurrency: int = CONCURRENCY
) -> Burst:
    requests = list(texts)
    path = folder / "clicks.json"
    path.write_bytes(orjson.dumps(requests))
    process = processes.run_python("-m", module, str(path), str(port), str(concurrency))
    result = orjson.loads(process.output)
    if result["acknowledged"] != len(requests):
        message = f"{result['acknowledged']:,} of {len(requests):,} clicks were acknowledged"
        raise UnacknowledgedError(message)
    return Burst(len(requests), result["seconds"], result["latencies"])
