"""A signed click, stored and acknowledged, sixteen at once, beside apps that store nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks import bursts, data, postgresql, processes, slack_requests, storage_only
from tests.benchmarks.bot_process import run_bot
from tests.benchmarks.bot_under_load import BotUnderLoad, assigned_tasks
from tests.benchmarks.bursts import Burst, BurstSeries
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.processes import RunningProcess
from tests.benchmarks.report import Section, Target, format_ms, format_rate, format_ratio, format_us
from tests.benchmarks.sizes import BenchmarkSize
from tests.benchmarks.slack_stub import SlackStub

OWN_SERVER_FLOOR = "*floor:* a Bolt app that only acknowledges, behind the bot's own server"
BOLT_SERVER_FLOOR = "*floor:* the same app behind Bolt's server"
SOCKET_MODE_FLOOR = "*floor:* the same app in Socket Mode"
FLOORS = (OWN_SERVER_FLOOR, BOLT_SERVER_FLOOR, SOCKET_MODE_FLOOR)

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
DELIVERY_AFTERWARDS = "the screens wait"
DELIVERY_MEANWHILE = "the screens are delivered meanwhile"

DESCRIPTION = """
Sixteen clicks are on their way at any time: each a block_actions with its whole message in it
({bytes:,} bytes), signed, sent by a process of its own over connections that stay open. Every click
is another expert's on another task. The bot is `labelbot run`; it acknowledges after the commit, on
SQLite with `synchronous=FULL`, on PostgreSQL with `fsync`. A flush of the disk takes {flush} here.

With each click the screen that follows is queued in the same transaction. “The screens wait” means
that Slack's side answers nothing until the last click is acknowledged: these are acknowledgements
alone. “Meanwhile” means that the bot draws and delivers screens all the time, to a stand-in that
answers at once; it delivered so many a second from the first click to the last screen.

Rates are the median of {rounds} rounds, times are of all clicks in them. A share of a floor is one
of the same rounds; the floors' own lines are of all rounds. Afterwards the databases were read:
{stored:,} clicks were sent, and exactly these are stored, none lost and none twice.

The promise is 0.8 of an empty handler as Bolt serves it. Our own server makes an empty click so
cheap that 0.8 of it is out of reach: such a click takes {empty} there, storing one takes {alone}
(the same clicks, sixteen at once, straight through the database door, with their share of the
flush). Of Python only one of the two runs at a time. One after the other they make {bound}, which
is {share} of our floor; 0.8 would leave {left} for storing.

15 ms are a figure for one machine: with sixteen on their way, no click is answered sooner than
sixteen of them take. So the p99 stands beside that of the empty handler too; with as many on their
way, 0.8 of its rate is 1.25 of its time.
"""

COLUMNS = ("", "clicks", "of our floor", "of Bolt's floor", "median", "p99", "screens")

FLUSH_COUNT = 200

SeriesByName = dict[str, BurstSeries]


@dataclass(slots=True)
class ClickFigures:
    """What was measured so far, how many clicks were found in databases, seconds of storing one.

    `floors`: for each line the floors of the same rounds. A machine that wavers from one half hour
    to the next cannot be compared with itself any later.
    """

    series: SeriesByName
    floors: dict[str, SeriesByName] = field(default_factory=dict)
    stored_count: int = 0
    storage_seconds: float = 0.0

    def add_round(self, measured: SeriesByName) -> None:
        """Add a round: what was measured one after the other."""
        floors = {name: line for name, line in measured.items() if name in FLOORS}
        for name, burst_series in measured.items():
            _extend_series(self.series, name, burst_series)
            for floor, floor_series in floors.items():
                _extend_series(self.floors.setdefault(name, {}), floor, floor_series)


def _extend_series(series_by_name: SeriesByName, name: str, added: BurstSeries) -> None:
    series = series_by_name.setdefault(name, BurstSeries())
    series.bursts += added.bursts
    series.delivery_rates += added.delivery_rates


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure clicks by each way, on each database."""
    figures = ClickFigures({})
    with ExitStack() as stack:
        urls = {SQLITE: f"sqlite:///{folder}/clicks.db"}
        if size.is_full:
            urls[POSTGRESQL] = stack.enter_context(postgresql.run_server())
        for name, url in urls.items():
            _measure_http(size, folder, name, url, figures)
    if size.is_full:
        _measure_socket_mode(size, folder, figures)
    _measure_storage(size, folder, figures)
    return _build_section(size, figures, _median_flush_seconds(folder))


