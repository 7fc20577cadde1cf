"""The clock's work: APScheduler only ticks; each job asks the database what is due.

A restart loses nothing, because due times are columns, and what was missed is caught up once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.child_process import run_in_child
from bot.desk import Desk
from bot.services import (
    allotting,
    bringing,
    digesting,
    nudging,
    profiling,
    pushing,
    resting,
    scheduling,
    surveying,
)
from bot.services.speaking import Spoken
from bot.slack.following import follow_groups
from bot.slack.profiles import fetch_profiles, fetch_quiet
from storage.tables import Role

log = logging.getLogger(__name__)

# A job logs what fails in it by itself; the scheduler would only report jobs that a stop cut short.
logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL)

MOST_ASKED = 20
"""People asked about in one tick: those who are known already must not wait for all others."""

Job = Callable[[Desk], Awaitable[None]]
Speaking = Callable[[Session, datetime], Spoken]


async def read_profiles(desk: Desk) -> None:
    """Ask Slack about experts who are new, and once a day about all others."""
    people = await desk.db.read(profiling.to_ask_about, desk.clock.now(), MOST_ASKED)
    if people:
        await fetch_profiles(desk.sender, people)
        desk.wake()


async def welcome(desk: Desk) -> None:
    """Tell those who are back what waits."""
    await _speak(desk, resting.welcome)


async def dispatch(desk: Desk) -> None:
    """Give work to experts who are at work and have none."""
    await _speak(desk, pushing.dispatch)


async def bring(desk: Desk) -> None:
    """Bring what coordinators handed out, and what was sent back, to those who are at work."""
    await _speak(desk, allotting.bring)


async def remind(desk: Desk) -> None:
    """Remind of what waits."""
    await _speak(desk, nudging.remind)


async def ask_to_stay(desk: Desk) -> None:
    """Ask those who do not answer whether they still want this."""
    await _speak(desk, nudging.ask_to_stay)


async def _speak(desk: Desk, deed: Speaking) -> None:
    """Speak to people unasked; of whom Slack was not asked lately, ask first and try again."""
    spoken = await desk.db.write(deed, desk.clock.now())
    if spoken.to_ask:
        await fetch_quiet(desk.sender, spoken.to_ask[:MOST_ASKED])
        again = await desk.db.write(deed, desk.clock.now())
        spoken = Spoken(spoken.people + again.people)
    if spoken.people:
        desk.wake()


async def expire(desk: Desk) -> None:
    """Let tasks move on whose lease ran out."""
    if await desk.db.write(pushing.expire, desk.clock.now()):
        desk.wake()


async def export(desk: Desk) -> None:
    """Run the exports that are due, those of schedules and those asked for."""
    now = desk.clock.now()
    await desk.db.write(scheduling.queue_due, now)
    if await desk.db.read(scheduling.is_waiting, now):
        await run_in_child("bot.export_process", desk.settings.database_url, now)
        desk.wake()


async def bring_in(desk: Desk) -> None:
    """Import the files that came through Slack and were told where they go."""
    now = desk.clock.now()
    if await desk.db.read(bringing.is_waiting, now):
        await run_in_child("bot.import_process", desk.settings.database_url, now)
        desk.wake()


async def follow(desk: Desk) -> None:
    """Let roles follow their user groups in Slack."""
    settings = desk.settings
    groups = {
        Role.COORDINATOR: settings.coordinator_group or "",
        Role.SENIOR: settings.senior_group or "",
    }
    await follow_groups(desk.sender, groups)


async def survey(desk: Desk) -> None:
    """Look again at what the answers of one campaign say together, if any came since."""
    now = desk.clock.now()
    campaign = await desk.db.read(surveying.due, now)
    if campaign is None:
        return
    if await desk.db.read(surveying.is_current, campaign, now):
        await desk.db.write(surveying.look_again, campaign, now)
    elif not await desk.db.read(surveying.is_quick, campaign):
        await run_in_child("bot.survey_process", desk.settings.database_url, now)
    else:
        found = await desk.db.read(surveying.survey, campaign)
        await desk.db.write(surveying.keep, campaign, found, now)


async def digest(desk: Desk) -> None:
    """Send the weekly summary."""
    now, coordinators = desk.clock.now(), desk.settings.coordinators
    if await desk.db.read(digesting.is_due, now) and await desk.db.write(
        digesting.queue_due, now, coordinators
    ):
        desk.wake()


JOBS: dict[str, Job] = {
    "read_profiles": read_profiles,
    "expire": expire,
    "welcome": welcome,
    "dispatch": dispatch,
    "bring": bring,
    "remind": remind,
    "ask_to_stay": ask_to_stay,
    "export": export,
    "follow": follow,
    "bring_in": bring_in,
    "survey": survey,
    "digest": digest,
}
"""What each tick looks for, in this order at the first one."""


def scheduler_for(desk: Desk, seconds: float) -> AsyncIOScheduler:
    """Return a scheduler that ticks each job every `seconds`, one run of a job at a time."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for name, job in JOBS.items():
        scheduler.add_job(
            _safely,
            "interval",
            args=(name, job, desk),
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


async def tick(desk: Desk) -> None:
    """Do at once all that is due: at the start, and when somebody turned the clock."""
    for name, job in JOBS.items():
        await _safely(name, job, desk)


async def _safely(name: str, job: Job, desk: Desk) -> None:
    """Run a job; what fails is logged, and looked at again at the next tick."""
    try:
        await job(desk)
    except Exception:
        log.exception("the %s job failed; it runs again at the next tick", name)
