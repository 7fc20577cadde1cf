"""From a click to the next task in its place, one expert at a time."""

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
"""Clicks before those that count."""

DESCRIPTION = """
One click after the other, {turns} experts, signed HTTP, SQLite. A turn runs from the click until
Slack's side has the screen that replaces the message: the receipt, the next task, drawn. (Slack's
own way to the expert's screen is not in it.) The floor stores nothing and draws nothing: an empty
handler that acknowledges and then sends a message of the same size.
"""

COLUMNS = ("", "click to acknowledgement", "click to next task", "p99", "of the floor")


@dataclass(frozen=True, slots=True)
class ClickTimes:
    """Seconds until the click was acknowledged, and until the next screen was there."""

    ack_seconds: float
    next_task_seconds: float


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure turns of the bot and of the floor."""
    url = f"sqlite:///{folder}/turn.db"
    count = size.next_task_clicks + WARMUP_CLICKS
    with SlackStub() as stub, assigned_tasks(url, folder, count, burst_count=1) as database:
        bot = BotUnderLoad(0, folder, database, stub)
        clicks = [interaction.encode() for interaction in bot.click_requests()]
        floor_times = _time_clicks(clicks, _start_floor_app(stub), stub)
        bot_times = _time_clicks(clicks, run_bot(url, stub), stub)
        bot.check_stored_clicks()
    rows = [
        _build_row("*floor:* an empty turn", floor_times, floor_times),
        _build_row("turn", bot_times, floor_times),
    ]
    return Section("A turn", DESCRIPTION.format(turns=size.next_task_clicks), COLUMNS, rows)


def _start_floor_app(stub: SlackStub) -> AbstractContextManager[RunningProcess]:
    arguments = ("tests.benchmarks.empty_apps", "turning", stub.api_url)
    return processes.start_python("-m", *arguments, ready=r"(\d+)\n")


def _time_clicks(
    clicks: list[bytes], app: AbstractContextManager[RunningProcess], stub: SlackStub
) -> list[ClickTimes]:
    with app as process, socket.create_connection(("127.0.0.1", process.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return [_time_click(connection, interaction, stub) for interaction in clicks][
            WARMUP_CLICKS:
        ]


def _time_click(connection: socket.socket, interaction: bytes, stub: SlackStub) -> ClickTimes:
    started = perf_counter()
    connection.sendall(interaction)
    response = connection.recv(65536)
    ack_seconds = perf_counter() - started
    if not response.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(response)
    return ClickTimes(ack_seconds, stub.wait_for_responses(1) - started)


def _build_row(
    name: str, times: list[ClickTimes], floor_times: list[ClickTimes]
) -> tuple[str, ...]:
    ack_seconds = median(turn.ack_seconds for turn in times)
    next_task_seconds, floor_seconds = (
        median(turn.next_task_seconds for turn in found) for found in (times, floor_times)
    )
    p99 = quantiles((turn.next_task_seconds for turn in times), n=100)[98]
    return (
        name,
        format_ms(ack_seconds),
        format_ms(next_task_seconds),
        format_ms(p99),
        format_ratio(next_task_seconds / floor_seconds),
    )
