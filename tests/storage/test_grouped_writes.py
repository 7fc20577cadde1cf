"""Writes that wait at the same time are stored together, and a failure of one is its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Sequence

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from storage.database import Database
from storage.grouped_writes import MAX_MEMBERS, GroupedWrite
from storage.tables import Expert
from tests.storage.database_writes import add_expert

ALONE = "ALONE"


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield an open database: SQLite first, then PostgreSQL."""
    opened = Database(request.getfixturevalue(request.param))
    yield opened
    opened.close()


def recording_write(groups: list[list[str]]) -> GroupedWrite[str, str]:
    """Return a write of experts, which records the groups; names like ALONE are left alone."""

    def add_together(session: Session, names: Sequence[str]) -> list[str | None]:
        groups.append(list(names))
        return [None if name.isupper() else add_expert(session, name) for name in names]

    def add_alone(session: Session, name: str) -> str:
        groups.append([name])
        return f"{add_expert(session, name)} alone"

    return GroupedWrite(add_together, add_alone)


def run(*writes: Awaitable[str]) -> list[str | BaseException]:
    """Run writes at the same time; return their results or errors."""

    async def gather() -> list[str | BaseException]:
        return await asyncio.gather(*writes, return_exceptions=True)

    return asyncio.run(gather())


def names(session: Session) -> list[str]:
    """Return the experts that are stored."""
    return sorted(session.exec(select(Expert.slack_id)))


def test_members_that_wait_are_written_together(database: Database) -> None:
    groups: list[list[str]] = []
    write = recording_write(groups)
    members = [f"expert {number:02d}" for number in range(MAX_MEMBERS + 2)]
    results = run(*(database.write_grouped(write, member) for member in members))
    assert results == members
    assert groups == [members[:MAX_MEMBERS], members[MAX_MEMBERS:]]
    assert database.read_now(names) == members


def test_what_a_group_leaves_out_is_written_alone(database: Database) -> None:
    write = recording_write([])
    results = run(*(database.write_grouped(write, member) for member in ("first", ALONE)))
    assert results == ["first", f"{ALONE} alone"]
    assert database.read_now(names) == [ALONE, "first"]


def test_a_member_that_fails_does_not_affect_the_others(database: Database) -> None:
    write = recording_write([])
    members = ("first", "twice", "twice", "last")
    results = run(*(database.write_grouped(write, member) for member in members))
    written = [result for result in results if isinstance(result, str)]
    assert written == ["first alone", "twice alone", "last alone"]
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert database.read_now(names) == ["first", "last", "twice"]


def test_a_database_that_is_not_available_fails_each_member_once() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    groups: list[list[str]] = []
    write = recording_write(groups)
    results = run(*(database.write_grouped(write, member) for member in ("first", "last")))
    assert [type(result) for result in results] == [OperationalError] * 2
    assert groups == [["first", "last"]]
    assert database.outage.cause is not None
    database.close()


def test_the_check_of_a_request_is_part_of_its_write(database: Database) -> None:
    checked: list[int] = []
    once = database.with_first_write(lambda _session: checked.append(1))
    write = recording_write([])
    assert run(once.write_grouped(write, "first")) == ["first alone"]
    assert checked == [1]


def test_a_canceled_member_is_not_written(database: Database) -> None:
    write = recording_write([])

    async def cancel_one() -> None:
        canceled, other = (
            asyncio.create_task(database.write_grouped(write, name)) for name in ("first", "last")
        )
        await asyncio.sleep(0)  # both begin to wait
        canceled.cancel()
        assert await other == "last"

    asyncio.run(cancel_one())
    assert database.read_now(names) == ["last"]
