"""What was measured: waits for the next task, refused calls, and the use of `chat.update`."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import quantiles

from bot.sandbox import SLACK_LIMITS, Sandbox
from bot.sandbox.traffic import TrafficRecord
from tests.faults.answer_log import actions_in
from tests.scaling.experts import Experts

LONG_AGO = datetime.min.replace(tzinfo=UTC)

READ_SECONDS = 5.0
"""Seconds between two readings of the traffic, of which the sandbox keeps the newest part."""

MAX_P95_SECONDS = 1.5
MAX_REFUSED_SHARE = 0.001
MIN_USED_SHARE = 0.95
UPDATES_PER_MINUTE = SLACK_LIMITS["chat.update"].calls if "chat.update" in SLACK_LIMITS else 50


@dataclass
class Phase:
    """A part of the run."""

    name: str
    began: float
    began_at: datetime
    ended: float = 0.0
    ended_at: datetime = LONG_AGO


@dataclass
class Figures:
    """The figures of all phases."""

    sandbox: Sandbox
    experts: Experts
    phases: list[Phase] = field(default_factory=list)
    calls: list[tuple[datetime, str, int]] = field(default_factory=list)
    posts: Counter[int] = field(default_factory=Counter)
    _read_until: datetime = LONG_AGO

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure a phase."""
        phase = Phase(name, time.monotonic(), datetime.now(UTC))
        self.phases.append(phase)
        try:
            yield
        finally:
            phase.ended, phase.ended_at = time.monotonic(), datetime.now(UTC)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Read the traffic while the context is open."""
        is_over = threading.Event()

        def read() -> None:
            while not is_over.wait(READ_SECONDS):
                self._read_traffic()

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            self._read_traffic()

    def table(self) -> str:
        """Return the figures as a table in Markdown."""
        names = "".join(f" {phase.name} |" for phase in self.phases)
        lines = [f"| |{names}", "| --- |" + " --- |" * len(self.phases)]
        rows = {
            "answers": [f"{len(self._waits(phase)):,}" for phase in self.phases],
            "next task: median, p95, p99": [self._percentiles(phase) for phase in self.phases],
            "calls of the Web API": [f"{len(self._calls(phase)):,}" for phase in self.phases],
            "refused with 429": [f"{self._refused(phase)}" for phase in self.phases],
            "calls of `chat.update` in each minute": [
                ", ".join(map(str, self._updates(phase))) for phase in self.phases
            ],
            "share of the allowance": [f"{self._used_share(phase):.1%}" for phase in self.phases],
        }
        lines += ["| " + " | ".join([name, *cells]) + " |" for name, cells in rows.items()]
        lines.append(f"\ntaps without acknowledgment: {self.experts.unacknowledged}")
        methods = Counter(method for _, method, _ in self.calls)
        lines.append(f"calls by method: {dict(methods.most_common())}")
        refused = Counter(method for _, method, status in self.calls if status == 429)
        lines.append(f"refused by method: {dict(refused)}\n")
        return "\n".join(lines)

    def missed_targets(self) -> list[str]:
        """Return the targets that a phase misses."""
        return [problem for phase in self.phases for problem in self._problems(phase)]

    def _problems(self, phase: Phase) -> Iterator[str]:
        if self._p95(phase) >= MAX_P95_SECONDS:
            yield f"{phase.name}: the p95 of the next task is {self._percentiles(phase)}"
        if self._refused(phase) >= MAX_REFUSED_SHARE * len(self._calls(phase)):
            yield f"{phase.name}: {self._refused(phase)} calls were refused with 429"
        if self._used_share(phase) < MIN_USED_SHARE:
            yield f"{phase.name}: only {self._used_share(phase):.1%} of chat.update were used"

    def _read_traffic(self) -> None:
        new = [row for row in self.sandbox.traffic if row.finished_at > self._read_until]
        for record in new:
            self._read_until = record.finished_at
            if record.direction == "in" and record.kind != "response_url":
                self.calls.append((record.finished_at, record.kind, record.status))
                self.posts.update(_posted_tasks(record))

    def _waits(self, phase: Phase) -> list[float]:
        waits = list(self.experts.waits)
        return [wait for moment, wait in waits if phase.began <= moment <= phase.ended]

    def _p95(self, phase: Phase) -> float:
        return quantiles(self._waits(phase), n=100)[94]

    def _percentiles(self, phase: Phase) -> str:
        cuts = quantiles(self._waits(phase), n=100)
        return ", ".join(f"{cuts[percent - 1]:.2f} s" for percent in (50, 95, 99))

    def _calls(self, phase: Phase) -> list[tuple[datetime, str, int]]:
        return [call for call in self.calls if phase.began_at <= call[0] <= phase.ended_at]

    def _refused(self, phase: Phase) -> int:
        return sum(status == 429 for _, _, status in self._calls(phase))

    def _updates(self, phase: Phase) -> list[int]:
        """Return the accepted updates in each whole minute of a phase."""
        minutes = int((phase.ended_at - phase.began_at).total_seconds() // 60)
        counts = Counter(
            int((moment - phase.began_at).total_seconds() // 60)
            for moment, method, status in self._calls(phase)
            if method == "chat.update" and status == 200
        )
        return [counts[minute] for minute in range(minutes)]

    def _used_share(self, phase: Phase) -> float:
        updates = self._updates(phase)
        return sum(updates) / (UPDATES_PER_MINUTE * max(len(updates), 1))


def _posted_tasks(record: TrafficRecord) -> set[int]:
    """Return the tasks that a successful call posted in a new message."""
    request, response = record.request, record.response
    if record.kind != "chat.postMessage" or not isinstance(request, Mapping):
        return set()
    if not (isinstance(response, Mapping) and response.get("ok")):
        return set()
    blocks = request.get("blocks")
    decoded = json.loads(blocks) if isinstance(blocks, str) else blocks or []
    return {action.target_id for action in actions_in(decoded) if action.name == "answer"}
