"""The time from the start of the bot to its first message, and its memory when idle."""

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
from bot.services.exports import schedules
from bot.services.exports.export_request import ExportRequest
from bot.slack.app_manifest import build_manifest
from storage.database import Database
from storage.tables import Expert, ExportRun, RunState
from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import LABELBOT_COMMAND, READY_PATTERN, bot_environment
from tests.benchmarks.report import Section, Target, format_mb, format_ratio, format_seconds
from tests.benchmarks.sizes import BenchmarkSize

FLOOR_PROGRAM = "import slack_bolt.async_app, sqlmodel, aiohttp"

MAX_START_RATIO, MAX_IDLE_BYTES = 1.9, 120_000_000
"""The limits for the time to the first message, relative to that of the imports alone, and for the
memory of an idle bot."""

ANSWERED_TASKS, REMAINING_TASKS = 1_000, 20
"""Answered tasks for the export, and open tasks for the expert."""

TIMEOUT_SECONDS = 60

DESCRIPTION = """
`labelbot run` in Socket Mode on SQLite, connected to the sandbox, which validates requests as Slack
does. The database exists, and one expert is available. The time runs from the start of the process
until the sandbox has received the expert's first task; it is the median of {starts} starts. Memory
is the resident memory of the process, including shared libraries, {idle:g} seconds later, and again
after a scheduled export of {answered:,} answers, which runs in a child process. The floor is the
run time and the peak memory of `python -c "{floor}"`.
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
    seconds = median(start.seconds for start in starts)
    floor = median(process.seconds for process in floors)
    idle_bytes = max(start.idle_bytes for start in starts)
    after_export_bytes = max(start.after_export_bytes for start in starts)
    peak = median(process.peak_bytes for process in floors)
    rows = [
        ("*floor:* time of the imports alone", format_seconds(floor), format_ratio(1)),
        ("time to first message", format_seconds(seconds), format_ratio(seconds / floor)),
        ("*floor:* memory of the imports alone", format_mb(peak), format_ratio(1)),
        ("memory when idle", format_mb(idle_bytes), format_ratio(idle_bytes / peak)),
        (
            "memory when idle after an export",
            format_mb(after_export_bytes),
            format_ratio(after_export_bytes / peak),
        ),
    ]
    description = DESCRIPTION.format(
        starts=size.starts, idle=size.idle_seconds, answered=ANSWERED_TASKS, floor=FLOOR_PROGRAM
    )
    targets = [
        Target(
            "time from start to first message relative to the imports alone",
            format_ratio(MAX_START_RATIO),
            format_ratio(seconds / floor),
            seconds <= MAX_START_RATIO * floor,
        ),
        Target(
            "memory of an idle bot",
            format_mb(MAX_IDLE_BYTES),
            format_mb(idle_bytes),
            idle_bytes < MAX_IDLE_BYTES,
        ),
        Target(
            "memory of an idle bot after an export",
            format_mb(MAX_IDLE_BYTES),
            format_mb(after_export_bytes),
            after_export_bytes < MAX_IDLE_BYTES,
        ),
    ]
    return Section("Startup and idle memory", description, COLUMNS, rows, targets)


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
    """Remove the DM channels, because the sandbox has its own and the bot must open them."""
    session.connection().execute(update(Expert).values(channel=None))


def _run_scheduled_export(database: Database, folder: Path) -> None:
    """Schedule an export that is due now, and wait until the bot has run it."""
    database.write_now(_schedule_export, folder)
    deadline = perf_counter() + TIMEOUT_SECONDS
    while not database.read_now(_is_export_done):
        if perf_counter() > deadline:
            message = "the scheduled export did not finish in time"
            raise TimeoutError(message)
        sleep(0.05)


def _schedule_export(session: Session, folder: Path) -> None:
    actor = Actor("benchmarks", COMMAND_LINE, datetime.now(UTC) - timedelta(minutes=2))
    campaign = campaigns.campaign_by_name(session, data.CAMPAIGN)
    request = ExportRequest("preference", folder / "exports")
    schedules.schedule_export(session, campaign, request, CronSchedule("* * * * *"), actor)


def _is_export_done(session: Session) -> bool:
    return session.exec(select(ExportRun.state)).first() == RunState.DONE
