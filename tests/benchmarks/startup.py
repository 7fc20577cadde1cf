"""From the start of the process to the first message in Slack, and the memory of an idle bot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from sqlalchemy import update
from sqlmodel import Session, select

from bot.cron import CronSchedule
from bot.sandbox import Sandbox, SimulatedUser
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from bot.slack.app_manifest import build_manifest
from storage.database import Database
from storage.tables import Expert, ExportRun, RunState
from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import LABELBOT_COMMAND, READY_PATTERN, bot_environment
from tests.benchmarks.report import Section, Target, format_mb, format_ratio, format_seconds
from tests.benchmarks.sizes import BenchmarkSize

FLOOR_PROGRAM = "import slack_bolt.async_app, sqlmodel, aiohttp"

MAX_START_SECONDS, MAX_IDLE_BYTES = 2.0, 120_000_000
"""Seconds to the first message, and bytes of an idle bot."""

ANSWERED_TASKS, REMAINING_TASKS = 1_000, 20
"""Tasks that are answered already, for the export, and that are still to do."""

TIMEOUT_SECONDS = 60

DESCRIPTION = """
`labelbot run` in Socket Mode on SQLite, against the sandbox, which checks what it is sent as Slack
does. One expert waits for work, and the database is there. The time runs from the start of the
process until the sandbox has the expert's first task, the median of {starts} starts. Memory is what
the process holds (resident, shared libraries included) {idle:g} seconds later, and again after a
scheduled export of {answered:,} answers ran, which is done by a process of its own. The floor is
`python -c "{floor}"`: its time to the end, its peak memory.
"""

COLUMNS = ("", "figure", "of the floor")


@dataclass(frozen=True, slots=True)
class StartFigures:
    """Seconds to the first message; bytes when idle, and after an export."""

    seconds: float
    idle_bytes: int
    after_export_bytes: int


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure several starts."""
    floors = [processes.run_python("-c", FLOOR_PROGRAM) for _ in range(size.starts)]
    starts = [_measure_start(size, folder, number) for number in range(size.starts)]
    seconds, floor = (median(one.seconds for one in found) for found in (starts, floors))
    idle_bytes, after_export_bytes = (
        max(one.idle_bytes for one in starts),
        max(one.after_export_bytes for one in starts),
    )
    peak = median(one.peak_bytes for one in floors)
    rows = [
        ("*floor:* the imports alone, time", format_seconds(floor), format_ratio(1)),
        ("first message", format_seconds(seconds), format_ratio(seconds / floor)),
        ("*floor:* the imports alone, memory", format_mb(peak), format_ratio(1)),
        ("idle", format_mb(idle_bytes), format_ratio(idle_bytes / peak)),
        (
            "idle after an export",
            format_mb(after_export_bytes),
            format_ratio(after_export_bytes / peak),
        ),
    ]
    description = DESCRIPTION.format(
        starts=size.starts, idle=size.idle_seconds, answered=ANSWERED_TASKS, floor=FLOOR_PROGRAM
    )
    targets = [
        Target(
            "from start to first message",
            format_seconds(MAX_START_SECONDS),
            format_seconds(seconds),
            seconds < MAX_START_SECONDS,
        ),
        Target(
            "memory of an idle bot",
            format_mb(MAX_IDLE_BYTES),
            format_mb(idle_bytes),
            idle_bytes < MAX_IDLE_BYTES,
        ),
        Target(
            "the same after an export",
            format_mb(MAX_IDLE_BYTES),
            format_mb(after_export_bytes),
            after_export_bytes < MAX_IDLE_BYTES,
        ),
    ]
    return Section("A start, and an idle bot", description, COLUMNS, rows, targets)


def _measure_start(size: BenchmarkSize, folder: Path, number: int) -> StartFigures:
    url = f"sqlite:///{folder}/start-{number}.db"
    with (
        Sandbox(build_manifest(None)) as sandbox,
        _prepare_expert(sandbox, url, folder) as (ada, database),
    ):
        env = bot_environment(url, sandbox.api_url) | {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "LABELBOT_TICK_SECONDS": "1",
        }
        with processes.start_python(*LABELBOT_COMMAND, "run", ready=READY_PATTERN, env=env) as bot:
            sandbox.wait_until(lambda: ada.messages, within=TIMEOUT_SECONDS)
            seconds = perf_counter() - bot.started
            sleep(size.idle_seconds)
            idle = processes.resident_bytes(bot.pid)
            _run_scheduled_export(database, folder)
            sleep(size.idle_seconds)
            return StartFigures(seconds, idle, processes.resident_bytes(bot.pid))


@contextmanager
def _prepare_expert(
    sandbox: Sandbox, url: str, folder: Path
) -> Iterator[tuple[SimulatedUser, Database]]:
    ada = sandbox.add_user("ada")
    with data.open_campaign(url, [ada.id]) as database:
        data.import_items(database, folder / "start.jsonl", ANSWERED_TASKS + REMAINING_TASKS)
        data.answer_tasks(database, unassigned_count=REMAINING_TASKS)
        database.write_now(_clear_dm_channels)
        yield ada, database


def _clear_dm_channels(session: Session) -> None:
    """Let the bot find the DM itself: here Slack knows which there are."""
    session.connection().execute(update(Expert).values(channel=None))


def _run_scheduled_export(database: Database, folder: Path) -> None:
    """Schedule an export that is due, and wait until the bot has seen to it."""
    database.write_now(_schedule_export, folder)
    deadline = perf_counter() + TIMEOUT_SECONDS
    while not database.read_now(_is_export_done):
        if perf_counter() > deadline:
            message = "the bot has not exported"
            raise TimeoutError(message)
        sleep(0.05)


def _schedule_export(session: Session, folder: Path) -> None:
    actor = Actor("benchmarks", COMMAND_LINE, datetime.now(UTC) - timedelta(minutes=2))
    campaign = campaigns.campaign_by_name(session, data.CAMPAIGN)
    request = ExportRequest("preference", folder / "exports")
    jobs.schedule_export(session, campaign, request, CronSchedule("* * * * *"), actor)


def _is_export_done(session: Session) -> bool:
    return session.exec(select(ExportRun.state)).first() == RunState.DONE
