"""The clock's work: each tick asks what is due, and one job that fails holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.schedule import JOBS, MOST_ASKED, scheduler_for, tick
from bot.services import profiling
from storage.database import Database
from storage.tables import Assignment
from tests.handlers.front import Front, open_front


@pytest.fixture
async def front(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Front]:
    """Return the front of a bot whose scheduler is not running."""
    with closing(Database(sqlite_url)) as database:
        async with open_front(database, tmp_path) as opened:
            yield opened


def test_jobs_are_registered_under_their_names() -> None:
    assert all(job.__name__ == name and job.__doc__ for name, job in JOBS.items())


async def test_who_is_new_is_asked_about_and_given_work_in_one_tick(front: Front) -> None:
    ada = front.line.sandbox.person("ada", tz="Europe/London")
    front.line.campaign(ada)
    await tick(front.desk)
    row = await front.line.expert_row(ada)
    assert (row.tz, row.profile_at is None) == ("Europe/London", False)
    assert [one.state for one in await front.line.assignments()] == ["queued"]
    assert "now" in front.woken


async def test_where_nothing_is_due_nobody_is_woken(front: Front) -> None:
    await tick(front.desk)
    assert front.woken == []
    assert await front.line.outbox() == []


async def test_those_who_are_known_do_not_wait_for_all_who_are_new(front: Front) -> None:
    people = [front.line.expert(f"expert{number}") for number in range(MOST_ASKED + 3)]
    front.line.campaign(*people, items=MOST_ASKED + 3)
    await tick(front.desk)
    assert len(await front.line.database.read(profiling.to_ask_about, front.line.now, 99)) == 3
    assert len(await front.line.assignments()) == MOST_ASKED
    await tick(front.desk)
    assert await front.line.database.read(profiling.to_ask_about, front.line.now, 99) == []


async def test_a_tick_does_all_that_is_due(front: Front) -> None:
    ada, grace = front.line.expert("ada"), front.line.expert("grace")
    front.line.campaign(ada, grace, items=1, reminders=[timedelta(hours=1)])
    given = front.line.workshop.asks(ada.id)
    front.line.passes(hours=2)
    await tick(front.desk)
    assert [row.word for row in await front.line.outbox()] == ["reminder"]
    front.line.passes(days=3)
    await tick(front.desk)
    rows = await front.line.assignments()
    assert [(row.id == given, row.state) for row in rows] == [(True, "expired"), (False, "queued")]
    words = [row.word for row in await front.line.outbox()]
    assert words == ["reminder", "expired", "task"]


async def test_a_job_that_fails_is_logged_and_holds_up_no_other(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)

    def spoil(session: Session) -> None:
        session.connection().execute(text("DROP TABLE reminder"))

    front.line.database.write_now(spoil)
    await tick(front.desk)
    assert "the remind job failed; it runs again at the next tick" in caplog.text
    assert len(await front.line.assignments()) == 1


async def test_two_ticks_at_once_do_nothing_twice(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await asyncio.gather(tick(front.desk), tick(front.desk))
    assert len(await front.line.assignments()) == 1
    assert [row.word for row in await front.line.outbox()] == ["task"]


async def test_the_scheduler_ticks_each_job_one_run_at_a_time_and_drops_none(front: Front) -> None:
    scheduler = scheduler_for(front.desk, 7)
    assert {job.id for job in scheduler.get_jobs()} == set(JOBS)
    for job in scheduler.get_jobs():
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, None)
        assert job.trigger.interval == timedelta(seconds=7)


async def test_a_running_scheduler_gives_out_work_by_itself(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    scheduler = scheduler_for(front.desk, 0.02)
    scheduler.start()
    rows: list[Assignment] = []
    async with asyncio.timeout(20):
        while not rows:
            await asyncio.sleep(0.01)
            rows = await front.line.assignments()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0.05)
    assert len(rows) == 1
