"""Tests of the scheduled jobs: what a tick does, and that a failing job stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.scheduled_jobs import JOBS, MAX_LOOKUPS_PER_TICK, build_scheduler, tick
from bot.services.experts import profiles
from storage.database import Database
from storage.tables import Assignment
from tests.handlers.bolt_app import BoltApp, open_bolt_app


@pytest.fixture
async def bolt(sqlite_url: str, tmp_path: Path) -> AsyncIterator[BoltApp]:
    """Return a Bolt app without a running scheduler."""
    with closing(Database(sqlite_url)) as database:
        async with open_bolt_app(database, tmp_path) as opened:
            yield opened


def test_jobs_are_registered_under_their_names() -> None:
    assert all(job.__name__ == name and job.__doc__ for name, job in JOBS.items())


async def test_one_tick_looks_up_new_expert_and_assigns_task(bolt: BoltApp) -> None:
    ada = bolt.slack.sandbox.add_user("ada", tz="Europe/London")
    bolt.slack.create_campaign(ada)
    await tick(bolt.app)
    row = await bolt.slack.expert_row(ada)
    assert (row.tz, row.profile_synced_at is None) == ("Europe/London", False)
    assert [assignment.state for assignment in await bolt.slack.assignments()] == ["queued"]
    assert "now" in bolt.wake_calls


async def test_outbox_is_not_woken_when_nothing_is_due(bolt: BoltApp) -> None:
    await tick(bolt.app)
    assert bolt.wake_calls == []
    assert await bolt.slack.outbox() == []


async def test_lookups_per_tick_are_limited_so_that_known_experts_do_not_wait(
    bolt: BoltApp,
) -> None:
    people = [
        bolt.slack.add_expert(f"expert{number}") for number in range(MAX_LOOKUPS_PER_TICK + 3)
    ]
    bolt.slack.create_campaign(*people, items=MAX_LOOKUPS_PER_TICK + 3)
    await tick(bolt.app)
    stale = await bolt.slack.database.read(profiles.list_stale_profiles, bolt.slack.now, 99)
    assert len(stale) == 3
    assert len(await bolt.slack.assignments()) == MAX_LOOKUPS_PER_TICK
    await tick(bolt.app)
    assert await bolt.slack.database.read(profiles.list_stale_profiles, bolt.slack.now, 99) == []


async def test_tick_runs_all_due_jobs(bolt: BoltApp) -> None:
    ada, grace = bolt.slack.add_expert("ada"), bolt.slack.add_expert("grace")
    bolt.slack.create_campaign(ada, grace, items=1, reminders=[timedelta(hours=1)])
    assignment_id = bolt.slack.scenario.assign_next(ada.id)
    bolt.slack.advance_clock(hours=2)
    await tick(bolt.app)
    assert [row.message_type for row in await bolt.slack.outbox()] == ["reminder"]
    bolt.slack.advance_clock(days=3)
    await tick(bolt.app)
    rows = await bolt.slack.assignments()
    assert [(row.id == assignment_id, row.state) for row in rows] == [
        (True, "expired"),
        (False, "queued"),
    ]
    message_types = [row.message_type for row in await bolt.slack.outbox()]
    assert message_types == ["reminder", "expired", "new_task"]


async def test_failing_job_is_logged_and_stops_no_other(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)

    def drop_table(session: Session) -> None:
        session.connection().execute(text("DROP TABLE reminder"))

    bolt.slack.database.write_now(drop_table)
    await tick(bolt.app)
    assert "the send_reminders job failed; it runs again at the next tick" in caplog.text
    assert len(await bolt.slack.assignments()) == 1


async def test_concurrent_ticks_do_nothing_twice(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await asyncio.gather(tick(bolt.app), tick(bolt.app))
    assert len(await bolt.slack.assignments()) == 1
    assert [row.message_type for row in await bolt.slack.outbox()] == ["new_task"]


async def test_scheduler_runs_one_instance_of_each_job_and_drops_no_run(bolt: BoltApp) -> None:
    scheduler = build_scheduler(bolt.app, 7)
    assert {job.id for job in scheduler.get_jobs()} == set(JOBS)
    for job in scheduler.get_jobs():
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, None)
        assert job.trigger.interval == timedelta(seconds=7)


async def test_running_scheduler_assigns_tasks(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    scheduler = build_scheduler(bolt.app, 0.02)
    scheduler.start()
    rows: list[Assignment] = []
    async with asyncio.timeout(20):
        while not rows:
            await asyncio.sleep(0.01)
            rows = await bolt.slack.assignments()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0.05)
    assert len(rows) == 1
