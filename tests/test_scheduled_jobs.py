"""Tests of the scheduled jobs: what a tick does, and that a failing job stops no other."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bot.child_process import ChildSlots
from bot.clock import AdjustableClock, WallClock
from bot.leadership import Leadership
from bot.messages.texts import TextMessage
from bot.process_lock import ProcessLock
from bot.retention_jobs import PRUNED_BATCH, prune_outbox
from bot.scheduled_jobs import JOBS, MAX_LOOKUPS_PER_TICK, run_exports
from bot.scheduler import MIN_INTERVAL_SECONDS, JobFailures, Scheduler
from bot.services.answers import submit
from bot.services.experts import profiles
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.services.reports import digest
from storage.database import Database
from storage.queries import outbox
from storage.queries.on_hold_tasks import HOLD_REASON_NO_EXPERT
from storage.tables import Assignment, ExportRun, OutboxMessage, Task
from tests.handlers.bolt_app import BoltApp, open_bolt_app


@pytest.fixture
async def bolt(sqlite_url: str, tmp_path: Path) -> AsyncIterator[BoltApp]:
    """Return a Bolt app without a running scheduler."""
    with closing(Database(sqlite_url)) as database:
        async with open_bolt_app(database, tmp_path) as opened:
            yield opened


def scheduler_of(bolt: BoltApp, seconds: float = 5) -> Scheduler:
    """Return a scheduler that ticks every so many seconds."""
    return Scheduler(bolt.app, seconds, Leadership(ProcessLock(bolt.app.db)))


def test_jobs_are_registered_under_their_names() -> None:
    assert all(job.__name__ == name and job.__doc__ for name, job in JOBS.items())


async def test_one_tick_looks_up_new_expert_and_assigns_task(bolt: BoltApp) -> None:
    ada = bolt.slack.sandbox.add_user("ada", tz="Europe/London")
    bolt.slack.create_campaign(ada)
    await scheduler_of(bolt, 5).tick()
    row = await bolt.slack.expert_row(ada)
    assert (row.tz, row.profile_synced_at is None) == ("Europe/London", False)
    assert [assignment.state for assignment in await bolt.slack.assignments()] == ["queued"]
    assert "now" in bolt.wake_calls


async def test_outbox_is_not_woken_when_nothing_is_due(bolt: BoltApp) -> None:
    await scheduler_of(bolt, 5).tick()
    assert bolt.wake_calls == []
    assert await bolt.slack.outbox() == []


async def test_lookups_per_tick_are_limited_so_that_known_experts_do_not_wait(
    bolt: BoltApp,
) -> None:
    people = [
        bolt.slack.add_expert(f"expert{number}") for number in range(MAX_LOOKUPS_PER_TICK + 3)
    ]
    bolt.slack.create_campaign(*people, items=MAX_LOOKUPS_PER_TICK + 3)
    await scheduler_of(bolt, 5).tick()
    stale = await bolt.slack.database.read(profiles.list_stale_profiles, bolt.slack.now, 99)
    assert len(stale) == 3
    assert len(await bolt.slack.assignments()) == MAX_LOOKUPS_PER_TICK
    await scheduler_of(bolt, 5).tick()
    assert await bolt.slack.database.read(profiles.list_stale_profiles, bolt.slack.now, 99) == []


def show_in_slack(session: Session, assignment_id: int) -> None:
    """Record that a message shows the task."""
    assignment = session.get_one(Assignment, assignment_id)
    assignment.channel, assignment.message_ts = "D1", "1.1"


async def test_tick_runs_all_due_jobs(bolt: BoltApp) -> None:
    ada, grace = bolt.slack.add_expert("ada"), bolt.slack.add_expert("grace")
    bolt.slack.create_campaign(ada, grace, items=1, reminders=[timedelta(hours=1)])
    assignment_id = bolt.slack.scenario.assign_next(ada.id) or 0
    bolt.slack.database.write_now(show_in_slack, assignment_id)
    bolt.slack.advance_clock(hours=2)
    await scheduler_of(bolt, 5).tick()
    assert [row.message_type for row in await bolt.slack.outbox()] == ["reminder"]
    bolt.slack.advance_clock(days=3)
    await scheduler_of(bolt, 5).tick()
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
    await scheduler_of(bolt, 5).tick()
    assert "the send_reminders job failed; it runs again at the next tick" in caplog.text
    assert len(await bolt.slack.assignments()) == 1


async def test_concurrent_ticks_do_nothing_twice(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await asyncio.gather(scheduler_of(bolt, 5).tick(), scheduler_of(bolt, 5).tick())
    assert len(await bolt.slack.assignments()) == 1
    assert [row.message_type for row in await bolt.slack.outbox()] == ["new_task"]


async def first_assignments(bolt: BoltApp) -> list[Assignment]:
    """Wait until a task is assigned, and return the assignments."""
    rows: list[Assignment] = []
    async with asyncio.timeout(20):
        while not rows:
            await asyncio.sleep(0.01)
            rows = await bolt.slack.assignments()
    return rows


async def test_running_scheduler_assigns_tasks(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    scheduler = scheduler_of(bolt, 0.02)
    scheduler.start()
    assert len(await first_assignments(bolt)) == 1
    await scheduler.stop()


async def test_ticks_are_planned_again_after_the_clock_was_set_back(bolt: BoltApp) -> None:
    """To APScheduler, a clock that was set back two hours puts each tick two hours ahead."""
    scheduler = scheduler_of(bolt, 0.02)
    scheduler.start()
    for job in scheduler.apscheduler.get_jobs():
        job.modify(next_run_time=WallClock().now() + timedelta(hours=2))
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assert len(await first_assignments(bolt)) == 1
    await scheduler.stop()


async def test_scheduler_continues_after_the_clock_was_set_back(bolt: BoltApp) -> None:
    right_clock = bolt.app.clock
    bolt.app.clock = AdjustableClock(right_clock.now() + timedelta(hours=2))
    scheduler = scheduler_of(bolt, 0.02)
    scheduler.start()
    await asyncio.sleep(0.05)
    bolt.app.clock = right_clock
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assert len(await first_assignments(bolt)) == 1
    await scheduler.stop()


async def test_due_times_are_corrected_after_the_clock_was_set_back(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    right_clock = bolt.app.clock
    await scheduler_of(bolt, 5).tick()
    before = await bolt.slack.database.read(digest_due_at)
    bolt.app.clock = AdjustableClock(right_clock.now() + timedelta(days=60))
    scheduler = scheduler_of(bolt, 0.02)
    scheduler.start()
    ahead = await next_digest(bolt, other_than=before)
    assert ahead > before
    bolt.app.clock = right_clock
    assert await next_digest(bolt, other_than=ahead) == before
    await scheduler.stop()


async def next_digest(bolt: BoltApp, *, other_than: datetime) -> datetime:
    """Wait until the weekly summary is due at another time, and return it."""
    due_at = other_than
    async with asyncio.timeout(20):
        while due_at == other_than:
            await asyncio.sleep(0.01)
            due_at = await bolt.slack.database.read(digest_due_at)
    return due_at


def digest_due_at(session: Session) -> datetime:
    """Return when the weekly summary is due."""
    due_at = digest.digest_settings(session).due_at
    assert due_at
    return due_at


def test_outage_of_the_network_is_one_line_and_so_is_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures, error = JobFailures(), ConnectionError("server is gone")
    for job in (*JOBS, *JOBS):
        failures.record(job, error)
    (failure,) = caplog.records
    assert failure.getMessage().endswith("runs again at the next tick: server is gone")
    assert failure.exc_info is None
    caplog.clear()
    for job in (*JOBS, *JOBS):
        failures.record_success(job)
    assert [record.getMessage() for record in caplog.records] == [
        f"the {list(JOBS)[-1]} job works again, after 0:00:00"
    ]


def test_bug_has_a_traceback_once(caplog: pytest.LogCaptureFixture) -> None:
    failures = JobFailures()
    for _ in range(3):
        failures.record("run_exports", KeyError("format"))
    (failure,) = caplog.records
    assert failure.exc_info is not None


async def test_tick_puts_tasks_on_hold_that_no_expert_is_left_for(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada, items=1)
    assignment_id = bolt.slack.scenario.assign_next(ada.id) or 0
    interaction = bolt.slack.scenario.interaction(ada.id)
    bolt.slack.database.write_now(submit.skip_task, assignment_id, "unclear", interaction)
    await scheduler_of(bolt, 5).tick()
    tasks = await bolt.slack.database.read(lambda session: session.exec(select(Task)).all())
    assert [task.on_hold_reason for task in tasks] == [HOLD_REASON_NO_EXPERT]


async def test_messages_delivered_long_ago_are_deleted(bolt: BoltApp) -> None:
    states = ("sent", "merged", "dropped", "failed", "held", "waiting") * PRUNED_BATCH

    def queue(session: Session) -> None:
        for state in states:
            outbox.enqueue(session, TextMessage(state), recipient="U0ADA", now=bolt.slack.now)
        for row, state in zip(session.exec(select(OutboxMessage)), states, strict=True):
            row.state, row.sent_at = state, None if state == "waiting" else bolt.slack.now
            session.add(row)

    await bolt.app.db.write(queue)
    bolt.slack.advance_clock(days=29)  # the clock runs
    await prune_outbox(bolt.app)
    assert len(await bolt.slack.outbox()) == len(states)
    bolt.slack.advance_clock(days=1)
    await prune_outbox(bolt.app)
    rest = Counter(row.state for row in await bolt.slack.outbox())
    assert rest == dict.fromkeys(("failed", "held", "waiting"), PRUNED_BATCH)


def test_slow_jobs_exist() -> None:
    assert set(MIN_INTERVAL_SECONDS) <= set(JOBS)


@pytest.mark.slow
async def test_one_export_process_does_the_work_of_all_requests(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    scenario = bolt.slack.scenario
    for name in ("preference", "annotations"):
        request = ExportRequest(name, bolt.app.settings.exports_dir)
        scenario.run_for_campaign("tone", queue_export, request, scenario.actor)
    bolt.app.child_slots["bot.export_process"] = ChildSlots()  # however long an export takes here
    with started_modules() as modules:
        await asyncio.gather(*(run_exports(bolt.app) for _ in range(8)))
    assert modules == ["bot.export_process"]
    assert [(run.state, run.attempts) for run in scenario.rows(ExportRun)] == [("done", 1)] * 2


@contextmanager
def started_modules() -> Iterator[list[str]]:
    """Yield the modules that child processes run, which are added as they start."""
    modules: list[str] = []
    is_over = Event()

    def record(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen" and not is_over.is_set():
            modules.append(arguments[1][2])

    sys.addaudithook(record)  # it cannot be removed
    yield modules
    is_over.set()
