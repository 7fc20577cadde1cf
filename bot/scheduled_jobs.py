"""Scheduled jobs. APScheduler only ticks; each job asks the database what is due.

Due times are columns, so a restart loses nothing, and a missed run is made up for once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.app_context import AppContext
from bot.child_process import run_in_child
from bot.clock import WallClock
from bot.outage_log import OutageLog
from bot.services.actors import received_requests
from bot.services.availability.reachability import ContactResult
from bot.services.experts import profiles, time_off
from bot.services.exports import claims, jobs, outcome_reports
from bot.services.imports import import_jobs
from bot.services.reminders import scheduled
from bot.services.reports import agreement, digest
from bot.services.tasks import (
    invisible_tasks,
    manual_assignment,
    scheduled_delivery,
    unanswerable_tasks,
)
from bot.services.tasks.invisible_tasks import PermanentErrors
from bot.slack.client.error_codes import ErrorKind, codes_of_kind
from bot.slack.client.profiles import fetch_dnd_status, fetch_profiles
from bot.slack.client.role_groups import sync_role_groups
from storage.tables import Role

logging.getLogger("apscheduler").setLevel(logging.ERROR)
"""It warns of each tick that a slow job misses. `OutageLog` reports what fails."""

MAX_LOOKUPS_PER_TICK = 20
"""Most people looked up in Slack per tick, so that the other jobs do not wait for all lookups."""

PERMANENT_ERRORS = PermanentErrors(
    message=codes_of_kind(ErrorKind.MESSAGE), recipient=codes_of_kind(ErrorKind.RECIPIENT)
)
"""Slack's error codes after which a task is not sent to the same expert again."""

Job = Callable[[AppContext], Awaitable[None]]
ProactiveSend = Callable[[Session, datetime], ContactResult]


async def refresh_profiles(app: AppContext) -> None:
    """Fetch the profiles of new experts from Slack, and everyone's once a day."""
    slack_ids = await app.db.read(
        profiles.list_stale_profiles, app.clock.now(), MAX_LOOKUPS_PER_TICK
    )
    if slack_ids:
        await fetch_profiles(app.sender, slack_ids)
        app.wake_outbox()


async def welcome_back(app: AppContext) -> None:
    """Send a summary to experts who returned from time off."""
    await _send_unprompted(app, time_off.welcome_back)


async def dispatch_tasks(app: AppContext) -> None:
    """Assign tasks to reachable experts who have none."""
    await _send_unprompted(app, scheduled_delivery.dispatch_tasks)


async def deliver_assigned(app: AppContext) -> None:
    """Deliver manually assigned tasks, and answers sent back, to reachable experts."""
    await _send_unprompted(app, manual_assignment.notify_assignees)


async def send_reminders(app: AppContext) -> None:
    """Send due reminders."""
    await _send_unprompted(app, scheduled.send_due_reminders)


async def ask_about_opt_out(app: AppContext) -> None:
    """Ask unresponsive experts whether they want to leave."""
    await _send_unprompted(app, scheduled.ask_about_opt_out)


async def _send_unprompted(app: AppContext, send: ProactiveSend) -> None:
    """Send messages that nobody asked for; fetch unknown Do Not Disturb statuses and try again."""
    result = await app.db.write(send, app.clock.now())
    if result.dnd_unknown_ids:
        await fetch_dnd_status(app.sender, result.dnd_unknown_ids[:MAX_LOOKUPS_PER_TICK])
        retry = await app.db.write(send, app.clock.now())
        result = ContactResult(result.messaged + retry.messaged)
    if result.messaged:
        app.wake_outbox()


async def expire_leases(app: AppContext) -> None:
    """Release tasks whose lease has expired."""
    if await app.db.write(scheduled_delivery.expire_leases, app.clock.now()):
        app.wake_outbox()


async def hold_unanswerable_tasks(app: AppContext) -> None:
    """Put skipped tasks on hold that no expert is left for."""
    if await app.db.read(unanswerable_tasks.find_unanswerable):
        await app.db.write(unanswerable_tasks.hold_unanswerable, app.clock.now())


async def repair_invisible_tasks(app: AppContext) -> None:
    """Send tasks again that their experts cannot see, because their messages failed."""
    if await app.db.write(
        invisible_tasks.repair_invisible_tasks, app.clock.now(), PERMANENT_ERRORS
    ):
        app.wake_outbox()


async def run_exports(app: AppContext) -> None:
    """Run due exports, scheduled and requested, in a child process, and report failures."""
    now = app.clock.now()
    await app.db.write(jobs.queue_due_runs, now)
    if await app.db.read(claims.has_waiting_run, now):
        await run_in_child("bot.export_process", app.settings.database_url, now)
        app.wake_outbox()
    if await app.db.read(outcome_reports.has_unreported_runs):
        await app.db.write(outcome_reports.report_outcomes, now, app.settings.coordinators)
        app.wake_outbox()


async def run_imports(app: AppContext) -> None:
    """Run the imports that were started in Slack, in a child process."""
    now = app.clock.now()
    if await app.db.read(import_jobs.has_pending_imports, now):
        await run_in_child("bot.import_process", app.settings.database_url, now)
        app.wake_outbox()


async def refresh_role_members(app: AppContext) -> None:
    """Sync roles with their user groups in Slack."""
    settings = app.settings
    groups = {
        Role.COORDINATOR: settings.coordinator_group or "",
        Role.SENIOR: settings.senior_group or "",
    }
    await sync_role_groups(app.sender, groups)


