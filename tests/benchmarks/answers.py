"""Clicks stored and acknowledged, sixteen at once, compared with apps that store nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks import (
    bursts,
    data,
    postgresql,
    processes,
    slack_requests,
    storage_only,
    two_bots,
)
from tests.benchmarks.bot_process import run_bot
from tests.benchmarks.bot_under_load import BotUnderLoad, assigned_tasks
from tests.benchmarks.bursts import Burst, BurstSeries
from tests.benchmarks.click_figures import (
    BOLT_SERVER_FLOOR,
    CONCURRENT_DELIVERY,
    DELIVERY_AFTERWARDS,
    OWN_SERVER_FLOOR,
    POSTGRESQL,
    SOCKET_MODE_FLOOR,
    SQLITE,
    ClickFigures,
    build_targets,
)
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.processes import RunningProcess
from tests.benchmarks.report import Section, format_ms, format_rate, format_ratio, format_us
from tests.benchmarks.sizes import BenchmarkSize
from tests.benchmarks.slack_stub import SlackStub
from tests.benchmarks.two_bots import BotsComparison

DESCRIPTION = """
Sixteen clicks are in flight at any time. Each is a signed block_actions request with its complete
message ({bytes:,} bytes), sent from a separate process over keep-alive connections. Every click
comes from a different expert and answers a different task. The bot runs as `labelbot run` and
acknowledges after the commit, on SQLite with `synchronous=FULL`, on PostgreSQL with `fsync`. A disk
flush takes {flush} on this machine.

Each click queues the next message in the same transaction. With *delivery afterwards*, the stub
that replaces Slack does not respond until the last click is acknowledged, so these rows measure
acknowledgments only. With *concurrent delivery*, the stub responds immediately, and the bot
renders and delivers messages while it handles clicks. The last column is the rate of delivered
messages.

Rates are the median of {rounds} rounds; latencies cover all clicks of these rounds. A share of a
floor compares figures of the same rounds; the floors' own rows cover all rounds. After the run the
databases were checked: {stored:,} clicks were sent, and exactly these are stored, none lost and
none twice.

The target is the rate of an empty handler behind Bolt's server. An empty click on the bot's own
server takes {empty}, and storing a click takes {alone} (the same clicks, sixteen at once, written
without any HTTP, with their share of the flush). Python runs only one of the two at a time.
Together they allow {bound}.
{two_bots}"""

COLUMNS = ("", "clicks", "of our floor", "of Bolt's floor", "median", "p99", "messages")

FLUSH_COUNT = 200


TWO_BOTS = """
Two bots on one PostgreSQL, each with half of the clicks, acknowledge {rate} times as many answers
as one, for {cpu} times the processor time per answer (delivery afterwards; the median of {rounds}
rounds, in each of which one bot and both were measured).
"""


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure clicks over each transport, on each database."""
    figures = ClickFigures({})
    with ExitStack() as stack:
        urls = {SQLITE: f"sqlite:///{folder}/clicks.db"}
        if size.is_full:
            urls[POSTGRESQL] = stack.enter_context(postgresql.run_server())
        for name, url in urls.items():
            _measure_http(size, folder, name, url, figures)
    if size.is_full:
        with postgresql.run_server() as url:
            figures.two_bots = two_bots.compare(size, folder, url)
        figures.stored_count += figures.two_bots.stored_count
    if size.is_full:
        _measure_socket_mode(size, folder, figures)
    _measure_storage(size, folder, figures)
    return _build_section(size, figures, _median_flush_seconds(folder))


def _measure_http(
    size: BenchmarkSize, folder: Path, name: str, url: str, figures: ClickFigures
) -> None:
    """Measure one database; each round also measures the floors."""
    rounds = size.warmup_rounds + size.rounds
    with (
        SlackStub() as stub,
        assigned_tasks(url, folder, size.clicks, 2 * rounds) as database,
        run_bot(url, stub) as process,
        _start_floor_app("own_server") as own_server,
        _start_floor_app("bolt_server") as bolt_server,
    ):
        bot = BotUnderLoad(process.port, folder, database, stub)
        for number in range(rounds):
            measured = dict(_measure_round(bot, own_server.port, bolt_server.port, name))
            if number >= size.warmup_rounds:
                figures.add_round(measured)
        figures.stored_count += bot.check_stored_clicks()


def _measure_round(
    bot: BotUnderLoad, own_port: int, bolt_port: int, name: str
) -> Iterator[tuple[str, BurstSeries]]:
    clicks = bot.click_requests()
    yield OWN_SERVER_FLOOR, BurstSeries([bursts.send_http_burst(clicks, own_port, bot.folder)])
    yield BOLT_SERVER_FLOOR, BurstSeries([bursts.send_http_burst(clicks, bolt_port, bot.folder)])
    yield f"{name}, {DELIVERY_AFTERWARDS}", bot.measure_delivery_afterwards(clicks)
    yield f"{name}, {CONCURRENT_DELIVERY}", bot.measure_concurrent_delivery(bot.click_requests())


