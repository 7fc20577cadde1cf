"""Many clicks sent at once, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import orjson

from tests.benchmarks import processes

SIDE_BY_SIDE = 16


class RefusedError(AssertionError):
    """A click was answered, but not acknowledged."""


@dataclass(frozen=True, slots=True)
class Volley:
    """Clicks that were all acknowledged: how many, and the seconds of those that are measured."""

    sent: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Return acknowledged clicks a second."""
        return len(self.latencies) / self.seconds


@dataclass(slots=True)
class Line:
    """The volleys of several rounds, and the screens that were delivered a second in each."""

    volleys: list[Volley] = field(default_factory=list)
    screens: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return acknowledged clicks a second, the median of the rounds."""
        return median(volley.rate for volley in self.volleys)

    @property
    def median(self) -> float:
        """Return the median of the seconds that an acknowledgement took."""
        return median(self._latencies())

    @property
    def p99(self) -> float:
        """Return the seconds within which 99 of 100 were acknowledged."""
        return quantiles(self._latencies(), n=100)[98]

    def _latencies(self) -> list[float]:
        return [seconds for volley in self.volleys for seconds in volley.latencies]


def fire(clicks: Iterable[str], port: int, folder: Path) -> Volley:
    """Send requests to a port from a process of its own."""
    return _volley("tests.benchmarks.firing", clicks, port, folder)


def plug(envelopes: Iterable[str], port: int, folder: Path) -> Volley:
    """Listen on a port for an app in Socket Mode, and send it envelopes."""
    return _volley("tests.benchmarks.plugging", envelopes, port, folder)


def _volley(module: str, texts: Iterable[str], port: int, folder: Path) -> Volley:
    sent = list(texts)
    path = folder / "clicks.json"
    path.write_bytes(orjson.dumps(sent))
    done = processes.run("-m", module, str(path), str(port), str(SIDE_BY_SIDE))
    found = orjson.loads(done.printed)
    if found["acknowledged"] != len(sent):
        message = f"{found['acknowledged']:,} of {len(sent):,} clicks were acknowledged"
        raise RefusedError(message)
    return Volley(len(sent), found["seconds"], found["latencies"])