async def update_agreement(app: AppContext) -> None:
    """Recompute the agreement of one due campaign, if it has new answers."""
    now = app.clock.now()
    campaign_id = await app.db.read(agreement.next_due_campaign, now)
    if campaign_id is None:
        return
    if await app.db.read(agreement.is_current, campaign_id, now):
        await app.db.write(agreement.renew_figures, campaign_id, now)
    elif not await app.db.read(agreement.can_compute_inline, campaign_id):
        await run_in_child("bot.agreement_process", app.settings.database_url, now)
    else:
        figures = await app.db.read(agreement.compute_figures, campaign_id)
        await app.db.write(agreement.store_figures, campaign_id, figures, now)


async def send_digest(app: AppContext) -> None:
    """Send the weekly summary when it is due."""
    now, coordinators = app.clock.now(), app.settings.coordinators
    if await app.db.read(digest.is_due, now) and await app.db.write(
        digest.queue_due, now, coordinators
    ):
        app.wake_outbox()


async def forget_requests(app: AppContext) -> None:
    """Remove the records of requests that Slack no longer delivers again."""
    now = app.clock.now()
    if await app.db.read(received_requests.has_old_requests, now):
        await app.db.write(received_requests.forget_old_requests, now)


JOBS: dict[str, Job] = {
    "refresh_profiles": refresh_profiles,
    "expire_leases": expire_leases,
    "repair_invisible_tasks": repair_invisible_tasks,
    "welcome_back": welcome_back,
    "dispatch_tasks": dispatch_tasks,
    "deliver_assigned": deliver_assigned,
    "send_reminders": send_reminders,
    "ask_about_opt_out": ask_about_opt_out,
    "hold_unanswerable_tasks": hold_unanswerable_tasks,
    "run_exports": run_exports,
    "refresh_role_members": refresh_role_members,
    "run_imports": run_imports,
    "update_agreement": update_agreement,
    "send_digest": send_digest,
    "forget_requests": forget_requests,
}
"""Jobs by name, in the order in which `tick` runs them."""


MIN_INTERVAL_SECONDS = {"hold_unanswerable_tasks": 60.0}
"""Jobs that are too slow for every tick, by name."""

CLOCK_TOLERANCE = timedelta(minutes=1)
"""By how much the clock may fall behind elapsed time before it counts as set back."""


@dataclass(slots=True)
class Scheduler:
    """Runs each job every `seconds` of elapsed time, whatever the clock shows, never twice at once.

    APScheduler plans each tick by the clock, so the ticks are planned again when the clock was set
    back, and so are due times that were computed from the wrong time.
    """

    app: AppContext
    seconds: float
    outages: OutageLog = field(default_factory=OutageLog)
    apscheduler: AsyncIOScheduler = field(init=False)
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Register the jobs; each runs for the first time after its interval."""
        self.apscheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name in JOBS:
            seconds = self._interval(name).total_seconds()
            self.apscheduler.add_job(
                self._run_tracked, "interval", (name,), id=name, seconds=seconds
            )

    def start(self) -> None:
        """Start the jobs."""
        self.apscheduler.start()
        self._track(asyncio.create_task(self._watch_clock(), name="watch_clock"))

    async def stop(self) -> None:
        """Cancel the jobs and wait until they have stopped."""
        self.apscheduler.shutdown(wait=False)
        running = list(self._running)
        for task in running:
            task.cancel()
        for task in running:
            with suppress(asyncio.CancelledError):
                await task

    async def tick(self) -> None:
        """Run all jobs at once: at startup, and after the sandbox clock was changed."""
        for name, job in JOBS.items():
            await self._run_job(name, job)

    def _interval(self, name: str) -> timedelta:
        return timedelta(seconds=max(self.seconds, MIN_INTERVAL_SECONDS.get(name, 0)))

    async def _run_tracked(self, name: str) -> None:
        task = asyncio.create_task(self._run_job(name, JOBS[name]), name=name)
        self._track(task)
        await task

    def _track(self, task: asyncio.Task[None]) -> None:
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run_job(self, name: str, job: Job) -> None:
        """Run a job and log its errors; the next tick runs it again."""
        try:
            await job(self.app)
        except Exception as error:  # noqa: BLE001 - logged, and the next tick runs the job again
            self.outages.record_failure(name, error)
        else:
            self.outages.record_success(name)

    async def _watch_clock(self) -> None:
        await self._run_job("correct_due_times", correct_due_times)
        offset = _clock_offset(self.app)
        while True:
            await asyncio.sleep(self.seconds)
            self._replan_ticks()
            current = _clock_offset(self.app)
            if current < offset - CLOCK_TOLERANCE:
                await self._run_job("correct_due_times", correct_due_times)
            offset = current

    def _replan_ticks(self) -> None:
        """Bring ticks forward that lie further ahead than one interval: the clock was set back."""
        now = WallClock().now()
        for job in self.apscheduler.get_jobs():
            next_tick = now + self._interval(job.id)
            if job.next_run_time and job.next_run_time > next_tick + CLOCK_TOLERANCE:
                job.modify(next_run_time=next_tick)


def _clock_offset(app: AppContext) -> timedelta:
    """Return how far the clock is ahead of elapsed time; only setting the clock changes it."""
    return timedelta(seconds=app.clock.now().timestamp() - monotonic())


async def correct_due_times(app: AppContext) -> None:
    """Bring due times forward that were computed while the clock was ahead of the right time."""
    await app.db.write(jobs.correct_due_times, app.clock.now())
    await app.db.write(digest.correct_due_time, app.clock.now())