def _start_floor_app(app_name: str, api_url: str = "") -> AbstractContextManager[RunningProcess]:
    return processes.start_python(
        "-m", "tests.benchmarks.empty_apps", app_name, api_url, ready=r"(\d+)\n"
    )


def _measure_socket_mode(size: BenchmarkSize, folder: Path, figures: ClickFigures) -> None:
    """Measure Socket Mode on SQLite, and its floor."""
    url = f"sqlite:///{folder}/socket.db"
    with SlackStub() as stub, assigned_tasks(url, folder, size.clicks, 1) as database:
        bot = BotUnderLoad(0, folder, database, stub)
        clicks = slack_requests.socket_envelopes(bot.take_open_assignments(), stub.response_url)
        with _send_over_socket(bot, clicks, _start_floor_app("socket_mode", stub.api_url)) as burst:
            floor = BurstSeries([burst])
        stub.pause()
        with _send_over_socket(bot, clicks, run_bot(url, stub, socket=True)) as burst:
            started = perf_counter()
            stub.resume()
            series = bot.wait_for_delivery(burst, started)
        figures.add_round(
            {SOCKET_MODE_FLOOR: floor, f"{SQLITE}, Socket Mode, {DELIVERY_AFTERWARDS}": series}
        )
        figures.stored_count += bot.check_stored_clicks()


def _measure_storage(size: BenchmarkSize, folder: Path, figures: ClickFigures) -> None:
    """Measure storing without requests."""
    with assigned_tasks(f"sqlite:///{folder}/alone.db", folder, size.clicks, 0) as database:
        assignments = database.read_now(data.open_assignments)
        figures.storage_seconds = storage_only.measure_seconds(
            database, assignments, "http://127.0.0.1:12345/actions"
        )


@contextmanager
def _send_over_socket(
    bot: BotUnderLoad, clicks: list[str], app: AbstractContextManager[RunningProcess]
) -> Iterator[Burst]:
    """Send clicks to an app in Socket Mode, which runs until the block ends."""
    port = processes.free_port()
    bot.stub.socket_url = f"ws://127.0.0.1:{port}/link"
    with ThreadPoolExecutor(1) as pool:
        burst_future = pool.submit(bursts.send_socket_burst, clicks, port, bot.folder)
        processes.wait_for_port(port)
        with app:
            yield burst_future.result()


def _build_section(size: BenchmarkSize, figures: ClickFigures, flush: float) -> Section:
    series = figures.series
    http = [name for name in series if "Socket Mode" not in name]
    names = [*http, *(name for name in series if name not in http)]
    description = DESCRIPTION.format(
        bytes=_payload_size(),
        flush=format_ms(flush),
        rounds=size.rounds,
        stored=figures.stored_count,
        two_bots=_describe_two_bots(size, figures.two_bots),
        **_combined_figures(1 / series[OWN_SERVER_FLOOR].rate, figures.storage_seconds),
    )
    rows = [_build_row(name, figures) for name in names]
    return Section("Answers", description, COLUMNS, rows, list(build_targets(figures)))


def _describe_two_bots(size: BenchmarkSize, two_bots: BotsComparison | None) -> str:
    if two_bots is None:
        return ""
    return TWO_BOTS.format(
        rate=format_ratio(two_bots.rate_ratio),
        cpu=format_ratio(two_bots.cpu_ratio),
        rounds=size.rounds,
    )


def _combined_figures(empty_seconds: float, storage_seconds: float) -> dict[str, str]:
    """Return the figures for an empty click and storing one, run one after the other."""
    return {
        "empty": format_us(empty_seconds),
        "alone": format_us(storage_seconds),
        "bound": format_rate(1 / (empty_seconds + storage_seconds)),
    }


def _build_row(name: str, figures: ClickFigures) -> tuple[str, ...]:
    series, floors = figures.series[name], figures.floors[name]
    shares = [
        format_ratio(series.rate / floors[floor].rate)
        for floor in (
            (SOCKET_MODE_FLOOR, SOCKET_MODE_FLOOR)
            if SOCKET_MODE_FLOOR in floors
            else (OWN_SERVER_FLOOR, BOLT_SERVER_FLOOR)
        )
    ]
    delivery_rate = format_rate(median(series.delivery_rates)) if series.delivery_rates else ""
    return (
        name,
        format_rate(series.rate),
        *shares,
        format_ms(series.median),
        format_ms(series.p99),
        delivery_rate,
    )


def _payload_size() -> int:
    assignment = OpenAssignment(1, data.expert_ids(1)[0], "D0BENCH", "1700000001.000100")
    return len(
        slack_requests.encode_form(
            slack_requests.click_payload(assignment, "http://127.0.0.1:12345/actions")
        )
    )


def _median_flush_seconds(folder: Path) -> float:
    """Return the median time of a disk flush in seconds. Every commit needs one."""
    flush = getattr(os, "fdatasync", os.fsync)
    flush_seconds = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(FLUSH_COUNT):
            file.write(bytes(4096))
            started = perf_counter()
            flush(file.fileno())
            flush_seconds.append(perf_counter() - started)
    return median(flush_seconds)
