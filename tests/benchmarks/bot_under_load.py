"""A running bot that receives clicks, and a check of the clicks stored in its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

from sqlmodel import Session, col, func, select

from storage.database import Database
from storage.tables import Annotation, OutboxMessage, OutboxState
from tests.benchmarks import bursts, data, slack_requests
from tests.benchmarks.bursts import Burst, BurstSeries
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.slack_stub import SlackStub

TIMEOUT_SECONDS = 60
"""Seconds for the bot to record its deliveries."""


class StoredClicksMismatchError(AssertionError):
    """The stored clicks differ from the acknowledged ones."""


@dataclass(slots=True)
class BotUnderLoad:
    """A bot, and the assignments clicked so far. `port` is 0 in Socket Mode."""

    port: int
    folder: Path
    database: Database
    stub: SlackStub
    clicked: list[OpenAssignment] = field(default_factory=list)

    def click_requests(self) -> list[str]:
        """Return HTTP requests with a click on each open task."""
        return slack_requests.http_requests(self.take_open_assignments(), self.stub.response_url)

    def take_open_assignments(self) -> list[OpenAssignment]:
        """Return the open assignments, and count them as clicked."""
        assignments = self.database.read_now(data.open_assignments)
        self.clicked += assignments
        return assignments

    def measure_delivery_afterwards(self, clicks: list[str]) -> BurstSeries:
        """Send clicks, and let messages be delivered after all clicks are acknowledged."""
        self.stub.pause()
        burst = bursts.send_http_burst(clicks, self.port, self.folder)
        started = perf_counter()
        self.stub.resume()
        return self.wait_for_delivery(burst, started)

    def measure_concurrent_delivery(self, clicks: list[str]) -> BurstSeries:
        """Send clicks while messages are delivered."""
        started = perf_counter()
        burst = bursts.send_http_burst(clicks, self.port, self.folder)
        return self.wait_for_delivery(burst, started)

    def wait_for_delivery(self, burst: Burst, started: float) -> BurstSeries:
        """Wait until every message is delivered, and the bot has recorded this."""
        elapsed = self.stub.wait_for_responses(burst.sent_count) - started
        deadline = perf_counter() + TIMEOUT_SECONDS
        while self.database.read_now(_count_waiting) and perf_counter() < deadline:
            sleep(0.05)
        return BurstSeries([burst], [burst.sent_count / elapsed])

    def check_stored_clicks(self) -> int:
        """Return how many clicks are stored.

        Raises:
            StoredClicksMismatchError: they are not exactly the acknowledged clicks.
        """
        expected = sorted(
            (assignment.assignment_id, slack_requests.click_id(assignment))
            for assignment in self.clicked
        )
        stored = sorted(self.database.read_now(_stored_clicks))
        if stored != expected:
            message = f"{len(stored):,} stored clicks differ from {len(expected):,} sent clicks"
            raise StoredClicksMismatchError(message)
        return len(stored)


@contextmanager
def assigned_tasks(url: str, folder: Path, experts: int, burst_count: int) -> Iterator[Database]:
    """Create a database with an open task for each expert, and unassigned tasks for the bursts."""
    with data.open_campaign(url, data.expert_ids(experts)) as database:
        data.import_items(database, folder / "pairs.jsonl", experts * (burst_count + 1))
        data.assign_tasks(database, unassigned_count=experts * burst_count)
        yield database


def _count_waiting(session: Session) -> int:
    statement = select(func.count()).where(col(OutboxMessage.state) == OutboxState.WAITING)
    return session.exec(statement).one()


def _stored_clicks(session: Session) -> list[tuple[int, str]]:
    statement = select(Annotation.assignment_id, Annotation.interaction_id)
    return [(row[0], row[1]) for row in session.exec(statement)]
