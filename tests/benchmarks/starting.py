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

from bot.recurring import Rhythm
from bot.sandbox import Person, Sandbox
from bot.services import campaigning, scheduling
from bot.services.auditing import COMMAND_LINE
from bot.services.directing import By
from bot.services.scheduling import Wanted
from bot.slack.manifest import manifest
from storage.database import Database
from storage.tables import Expert, ExportRun, RunState
from tests.benchmarks import processes, stock
from tests.benchmarks.labelbots import LABELBOT, READY, settings
from tests.benchmarks.report import Promise, Section, mb, ratio, s
from tests.benchmarks.sizes import Size

FLOOR = "import slack_bolt.async_app, sqlmodel, aiohttp"

SOONEST, MOST = 2.0, 120_000_000
"""Seconds to the first message, and bytes of an idle bot."""

ANSWERED, LEFT = 1_000, 20
"""Tasks that are answered already, for the export, and that are still to do."""

PATIENCE = 60

WORDS = """
`labelbot run` in Socket Mode on SQLite, against the sandbox, which checks what it is sent as Slack
does. One expert waits for work, and the database is there. The time runs from the start of the
process until the sandbox has the expert's first task, the median of {starts} starts. Memory is what
the process holds (resident, shared libraries included) {idle:g} seconds later, and again after a
scheduled export of {answered:,} answers ran, which is done by a process of its own. The floor is
`python -c "{floor}"`: its time to the end, its peak memory.
"""

COLUMNS = ("", "figure", "of the floor")


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds to the first message; bytes when idle, and after an export."""

    seconds: float
    idle: int
    exported: int


def measure(size: Size, folder: Path) -> Section:
    """Measure several starts."""
    floors = [processes.run("-c", FLOOR) for _ in range(size.starts)]
    starts = [_start(size, folder, number) for number in range(size.starts)]
    seconds, floor = (median(one.seconds for one in found) for found in (starts, floors))
    idle, exported = max(one.idle for one in starts), max(one.exported for one in starts)
    peak = median(one.peak for one in floors)
    rows = [
        ("*floor:* the imports alone, time", s(floor), ratio(1)),
        ("first message", s(seconds), ratio(seconds / floor)),
        ("*floor:* the imports alone, memory", mb(peak), ratio(1)),
        ("idle", mb(idle), ratio(idle / peak)),
        ("idle after an export", mb(exported), ratio(exported / peak)),
    ]
    words = WORDS.format(starts=size.starts, idle=size.idle, answered=ANSWERED, floor=FLOOR)
    promises = [
        Promise("from start to first message", s(SOONEST), s(seconds), seconds < SOONEST),
        Promise("memory of an idle bot", mb(MOST), mb(idle), idle < MOST),
        Promise("the same after an export", mb(MOST), mb(exported), exported < MOST),
    ]
    return Section("A start, and an idle bot", words, COLUMNS, rows, promises)


def _start(size: Size, folder: Path, number: int) -> Started:
    url = f"sqlite:///{folder}/start-{number}.db"
    with Sandbox(manifest(None)) as sandbox, _one_expert(sandbox, url, folder) as (ada, database):
        env = settings(url, sandbox.api_url) | {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "LABELBOT_TICK_SECONDS": "1",
        }
        with processes.running(*LABELBOT, "run", ready=READY, env=env) as bot:
            sandbox.wait_until(lambda: ada.messages, within=PATIENCE)
            seconds = perf_counter() - bot.begun
            sleep(size.idle)
            idle = processes.memory(bot.pid)
            _export(database, folder)
            sleep(size.idle)
            return Started(seconds, idle, processes.memory(bot.pid))


@contextmanager
def _one_expert(sandbox: Sandbox, url: str, folder: Path) -> Iterator[tuple[Person, Database]]:
    ada = sandbox.person("ada")
    with stock.campaign(url, [ada.id]) as database:
        stock.fill(database, folder / "start.jsonl", ANSWERED + LEFT)
        stock.answer(database, spare=LEFT)
        database.write_now(_not_met_yet)
        yield ada, database


def _not_met_yet(session: Session) -> None:
    """Let the bot find the DM itself: here Slack knows which there are."""
    session.connection().execute(update(Expert).values(channel=None))


def _export(database: Database, folder: Path) -> None:
    """Schedule an export that is due, and wait until the bot has seen to it."""
    database.write_now(_scheduled, folder)
    until = perf_counter() + PATIENCE
    while not database.read_now(_is_exported):
        if perf_counter() > until:
            message = "the bot has not exported"
            raise TimeoutError(message)
        sleep(0.05)


def _scheduled(session: Session, folder: Path) -> None:
    by = By("benchmarks", COMMAND_LINE, datetime.now(UTC) - timedelta(minutes=2))
    campaign = campaigning.campaign_named(session, stock.CAMPAIGN)
    wanted = Wanted("preference", folder / "exports")
    scheduling.schedule_export(session, campaign, wanted, Rhythm("* * * * *"), by)


def _is_exported(session: Session) -> bool:
    return session.exec(select(ExportRun.state)).first() == RunState.DONE
