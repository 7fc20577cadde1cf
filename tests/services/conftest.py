"""Fixtures of the service tests: a time, an actor, campaigns with items, experts who answer."""

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

from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.assignments import assign, selection
from bot.services.availability.reachability import ContactResult
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.experts import profiles
from bot.services.imports import importer
from bot.services.imports.import_progress import ImportResult
from bot.services.imports.importer import ImportSource
from storage.database import Database
from storage.queries.assignments import mark_delivered
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Campaign, Expert
from tests.conftest import PostgreSqlServer, empty_tables

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

P = ParamSpec("P")
T = TypeVar("T")

Row = Mapping[str, Any]


def pair(number: int, **changes: object) -> dict[str, object]:
    """Return a row of a comparison file."""
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
def postgresql_database(postgresql_server: PostgreSqlServer) -> Iterator[Database]:
    """Yield a PostgreSQL database that tests share."""
    with closing(Database(postgresql_server.create_migrated_database())) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Return an empty database: SQLite first, then PostgreSQL.

    The connection is kept between tests because opening one takes as long as a short test.
    """
    shared_database: Database = request.getfixturevalue(f"{request.param}_database")
    shared_database.write_now(empty_tables)
    return shared_database


@pytest.fixture
def database_url(database: Database) -> str:
    """Return the URL of that database."""
    return database.engine.url.render_as_string(hide_password=False)


@dataclass
class Scenario:
    """A database, and actions of coordinators and experts on it."""

    database: Database
    folder: Path
    now: datetime = NOW
    interaction_numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def actor(self) -> Actor:
        """Return a coordinator on the command line."""
        return Actor("ada", COMMAND_LINE, self.now)

    def create_campaign(
        self,
        name: str = "tone",
        kind: str = "comparison",
        **options: Any,  # noqa: ANN401 - any field of a NewCampaign
    ) -> Campaign:
        """Create a campaign."""
        return self.database.write_now(
            campaigns.create_campaign, NewCampaign(name, kind, **options), self.actor
        )

    def run_for_campaign(
        self,
        name: str,
        action: Callable[Concatenate[Session, Campaign, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function with the campaign called `name`, in a write transaction."""
        return self.database.write_now(
            lambda session: action(
                session, campaigns.campaign_by_name(session, name), *args, **kwargs
            )
        )

    def write_file(self, rows: Sequence[Row | str], name: str = "items.jsonl") -> Path:
        """Write a JSONL file of rows; strings are written as they are."""
        path = self.folder / name
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    def import_rows(self, campaign: str, rows: Sequence[Row | str], **options: Any) -> ImportResult:  # noqa: ANN401 - any option of an ImportSource
        """Import rows."""
        source = ImportSource(campaign, self.write_file(rows), **options)
        return importer.import_file(self.database, source, self.actor)

    def assign_next(self, slack_id: str) -> int | None:
        """Assign and deliver the next task to an expert; return the assignment id."""
        return self.database.write_now(_deliver_next, slack_id, self.now)

    def submit_answer(self, slack_id: str, assignment_id: int, **values: object) -> None:
        """Submit an expert's answer."""
        interaction = self.interaction(slack_id)
        self.database.write_now(submit.submit_answer, assignment_id, values, interaction)

    def interaction(self, slack_id: str) -> Interaction:
        """Return an interaction with a unique id."""
        return Interaction(slack_id, f"click-{next(self.interaction_numbers)}", self.now)

    def answer_all(self, slack_id: str, **values: object) -> int:
        """Submit an expert's answers to all tasks they can get; return how many."""
        answered = 0
        while assignment_id := self.assign_next(slack_id):
            self.submit_answer(slack_id, assignment_id, **values)
            answered += 1
        return answered

    def sync_profiles(self) -> None:
        """Record that Slack has reported everyone's profile."""

        def sync(session: Session) -> None:
            for expert in session.exec(select(Expert)):
                expert.profile_synced_at = self.now
                session.add(expert)

        self.database.write_now(sync)

    def advance_clock(self, **duration: float) -> None:
        """Move the time forward."""
        self.now += timedelta(**duration)

    def rows(self, table: type[Any]) -> list[Any]:
        """Return all rows of a table in the order of their primary keys."""
        return self.database.read_now(_all_rows, table)

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return self.database.read_now(_count_rows, table)

    def audit_log(self) -> list[tuple[str, str]]:
        """Return the actions of the audit log and their subjects."""
        statement = text("SELECT action, subject FROM audit_event ORDER BY id")
        return self.database.read_now(
            lambda session: [(row[0], row[1]) for row in session.connection().execute(statement)]
        )


def run_notifications(
    scenario: Scenario, send_due: Callable[[Session, datetime], ContactResult]
) -> int:
    """Run a scheduled job with nobody in Do Not Disturb; return how many people it messaged."""
    first = scenario.database.write_now(send_due, scenario.now)
    for slack_id in first.dnd_unknown_ids:
        scenario.database.write_now(profiles.save_dnd, slack_id, {}, scenario.now)
    second = (
        scenario.database.write_now(send_due, scenario.now)
        if first.dnd_unknown_ids
        else ContactResult(0)
    )
    assert not second.dnd_unknown_ids
    return first.messaged + second.messaged


def _deliver_next(session: Session, slack_id: str, now: datetime) -> int | None:
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    search = selection.build_search(session, id_of(expert), now, locked=True)
    assignment = assign.next_assignment(session, search, now)
    if assignment is None:
        return None
    mark_delivered(session, assignment.id, now)
    return assignment.id


def _all_rows(session: Session, table: Any) -> list[Any]:  # noqa: ANN401 - any table
    keys = [col(getattr(table, column.name)) for column in table.__table__.primary_key]
    return list(session.exec(select(table).order_by(*keys)))


def _count_rows(session: Session, table: str) -> int:
    statement = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - the table name comes from a test
    return int(session.connection().execute(statement).scalar_one())


@pytest.fixture
def scenario(database: Database, tmp_path: Path) -> Scenario:
    """Return a scenario on each database."""
    return Scenario(database, tmp_path)