def _measure_http(
    size: BenchmarkSize, folder: Path, name: str, url: str, figures: ClickFigures
) -> None:
    """Measure one database, and the floors between its rounds."""
    rounds = size.warmup_rounds + size.rounds
    with (
        SlackStub() as stub,
        assigned_tasks(url, folder, size.clicks, 2 * rounds) as database,
        run_bot(url, stub) as process,
        _start_floor_app("ours") as own_server,
        _start_floor_app("theirs") as bolt_server,
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
    yield f"{name}, {DELIVERY_MEANWHILE}", bot.measure_delivery_meanwhile(bot.click_requests())


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
        with _send_over_socket(bot, clicks, _start_floor_app("socket", stub.api_url)) as burst:
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
    """Measure what storing takes by itself."""
    with assigned_tasks(f"sqlite:///{folder}/alone.db", folder, size.clicks, 0) as database:
        assignments = database.read_now(data.open_assignments)
        figures.storage_seconds = storage_only.measure_seconds(
            database, assignments, "http://127.0.0.1:12345/actions"
        )


@contextmanager
def _send_over_socket(
    bot: BotUnderLoad, clicks: list[str], app: AbstractContextManager[RunningProcess]
) -> Iterator[Burst]:
    """Send clicks to an app that connects to us; it runs until the block ends."""
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
    words = DESCRIPTION.format(
        bytes=_payload_size(),
        flush=format_ms(flush),
        rounds=size.rounds,
        stored=figures.stored_count,
        **_combined_rate(1 / series[OWN_SERVER_FLOOR].rate, figures.storage_seconds),
    )
    rows = [_build_row(name, figures) for name in names]
    return Section("A click", words, COLUMNS, rows, _build_targets(figures))


def _combined_rate(empty_seconds: float, storage_seconds: float) -> dict[str, str]:
    """Say what an empty click and storing one make, one after the other."""
    return {
        "empty": format_us(empty_seconds),
        "alone": format_us(storage_seconds),
        "bound": format_rate(1 / (empty_seconds + storage_seconds)),
        "share": format_ratio(empty_seconds / (empty_seconds + storage_seconds)),
        "left": format_us(empty_seconds / 0.8 - empty_seconds),
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
    screens = format_rate(median(series.delivery_rates)) if series.delivery_rates else ""
    return (
        name,
        format_rate(series.rate),
        *shares,
        format_ms(series.median),
        format_ms(series.p99),
        screens,
    )


def _build_targets(figures: ClickFigures) -> list[Target]:
    name = f"{SQLITE}, {DELIVERY_AFTERWARDS}"
    series, floor = figures.series[name], figures.floors[name][BOLT_SERVER_FLOOR]
    prefix = "a click on SQLite, sixteen at once"
    share, p99_share = series.rate / floor.rate, series.p99 / floor.p99
    return [
        Target(
            f"{prefix}: against an empty Bolt handler", "0.80", format_ratio(share), share >= 0.8
        ),
        Target(f"{prefix}: 99 of 100 within", "15 ms", format_ms(series.p99), series.p99 < 0.015),
        Target(
            f"{prefix}: their p99 against the empty handler's",
            "1.25",
            format_ratio(p99_share),
            p99_share <= 1.25,
        ),
    ]


def _payload_size() -> int:
    assignment = OpenAssignment(1, data.expert_ids(1)[0], "D0BENCH", "1700000001.000100")
    return len(
        slack_requests.encode_form(
            slack_requests.click_payload(assignment, "http://127.0.0.1:12345/actions")
        )
    )


def _median_flush_seconds(folder: Path) -> float:
    """Return the seconds of a flush, the median: what a commit cannot do without."""
    flush = getattr(os, "fdatasync", os.fsync)
    flush_seconds = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(FLUSH_COUNT):
            file.write(bytes(4096))
            started = perf_counter()
            flush(file.fileno())
            flush_seconds.append(perf_counter() - started)
    return median(flush_seconds)
