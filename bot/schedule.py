"""The clock's work: APScheduler only ticks; each job asks the database what is due.

A restart loses nothing, because due times are columns, and what was missed is caught up once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.app_context import AppContext
from bot.child_process import run_in_child
from bot.services.availability.reachability import ContactResult
from bot.services.experts import profiles, time_off
from bot.services.exports import jobs
from bot.services.imports import import_jobs
from bot.services.reminders import scheduled
from bot.services.reports import agreement, digest
from bot.services.tasks import manual_assignment, scheduled_delivery
from bot.slack.client.profiles import fetch_dnd_status, fetch_profiles
from bot.slack.client.role_groups import sync_role_groups
from storage.tables import Role

log = logging.getLogger(__name__)

# A job logs what fails in it by itself; the scheduler would only report jobs that a stop cut short.
logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL)

MAX_LOOKUPS_PER_TICK = 20
"""People asked about in one tick: those who are known already must not wait for all others."""

Job = Callable[[AppContext], Awaitable[None]]
ProactiveSend = Callable[[Session, datetime], ContactResult]


async def refresh_profiles(app: AppContext) -> None:
    """Ask Slack about experts who are new, and once a day about all others."""
    people = await app.db.read(profiles.list_stale_profiles, app.clock.now(), MAX_LOOKUPS_PER_TICK)
    if people:
        await fetch_profiles(app.sender, people)
        app.wake_outbox()


async def welcome_back(app: AppContext) -> None:
    """Tell those who are back what waits."""
    await _send_unprompted(app, time_off.welcome_back)


async def dispatch_tasks(app: AppContext) -> None:
    """Give work to experts who are at work and have none."""
    await _send_unprompted(app, scheduled_delivery.dispatch_tasks)


async def deliver_assigned(app: AppContext) -> None:
    """Bring what coordinators handed out, and what was sent back, to those who are at work."""
    await _send_unprompted(app, manual_assignment.notify_assignees)


async def send_reminders(app: AppContext) -> None:
    """Remind of what waits."""
    await _send_unprompted(app, scheduled.send_due_reminders)


async def ask_about_opt_out(app: AppContext) -> None:
    """Ask those who do not answer whether they still want this."""
    await _send_unprompted(app, scheduled.ask_about_opt_out)


async def _send_unprompted(app: AppContext, send: ProactiveSend) -> None:
    """Speak to people unasked; of whom Slack was not asked lately, ask first and try again."""
    sent = await app.db.write(send, app.clock.now())
    if sent.dnd_unknown_ids:
        await fetch_dnd_status(app.sender, sent.dnd_unknown_ids[:MAX_LOOKUPS_PER_TICK])
        again = await app.db.write(send, app.clock.now())
        sent = ContactResult(sent.messaged + again.messaged)
    if sent.messaged:
        app.wake_outbox()


async def expire_leases(app: AppContext) -> None:
    """Let tasks move on whose lease ran out."""
    if await app.db.write(scheduled_delivery.expire_leases, app.clock.now()):
        app.wake_outbox()


async def run_exports(app: AppContext) -> None:
    """Run the exports that are due, those of schedules and those asked for."""
    now = app.clock.now()
    await app.db.write(jobs.queue_due_runs, now)
    if await app.db.read(jobs.has_waiting_run, now):
        await run_in_child("bot.export_process", app.settings.database_url, now)
        app.wake_outbox()


async def run_imports(app: AppContext) -> None:
    """Import the files that came through Slack and were told where they go."""
    now = app.clock.now()
    if await app.db.read(import_jobs.has_pending_imports, now):
        await run_in_child("bot.import_process", app.settings.database_url, now)
        app.wake_outbox()


async def refresh_role_members(app: AppContext) -> None:
    """Let roles follow their user groups in Slack."""
    settings = app.settings
    groups = {
        Role.COORDINATOR: settings.coordinator_group or "",
        Role.SENIOR: settings.senior_group or "",
    }
    await sync_role_groups(app.sender, groups)


async def update_agreement(app: AppContext) -> None:
    """Look again at what the answers of one campaign say together, if any came since."""
    now = app.clock.now()
    campaign = await app.db.read(agreement.next_due_campaign, now)
    if campaign is None:
        return
    if await app.db.read(agreement.is_current, campaign, now):
        await app.db.write(agreement.renew_figures, campaign, now)
    elif not await app.db.read(agreement.can_compute_inline, campaign):
        await run_in_child("bot.agreement_process", app.settings.database_url, now)
    else:
        found = await app.db.read(agreement.compute_figures, campaign)
        await app.db.write(agreement.store_figures, campaign, found, now)


async def send_digest(app: AppContext) -> None:
    """Send the weekly summary."""
    now, coordinators = app.clock.now(), app.settings.coordinators
    if await app.db.read(digest.is_due, now) and await app.db.write(
        digest.queue_due, now, coordinators
    ):
        app.wake_outbox()


JOBS: dict[str, Job] = {
    "refresh_profiles": refresh_profiles,
    "expire_leases": expire_leases,
    "welcome_back": welcome_back,
    "dispatch_tasks": dispatch_tasks,
    "deliver_assigned": deliver_assigned,
    "send_reminders": send_reminders,
    "ask_about_opt_out": ask_about_opt_out,
    "run_exports": run_exports,
    "refresh_role_members": refresh_role_members,
    "run_imports": run_imports,
    "update_agreement": update_agreement,
    "send_digest": send_digest,
}
"""What each tick looks for, in this order at the first one."""


def build_scheduler(app: AppContext, seconds: float) -> AsyncIOScheduler:
    """Return a scheduler that ticks each job every `seconds`, one run of a job at a time."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for name, job in JOBS.items():
        scheduler.add_job(
            _run_job,
            "interval",
            args=(name, job, app),
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


async def tick(app: AppContext) -> None:
    """Do at once all that is due: at the start, and when somebody turned the clock."""
    for name, job in JOBS.items():
        await _run_job(name, job, app)


async def _run_job(name: str, job: Job, app: AppContext) -> None:
    """Run a job; what fails is logged, and looked at again at the next tick."""
    try:
        await job(app)
    except Exception:
        log.exception("the %s job failed; it runs again at the next tick", name)
