"""From a click to the next task in its place, one expert at a time."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from tests.benchmarks import processes
from tests.benchmarks.labelbots import running_bot
from tests.benchmarks.processes import Running
from tests.benchmarks.report import Section, ms, ratio
from tests.benchmarks.sizes import Size
from tests.benchmarks.standin import StandIn
from tests.benchmarks.storing import StoringBot, held_tasks

WARM = 20
"""Clicks before those that count."""

WORDS = """
One click after the other, {turns} experts, signed HTTP, SQLite. A turn runs from the click until
Slack's side has the screen that replaces the message: the receipt, the next task, drawn. (Slack's
own way to the expert's screen is not in it.) The floor stores nothing and draws nothing: an empty
handler that acknowledges and then sends a message of the same size.
"""

COLUMNS = ("", "click to acknowledgement", "click to next task", "p99", "of the floor")


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds until the click was acknowledged, and until the next screen was there."""

    acknowledged: float
    visible: float


def measure(size: Size, folder: Path) -> Section:
    """Measure turns of the bot and of the floor."""
    url = f"sqlite:///{folder}/turn.db"
    count = size.turns + WARM
    with StandIn() as standin, held_tasks(url, folder, count, volleys=1) as database:
        bot = StoringBot(0, folder, database, standin)
        clicks = [click.encode() for click in bot.clicks()]
        floor = _turns(clicks, _floor(standin), standin)
        turns = _turns(clicks, running_bot(url, standin), standin)
        bot.check()
    rows = [_row("*floor:* an empty turn", floor, floor), _row("turn", turns, floor)]
    return Section("A turn", WORDS.format(turns=size.turns), COLUMNS, rows)


def _floor(standin: StandIn) -> AbstractContextManager[Running]:
    words = ("tests.benchmarks.empty", "turning", standin.api_url)
    return processes.running("-m", *words, ready=r"(\d+)\n")


def _turns(
    clicks: list[bytes], app: AbstractContextManager[Running], standin: StandIn
) -> list[Turn]:
    with app as running, socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return [_turn(connection, click, standin) for click in clicks][WARM:]


def _turn(connection: socket.socket, click: bytes, standin: StandIn) -> Turn:
    begun = perf_counter()
    connection.sendall(click)
    answer = connection.recv(65536)
    acknowledged = perf_counter() - begun
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(answer)
    return Turn(acknowledged, standin.wait_for(1) - begun)


def _row(name: str, turns: list[Turn], floor: list[Turn]) -> tuple[str, ...]:
    acknowledged = median(turn.acknowledged for turn in turns)
    visible, least = (median(turn.visible for turn in found) for found in (turns, floor))
    p99 = quantiles((turn.visible for turn in turns), n=100)[98]
    return name, ms(acknowledged), ms(visible), ms(p99), ratio(visible / least)
