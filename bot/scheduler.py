"""The scheduler. APScheduler only ticks; `bot/scheduled_jobs.py` has the jobs."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from time import monotonic

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import DBAPIError

from bot.app_context import AppContext
from bot.clock import WallClock
from bot.leadership import RENEWAL_SECONDS, Leadership
from bot.scheduled_jobs import JOBS, Job, correct_due_times
from bot.spans import span
from storage.correlation import correlate
from storage.outage import outage_cause
from storage.outage_log import OutageLog

log = logging.getLogger(__name__)

logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
"""It logs each tick that a slow job misses, and jobs that a shutdown cancels. `JobFailures`
reports what fails."""

MIN_INTERVAL_SECONDS = {
    "hold_unanswerable_tasks": 60.0,
    "report_dead_ends": 600.0,
    "prune_outbox": 3600.0,
    "prune_webhook_deliveries": 3600.0,
    "remove_messages": 60.0,
    "erase_expired": 3600.0,
}
"""Jobs that are too slow for every tick, by name."""

CLOCK_TOLERANCE = timedelta(minutes=1)
"""By how much the clock may fall behind elapsed time before it counts as set back."""


NETWORK_ERRORS = (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError)


class JobFailures:
    """Remembers which jobs fail and why, so that a cause is logged once for all of them."""

    def __init__(self) -> None:
        """Start without failures."""
        self._log = OutageLog(log)
        self._jobs: dict[str, set[str]] = {}

    def record(self, job: str, error: Exception) -> None:
        """Log why a job failed, unless this was logged since the cause began.

        An outage of the network is one line, anything else has a traceback. The database logs its
        outages itself.
        """
        if outage_cause(error):
            return
        is_network = isinstance(error, NETWORK_ERRORS)
        cause = "network" if is_network else f"{job}: {type(error).__name__}"
        self._jobs.setdefault(cause, set()).add(job)
        reason = " ".join(str(error).split()) or type(error).__name__
        self._log.begin(
            cause,
            f"the {job} job failed; it runs again at the next tick: {reason}",
            error=None if is_network else error,
        )

    def record_success(self, job: str) -> None:
        """Log the end of each outage in which this was the last job that failed."""
        for cause, jobs in list(self._jobs.items()):
            jobs.discard(job)
            if not jobs:
                del self._jobs[cause]
                self._log.end(cause, f"the {job} job works again")


@dataclass(slots=True)
class Scheduler:
    """Runs each job every `seconds` of elapsed time, whatever the clock shows, never twice at once.

    APScheduler plans each tick by the clock, so the ticks are planned again when the clock was set
    back, and so are due times that were computed from the wrong time. Of several bots, only the
    leader runs jobs.
    """

    app: AppContext
    seconds: float
    leadership: Leadership
    failures: JobFailures = field(default_factory=JobFailures)
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
        self._track(asyncio.create_task(self._keep_leadership(), name="keep_leadership"))

    async def stop(self) -> None:
        """Cancel the jobs and wait until they have stopped."""
        self.apscheduler.shutdown(wait=False)
        running = list(self._running)
        for task in running:
            task.cancel()
        for task in running:
            with suppress(asyncio.CancelledError):
                await task
        with suppress(DBAPIError):  # then the lease ends with this process
            await self.leadership.give_up()

    async def tick(self) -> None:
        """Run all jobs at once: at startup, and after the sandbox clock was changed."""
        await self._renew_leadership()
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
        if not self.leadership.is_held:
            return
        try:
            with correlate(), span("job", job=name):
                await job(self.app)
        except Exception as error:  # noqa: BLE001 - logged, and the next tick runs the job again
            self.failures.record(name, error)
        else:
            self.failures.record_success(name)

    async def _keep_leadership(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            await self._renew_leadership()

    async def _renew_leadership(self) -> None:
        with suppress(DBAPIError):  # the database logs its outages itself
            await self.leadership.renew()

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
