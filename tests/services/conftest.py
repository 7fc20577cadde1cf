"""What tests of services share: a moment, a hand, campaigns with items, experts who answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.services import answering, assigning, campaigning, importing, picking, profiling
from bot.services.acting import Click
from bot.services.auditing import COMMAND_LINE
from bot.services.campaigning import NewCampaign
from bot.services.directing import By
from bot.services.importing import Imported, Source
from bot.services.speaking import Spoken
from storage.database import Database
from storage.tables import Campaign
from storage.upgrading import upgrade
from tests.conftest import PostgreSql, empty

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

P = ParamSpec("P")
T = TypeVar("T")

Row = Mapping[str, Any]


def pair(number: int, **changes: object) -> dict[str, object]:
    """Return one row of a comparison."""
    return {
        "id": f"pair-{number}",
        "prompt": f"Question {number}?",
        "response_a": f"Left {number}",
        "response_b": f"Right {number}",
        "model_a": "heron-7b",
        "model_b": "wren-mini",
        "domain": "birds",
        **changes,
    }


@pytest.fixture(scope="session")
def postgresql_door(postgresql_server: PostgreSql) -> Iterator[Database]:
    """Return the open door to a PostgreSQL database for many tests."""
    address = postgresql_server.new()
    upgrade(address)
    with closing(Database(address)) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Return the open door to an empty database, once on SQLite and once on PostgreSQL.

    It stays open from test to test: to open one takes as long as a short test.
    """
    opened: Database = request.getfixturevalue(f"{request.param}_door")
    opened.write_now(empty)
    return opened


@pytest.fixture
def database_url(database: Database) -> str:
    """Return the address of that database."""
    return database.engine.url.render_as_string(hide_password=False)


@dataclass
class Workshop:
    """A database, and hands that do in it what coordinators and experts do."""

    database: Database
    folder: Path
    now: datetime = NOW
    clicks: count[int] = field(default_factory=lambda: count(1))

    @property
    def by(self) -> By:
        """Return a coordinator at the command line, now."""
        return By("ada", COMMAND_LINE, self.now)

    def creates(self, name: str = "tone", kind: str = "comparison", **wanted: Any) -> Campaign:  # noqa: ANN401 - whatever a campaign may choose
        """Create a campaign."""
        return self.database.write_now(
            campaigning.create, NewCampaign(name, kind, **wanted), self.by
        )

    def directs(
        self,
        name: str,
        deed: Callable[Concatenate[Session, Campaign, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do something to the campaign called `name`, in a transaction."""
        return self.database.write_now(
            lambda session: deed(
                session, campaigning.campaign_named(session, name), *args, **kwargs
            )
        )

    def file(self, rows: Sequence[Row | str], name: str = "items.jsonl") -> Path:
        """Write a file of rows, or of lines as they are."""
        path = self.folder / name
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    def imports(self, campaign: str, rows: Sequence[Row | str], **wanted: Any) -> Imported:  # noqa: ANN401 - whatever a Source may say
        """Import rows."""
        source = Source(campaign, self.file(rows), **wanted)
        return importing.import_file(self.database, source, self.by)

    def asks(self, slack_id: str) -> int | None:
        """Let an expert get the next task, and return their assignment."""
        return self.database.write_now(_delivered, slack_id, self.now)

    def answers(self, slack_id: str, assignment: int, **given: object) -> None:
        """Let an expert answer."""
        self.database.write_now(answering.answer, assignment, given, self.click(slack_id))

    def click(self, slack_id: str) -> Click:
        """Return a click like no other."""
        return Click(slack_id, f"click-{next(self.clicks)}", self.now)

    def does_all(self, slack_id: str, **given: object) -> int:
        """Let an expert answer every task there is for them; return how many."""
        done = 0
        while assignment := self.asks(slack_id):
            self.answers(slack_id, assignment, **given)
            done += 1
        return done

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def rows(self, table: type[Any]) -> list[Any]:
        """Return all rows of a table, in order."""
        return self.database.read_now(_all, table)

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return self.database.read_now(_counted, table)

    def deeds(self) -> list[tuple[str, str]]:
        """Return the audit trail: what was done to what."""
        statement = text("SELECT deed, subject FROM auditevent ORDER BY id")
        return self.database.read_now(
            lambda session: [(row[0], row[1]) for row in session.connection().execute(statement)]
        )


def speaks(workshop: Workshop, deed: Callable[[Session, datetime], Spoken]) -> int:
    """Let the clock speak to people, whom Slack lets be disturbed; return to how many."""
    spoken = workshop.database.write_now(deed, workshop.now)
    for one in spoken.to_ask:
        workshop.database.write_now(profiling.keep_quiet, one, {}, workshop.now)
    again = workshop.database.write_now(deed, workshop.now) if spoken.to_ask else Spoken(0)
    assert not again.to_ask
    return spoken.people + again.people


def _delivered(session: Session, slack_id: str, now: datetime) -> int | None:
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    search = picking.search_for(session, expert.id or 0, locked=True)
    given = assigning.next_for(session, search, now)
    if given is None:
        return None
    assigning.deliver(session, given, now)
    session.flush()
    return given.id


def _all(session: Session, table: Any) -> list[Any]:  # noqa: ANN401 - any table
    keys = [col(getattr(table, column.name)) for column in table.__table__.primary_key]
    return list(session.exec(select(table).order_by(*keys)))


def _counted(session: Session, table: str) -> int:
    counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - a test names its own table
    return int(session.connection().execute(counted).scalar_one())


@pytest.fixture
def workshop(database: Database, tmp_path: Path) -> Workshop:
    """Return a workshop, once on SQLite and once on PostgreSQL."""
    return Workshop(database, tmp_path)
