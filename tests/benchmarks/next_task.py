"""The time from a click to the next task, one click after the other."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from tests.benchmarks import processes
from tests.benchmarks.bot_process import run_bot
from tests.benchmarks.bot_under_load import BotUnderLoad, assigned_tasks
from tests.benchmarks.processes import RunningProcess
from tests.benchmarks.report import Section, format_ms, format_ratio
from tests.benchmarks.sizes import BenchmarkSize
from tests.benchmarks.slack_stub import SlackStub

WARMUP_CLICKS = 20
"""Clicks before the measured ones."""

DESCRIPTION = """
{clicks} clicks, one after the other, each by a different expert, over signed HTTP, on SQLite. The
time runs from the click until the stub has received the message that replaces the answered task:
the receipt and the next task. Slack's own latency is not included. The floor stores and renders
nothing: it acknowledges and then sends a message of the same size.
"""

COLUMNS = ("", "click to acknowledgment", "click to next task", "p99", "of the floor")


@dataclass(frozen=True, slots=True)
class ClickTimes:
    """Seconds from a click to its acknowledgment, and to the next task."""

    ack_seconds: float
    next_task_seconds: float


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure clicks on the bot and on the floor."""
    url = f"sqlite:///{folder}/next-task.db"
    count = size.next_task_clicks + WARMUP_CLICKS
    with SlackStub() as stub, assigned_tasks(url, folder, count, burst_count=1) as database:
        bot = BotUnderLoad(0, folder, database, stub)
        clicks = [request.encode() for request in bot.click_requests()]
        floor_times = _time_clicks(clicks, _start_floor_app(stub), stub)
        bot_times = _time_clicks(clicks, run_bot(url, stub), stub)
        bot.check_stored_clicks()
    rows = [
        _build_row("*floor:* a Bolt app that only replies", floor_times, floor_times),
        _build_row("the bot", bot_times, floor_times),
    ]
    description = DESCRIPTION.format(clicks=size.next_task_clicks)
    return Section("Next task", description, COLUMNS, rows)


def _start_floor_app(stub: SlackStub) -> AbstractContextManager[RunningProcess]:
    arguments = ("tests.benchmarks.empty_apps", "replying", stub.api_url)
    return processes.start_python("-m", *arguments, ready=r"(\d+)\n")


def _time_clicks(
    clicks: list[bytes], app: AbstractContextManager[RunningProcess], stub: SlackStub
) -> list[ClickTimes]:
    with app as process, socket.create_connection(("127.0.0.1", process.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return [_time_click(connection, click, stub) for click in clicks][WARMUP_CLICKS:]


def _time_click(connection: socket.socket, click: bytes, stub: SlackStub) -> ClickTimes:
    started = perf_counter()
    connection.sendall(click)
    response = connection.recv(65536)
    ack_seconds = perf_counter() - started
    if not response.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(response)
    return ClickTimes(ack_seconds, stub.wait_for_responses(1) - started)


def _build_row(
    name: str, times: list[ClickTimes], floor_times: list[ClickTimes]
) -> tuple[str, ...]:
    ack_seconds = median(click.ack_seconds for click in times)
    next_task_seconds = median(click.next_task_seconds for click in times)
    floor_seconds = median(click.next_task_seconds for click in floor_times)
    p99 = quantiles((click.next_task_seconds for click in times), n=100)[98]
    return (
        name,
        format_ms(ack_seconds),
        format_ms(next_task_seconds),
        format_ms(p99),
        format_ratio(next_task_seconds / floor_seconds),
    )
