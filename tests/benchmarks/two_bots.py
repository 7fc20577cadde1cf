"""Two bots on one PostgreSQL: their answers together, and the processor time of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks import bursts, processes
from tests.benchmarks.bot_process import run_bot
from tests.benchmarks.bot_under_load import BotUnderLoad, assigned_tasks
from tests.benchmarks.bursts import CONCURRENCY, Burst
from tests.benchmarks.processes import RunningProcess
from tests.benchmarks.sizes import BenchmarkSize
from tests.benchmarks.slack_stub import SlackStub


@dataclass(frozen=True, slots=True)
class BotsComparison:
    """Two bots in relation to one: acknowledged answers per second, and CPU time per answer."""

    rate_ratio: float
    cpu_ratio: float
    stored_count: int


@dataclass(frozen=True, slots=True)
class _Measurement:
    rate: float
    cpu_seconds: float


def compare(size: BenchmarkSize, folder: Path, url: str) -> BotsComparison:
    """Send the same number of clicks to one bot and to two in turn, with delivery paused.

    Both bots are running all the time, and the processor time is that of both: each prepares a few
    deliveries in any case. With two, each gets half of the clicks and of the connections.
    """
    rounds = size.warmup_rounds + size.rounds
    with ExitStack() as stack:
        stub = stack.enter_context(SlackStub())
        database = stack.enter_context(assigned_tasks(url, folder, size.clicks, 2 * rounds))
        both = [stack.enter_context(run_bot(url, stub)) for _ in range(2)]
        bot = BotUnderLoad(both[0].port, folder, database, stub)
        pairs = [(_measure(bot, both, both[:1]), _measure(bot, both, both)) for _ in range(rounds)]
        stored_count = bot.check_stored_clicks()
    return BotsComparison(
        median(two.rate / one.rate for one, two in pairs[size.warmup_rounds :]),
        median(two.cpu_seconds / one.cpu_seconds for one, two in pairs[size.warmup_rounds :]),
        stored_count,
    )


def _measure(
    bot: BotUnderLoad, running: Sequence[RunningProcess], receivers: Sequence[RunningProcess]
) -> _Measurement:
    clicks = bot.click_requests()
    before = _cpu_seconds(running)
    bot.stub.pause()
    burst = _send_to_all(clicks, receivers, bot.folder)
    cpu_seconds = (_cpu_seconds(running) - before) / len(clicks)
    bot.stub.resume()
    bot.wait_for_delivery(burst, 0.0)
    return _Measurement(burst.rate, cpu_seconds)


def _send_to_all(clicks: list[str], receivers: Sequence[RunningProcess], folder: Path) -> Burst:
    """Send a share of the clicks to each bot at the same time; return them as one burst."""
    count = len(receivers)
    folders = [folder / f"bot-{number}" for number in range(count)]
    for one in folders:
        one.mkdir(exist_ok=True)
    with ThreadPoolExecutor(count) as pool:
        parts = list(
            pool.map(
                lambda number: bursts.send_http_burst(
                    clicks[number::count],
                    receivers[number].port,
                    folders[number],
                    CONCURRENCY // count,
                ),
                range(count),
            )
        )
    return Burst(
        len(clicks),
        max(part.seconds for part in parts),
        [seconds for part in parts for seconds in part.latencies],
    )


def _cpu_seconds(bots: Sequence[RunningProcess]) -> float:
    return sum(processes.cpu_seconds(bot.pid) for bot in bots)
