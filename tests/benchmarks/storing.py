"""A running bot that is sent clicks, and what of them is in its database afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

from sqlmodel import Session, col, func, select

from storage.database import Database
from storage.tables import Annotation, Outbox, OutboxState
from tests.benchmarks import requests, stock, volleys
from tests.benchmarks.standin import StandIn
from tests.benchmarks.stock import Held
from tests.benchmarks.volleys import Line, Volley

PATIENCE = 60
"""Seconds for the bot to write down what it said."""


class LostError(AssertionError):
    """What is stored is not what was acknowledged."""


@dataclass(slots=True)
class StoringBot:
    """A bot, and what was clicked so far. `port` is 0 in Socket Mode."""

    port: int
    folder: Path
    database: Database
    standin: StandIn
    sent: list[Held] = field(default_factory=list)

    def clicks(self) -> list[str]:
        """Return a click on each task that is held now, as requests."""
        return requests.http_clicks(self.held(), self.standin.response_url)

    def held(self) -> list[Held]:
        """Return the tasks that are held now; they will have been clicked."""
        held = self.database.read_now(stock.held)
        self.sent += held
        return held

    def before(self, clicks: list[str]) -> Line:
        """Have the clicks acknowledged first, then the screens delivered."""
        self.standin.hold()
        volley = volleys.fire(clicks, self.port, self.folder)
        begun = perf_counter()
        self.standin.release()
        return self.settled(volley, begun)

    def meanwhile(self, clicks: list[str]) -> Line:
        """Have the clicks acknowledged while the screens are delivered."""
        begun = perf_counter()
        volley = volleys.fire(clicks, self.port, self.folder)
        return self.settled(volley, begun)

    def settled(self, volley: Volley, begun: float) -> Line:
        """Wait until every screen is delivered, and the bot has written that down."""
        took = self.standin.wait_for(volley.sent) - begun
        until = perf_counter() + PATIENCE
        while self.database.read_now(_waiting) and perf_counter() < until:
            sleep(0.05)
        return Line([volley], [volley.sent / took])

    def check(self) -> int:
        """Return how many clicks are stored.

        Raises:
            LostError: they are not exactly those that were acknowledged.
        """
        wanted = sorted((held.assignment, requests.click_of(held)) for held in self.sent)
        found = sorted(self.database.read_now(_stored))
        if found != wanted:
            message = f"{len(wanted):,} clicks were sent, {len(found):,} are stored, or others"
            raise LostError(message)
        return len(found)


@contextmanager
def held_tasks(url: str, folder: Path, experts: int, volleys: int) -> Iterator[Database]:
    """Make a database where each expert holds a task, and there are more for so many volleys."""
    with stock.campaign(url, stock.people(experts)) as database:
        stock.fill(database, folder / "pairs.jsonl", experts * (volleys + 1))
        stock.hand_out(database, spare=experts * volleys)
        yield database


def _waiting(session: Session) -> int:
    counted = select(func.count()).where(col(Outbox.state) == OutboxState.WAITING)
    return session.exec(counted).one()


def _stored(session: Session) -> list[tuple[int, str]]:
    chosen = select(Annotation.assignment_id, Annotation.click)
    return [(row[0], row[1]) for row in session.exec(chosen)]
