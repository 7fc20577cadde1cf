"""Bulk work over the HTTP API while experts answer at a fixed rate, on both databases."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import orjson
from sqlalchemy.engine import make_url

from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.api_keys import keys
from bot.services.tasks import next_task
from storage.database import Database
from storage.tables import KeyScope
from tests.benchmarks import data, postgresql, processes, report, slack_requests
from tests.benchmarks.bot_process import LABELBOT_COMMAND, run_bot, run_labelbot
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.large.crowded_database import IMPORTED_ITEMS, Crowd, open_crowded_database
from tests.benchmarks.large.sizes import FULL_SIZE, BulkSize, LargeSize
from tests.benchmarks.report import Section, Target, format_ms, format_rate, format_ratio
from tests.benchmarks.slack_stub import SlackStub

DESCRIPTION = """
Experts answer {rate} tasks a second, over signed HTTP, and the bot sends them their next tasks.
First alone, then while a client pushes {pushed:,} items, and then while another reads {read:,}
answers, both over the API, which is a separate process. A latency counts from the moment at which
the tap was due. The rates of `labelbot import` and `labelbot export --aggregate none` are those of
the same amounts on the same database, without experts. While experts answer, the API pauses after
each transaction of a push, and after each part of a stream, for as long as that took.
"""

COLUMNS = ("", "answers", "median", "p99", "of alone", "rows", "command line")

LIMIT = 1.5
"""Target: p99 of an answer, relative to that without bulk work."""

PUSH, READ = "while items are pushed", "while answers are read"

Load = subprocess.Popen[bytes]

READY_PATTERN = r"http://127\.0\.0\.1:(\d+)/"

WARM_UP_ANSWERS = 8
"""Answers at the start of each phase that are not measured: connections and caches are cold."""


@dataclass(frozen=True, slots=True)
class _Phase:
    """The latencies of the answers in a phase, and the rows per second of the bulk work."""

    latencies: Sequence[float]
    rate: float | None = None

    @property
    def p99(self) -> float:
        """Return the 99th percentile in seconds."""
        return quantiles(self.latencies, n=100, method="inclusive")[98]


def measure(size: LargeSize, folder: Path) -> Section:
    """Measure each database of the size."""
    rows: list[Sequence[str]] = []
    targets: list[Target] = []
    for name in size.bulk.databases:
        with ExitStack() as stack:
            is_sqlite = name == "SQLite"
            url = (
                f"sqlite:///{folder}/bulk.db"
                if is_sqlite
                else stack.enter_context(postgresql.run_server())
            )
            database = stack.enter_context(open_crowded_database(url, folder, size.bulk.crowd))
            phases = _measure_phases(database, url, folder, size.bulk)
            lines = _command_line_rates(url, folder, size.bulk)
        alone = phases["alone"]
        for phase, found in phases.items():
            ratio = found.p99 / alone.p99
            rows.append(
                (
                    f"{name}, {phase}",
                    f"{len(found.latencies):,}",
                    format_ms(median(found.latencies)),
                    format_ms(found.p99),
                    format_ratio(ratio),
                    "" if found.rate is None else format_rate(found.rate),
                    format_rate(lines[phase]) if phase in lines else "",
                )
            )
            if found is not alone:
                figure = f"answers on {name}, {phase}: p99 relative to that alone"
                limit, measured = f"{LIMIT:.2f}", format_ratio(ratio)
                targets.append(Target(figure, limit, measured, ratio <= LIMIT))
    description = DESCRIPTION.format(
        rate=size.bulk.rate, pushed=size.bulk.pushed, read=size.bulk.crowd.answers
    )
    return Section("Bulk work while experts answer", description, COLUMNS, rows, targets)


def _measure_phases(
    database: Database, url: str, folder: Path, size: BulkSize
) -> dict[str, _Phase]:
    assignments = iter(_open_tasks(database, 3 * size.clicks))
    actor = Actor("benchmarks", COMMAND_LINE, datetime.now(UTC))
    key = database.write_now(keys.create_key, "bulk", KeyScope.ADMIN, (), actor).key
    path = folder / "pushed.jsonl"
    data.write_pairs(path, size.pushed, "pushed")
    with SlackStub() as stub, run_bot(url, stub) as bot, _run_api(url) as api:
        env = {"LABELBOT_API_URL": f"http://127.0.0.1:{api}", "LABELBOT_API_KEY": key}
        work = {
            "alone": None,
            PUSH: _Bulk(("push", str(path)), size.pushed, env),
            READ: _Bulk(("read",), size.crowd.answers, env),
        }
        phases: dict[str, _Phase] = {}
        for name, bulk in work.items():
            chosen = [next(assignments) for _ in range(size.clicks)]
            requests = slack_requests.http_requests(chosen, stub.response_url)
            with _paced_load(requests, bot.port, folder, size.rate) as load:
                phases[name] = _measure_phase(load, bulk)
        return phases


def _open_tasks(database: Database, count: int) -> list[OpenAssignment]:
    """Give a task to so many experts."""
    for slack_id in data.expert_ids(count):
        database.write_now(
            next_task.decide_next_task, slack_id, None, datetime.now(UTC), is_requested=True
        )
    found = database.read_now(data.open_assignments)
    if len(found) != count:
        message = f"{len(found):,} of {count:,} experts have a task"
        raise AssertionError(message)
    return found


@contextmanager
def _run_api(url: str) -> Iterator[int]:
    arguments = (*LABELBOT_COMMAND, "api", "--port", "0", "--rate", "1000000")
    env = {"DATABASE_URL": url}
    with processes.start_python(*arguments, ready=READY_PATTERN, env=env) as process:
        yield process.port


@dataclass(frozen=True, slots=True)
class _Bulk:
    """Bulk work in a process of its own: its arguments and how many rows it must have."""

    arguments: tuple[str, ...]
    rows: int
    env: Mapping[str, str]

    def run(self) -> float:
        """Do the work; return the rows per second."""
        module = ("-m", "tests.benchmarks.large.api_work")
        process = processes.run_python(*module, *self.arguments, env=self.env)
        result = orjson.loads(process.output)
        if result["rows"] < self.rows:
            message = f"{self.arguments[0]}: {result['rows']:,} of {self.rows:,} rows"
            raise AssertionError(message)
        return float(result["rows"] / result["seconds"])


@contextmanager
def _paced_load(requests: list[str], port: int, folder: Path, rate: int) -> Iterator[Load]:
    """Send requests at a fixed rate from a process of its own; yield the process."""
    path = folder / "clicks.json"
    path.write_bytes(orjson.dumps(requests))
    arguments = ("-m", "tests.benchmarks.paced_load", str(path), str(port), str(rate))
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
    if process.returncode:
        message = "some clicks were not acknowledged"
        raise AssertionError(message)


def _measure_phase(load: Load, bulk: _Bulk | None) -> _Phase:
    """Wait until the bulk work ends, or all clicks are sent if there is none."""
    if load.stdin is None or load.stdout is None:
        message = "the load has no pipes"
        raise AssertionError(message)
    rate = bulk.run() if bulk else None
    output = b"" if bulk else load.stdout.readline()
    load.stdin.close()
    latencies = orjson.loads(output or load.stdout.readline())
    return _Phase(latencies[WARM_UP_ANSWERS:], rate)


def _command_line_rates(url: str, folder: Path, size: BulkSize) -> dict[str, float]:
    """Return the rows per second of the same work on the command line, without experts."""
    path = folder / "imported.jsonl"
    data.write_pairs(path, size.pushed, "imported")
    imported = run_labelbot(url, "import", data.CAMPAIGN, str(path))
    target = folder / f"exports-{make_url(url).get_backend_name()}"
    exported = run_labelbot(
        url, "export", data.CAMPAIGN, "--aggregate", "none", "--to", str(target)
    )
    return {
        PUSH: size.pushed / imported.seconds,
        READ: size.crowd.answers / exported.seconds,
    }


def main() -> None:
    """Run this benchmark alone, with sizes as options, and print a page for each database."""
    parser = ArgumentParser(description=__doc__)
    full = FULL_SIZE.bulk
    parser.add_argument("--pushed", type=int, default=full.pushed, help="items to push")
    parser.add_argument("--answers", type=int, default=full.crowd.answers, help="answers to read")
    parser.add_argument("--rate", type=int, default=full.rate, help="answers a second")
    parser.add_argument("--clicks", type=int, default=full.clicks, help="answers in each phase")
    parser.add_argument("--database", choices=full.databases, action="append")
    chosen = parser.parse_args()
    answered = chosen.answers // full.crowd.overlap
    items = answered + 3 * chosen.clicks
    items += -items % IMPORTED_ITEMS
    crowd = Crowd(items, 3 * chosen.clicks, full.crowd.overlap, answered)
    for name in chosen.database or full.databases:
        size = BulkSize((name,), crowd, chosen.pushed, chosen.rate, chosen.clicks)
        with TemporaryDirectory(prefix="labelbot-bench-") as folder:
            section = measure(replace(FULL_SIZE, bulk=size), Path(folder))
        page = report.build_page([section], datetime.now(UTC).date(), "")
        print(page, flush=True)  # noqa: T201 - the output of this command


if __name__ == "__main__":
    main()
