"""A signed click, stored and acknowledged, sixteen at once, beside a Bolt app that stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import orjson
from sqlmodel import Session, select

from storage.database import Database
from storage.tables import Annotation
from tests.benchmarks import processes, requests, stock
from tests.benchmarks.processes import Running
from tests.benchmarks.standin import StandIn
from tests.benchmarks.stock import Held

SIDE_BY_SIDE = 16

READY_BOT = r"health on http://127\.0\.0\.1:(\d+)/"
READY_FLOOR = r"(\d+)\n"


@dataclass(frozen=True, slots=True)
class Volley:
    """What came of many clicks: how many were acknowledged, in how long each and all."""

    acknowledged: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Return acknowledged clicks a second."""
        return self.acknowledged / self.seconds

    @property
    def p99(self) -> float:
        """Return the seconds within which 99 of 100 were acknowledged."""
        return quantiles(self.latencies, n=100)[98]


def fire(folder: Path, clicks: Iterable[str], port: int) -> Volley:
    """Send the clicks, sixteen at once."""
    path = folder / "clicks.json"
    path.write_bytes(orjson.dumps(list(clicks)))
    done = processes.run("-m", "tests.benchmarks.firing", str(path), str(port), str(SIDE_BY_SIDE))
    found = orjson.loads(done.printed)
    return Volley(found["statuses"].get("200", 0), found["seconds"], found["latencies"])
