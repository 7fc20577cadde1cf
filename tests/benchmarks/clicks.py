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

from tests.benchmarks import alone, postgresql, processes, requests, stock, volleys
from tests.benchmarks.labelbots import running_bot
from tests.benchmarks.processes import Running
from tests.benchmarks.report import Promise, Section, ms, per_second, ratio, us
from tests.benchmarks.sizes import Size
from tests.benchmarks.standin import StandIn
from tests.benchmarks.stock import Held
from tests.benchmarks.storing import StoringBot, held_tasks
from tests.benchmarks.volleys import Line, Volley

OURS = "*floor:* a Bolt app that only acknowledges, behind the bot's own server"
THEIRS = "*floor:* the same app behind Bolt's server"
PLUGGED = "*floor:* the same app in Socket Mode"
FLOORS = (OURS, THEIRS, PLUGGED)

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
WAITS = "the screens wait"
MEANWHILE = "the screens are delivered meanwhile"

WORDS = """
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

FLUSHES = 200

Lines = dict[str, Line]


@dataclass(slots=True)
class Found:
    """What was measured so far, how many clicks were found in databases, seconds of storing one.

    `floors`: for each line the floors of the same rounds. A machine that wavers from one half hour
    to the next cannot be compared with itself any later.
    """

    lines: Lines
    floors: dict[str, Lines] = field(default_factory=dict)
    stored: int = 0
    alone: float = 0.0

    def add(self, measured: Lines) -> None:
        """Add a round: what was measured one after the other."""
        floors = {name: line for name, line in measured.items() if name in FLOORS}
        for name, line in measured.items():
            _lengthen(self.lines, name, line)
            for floor, beside in floors.items():
                _lengthen(self.floors.setdefault(name, {}), floor, beside)


def _lengthen(lines: Lines, name: str, line: Line) -> None:
    known = lines.setdefault(name, Line())
    known.volleys += line.volleys
    known.screens += line.screens


def measure(size: Size, folder: Path) -> Section:
    """Measure clicks by each way, on each database."""
    found = Found({})
    with ExitStack() as stack:
        urls = {SQLITE: f"sqlite:///{folder}/clicks.db"}
        if size.all_ways:
            urls[POSTGRESQL] = stack.enter_context(postgresql.server())
        for name, url in urls.items():
            _by_http(size, folder, name, url, found)
    if size.all_ways:
        _by_socket(size, folder, found)
    _alone(size, folder, found)
    return _section(size, found, _flush(folder))


def _by_http(size: Size, folder: Path, name: str, url: str, found: Found) -> None:
    """Measure one database, and the floors between its rounds."""
    rounds = size.warm + size.rounds
    with (
        StandIn() as standin,
        held_tasks(url, folder, size.clicks, 2 * rounds) as database,
        running_bot(url, standin) as running,
        _floor("ours") as ours,
        _floor("theirs") as theirs,
    ):
        bot = StoringBot(running.port, folder, database, standin)
        for number in range(rounds):
            measured = dict(_round(bot, ours.port, theirs.port, name))
            if number >= size.warm:
                found.add(measured)
        found.stored += bot.check()


def _round(bot: StoringBot, ours: int, theirs: int, name: str) -> Iterator[tuple[str, Line]]:
    clicks = bot.clicks()
    yield OURS, Line([volleys.fire(clicks, ours, bot.folder)])
    yield THEIRS, Line([volleys.fire(clicks, theirs, bot.folder)])
    yield f"{name}, {WAITS}", bot.before(clicks)
    yield f"{name}, {MEANWHILE}", bot.meanwhile(bot.clicks())


def _floor(front: str, api_url: str = "") -> AbstractContextManager[Running]:
    return processes.running("-m", "tests.benchmarks.empty", front, api_url, ready=r"(\d+)\n")


def _by_socket(size: Size, folder: Path, found: Found) -> None:
    """Measure Socket Mode on SQLite, and its floor."""
    url = f"sqlite:///{folder}/socket.db"
    with StandIn() as standin, held_tasks(url, folder, size.clicks, 1) as database:
        bot = StoringBot(0, folder, database, standin)
        clicks = requests.socket_clicks(bot.held(), standin.response_url)
        with _plugged(bot, clicks, _floor("socket", standin.api_url)) as volley:
            floor = Line([volley])
        standin.hold()
        with _plugged(bot, clicks, running_bot(url, standin, socket=True)) as volley:
            begun = perf_counter()
            standin.release()
            line = bot.settled(volley, begun)
        found.add({PLUGGED: floor, f"{SQLITE}, Socket Mode, {WAITS}": line})
        found.stored += bot.check()


def _alone(size: Size, folder: Path, found: Found) -> None:
    """Measure what storing takes by itself."""
    with held_tasks(f"sqlite:///{folder}/alone.db", folder, size.clicks, 0) as database:
        held = database.read_now(stock.held)
        found.alone = alone.seconds(database, held, "http://127.0.0.1:12345/actions")


@contextmanager
def _plugged(
    bot: StoringBot, clicks: list[str], app: AbstractContextManager[Running]
) -> Iterator[Volley]:
    """Send clicks to an app that connects to us; it runs until the block ends."""
    port = processes.free_port()
    bot.standin.socket_url = f"ws://127.0.0.1:{port}/link"
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(volleys.plug, clicks, port, bot.folder)
        processes.wait_for_port(port)
        with app:
            yield sent.result()


def _section(size: Size, found: Found, flush: float) -> Section:
    lines = found.lines
    http = [name for name in lines if "Socket Mode" not in name]
    names = [*http, *(name for name in lines if name not in http)]
    words = WORDS.format(
        bytes=_bytes(),
        flush=ms(flush),
        rounds=size.rounds,
        stored=found.stored,
        **_bound(1 / lines[OURS].rate, found.alone),
    )
    rows = [_row(name, found) for name in names]
    return Section("A click", words, COLUMNS, rows, _promises(found))


def _bound(empty: float, alone: float) -> dict[str, str]:
    """Say what an empty click and storing one make, one after the other."""
    return {
        "empty": us(empty),
        "alone": us(alone),
        "bound": per_second(1 / (empty + alone)),
        "share": ratio(empty / (empty + alone)),
        "left": us(empty / 0.8 - empty),
    }


def _row(name: str, found: Found) -> tuple[str, ...]:
    line, floors = found.lines[name], found.floors[name]
    shares = [
        ratio(line.rate / floors[floor].rate)
        for floor in ((PLUGGED, PLUGGED) if PLUGGED in floors else (OURS, THEIRS))
    ]
    screens = per_second(median(line.screens)) if line.screens else ""
    return name, per_second(line.rate), *shares, ms(line.median), ms(line.p99), screens


def _promises(found: Found) -> list[Promise]:
    name = f"{SQLITE}, {WAITS}"
    line, floor = found.lines[name], found.floors[name][THEIRS]
    said = "a click on SQLite, sixteen at once"
    share, slower = line.rate / floor.rate, line.p99 / floor.p99
    return [
        Promise(f"{said}: against an empty Bolt handler", "0.80", ratio(share), share >= 0.8),
        Promise(f"{said}: 99 of 100 within", "15 ms", ms(line.p99), line.p99 < 0.015),
        Promise(
            f"{said}: their p99 against the empty handler's", "1.25", ratio(slower), slower <= 1.25
        ),
    ]


def _bytes() -> int:
    held = Held(1, stock.people(1)[0], "D0BENCH", "1700000001.000100")
    return len(requests.form(requests.payload(held, "http://127.0.0.1:12345/actions")))


def _flush(folder: Path) -> float:
    """Return the seconds of a flush, the median: what a commit cannot do without."""
    flush = getattr(os, "fdatasync", os.fsync)
    took = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(FLUSHES):
            file.write(bytes(4096))
            begun = perf_counter()
            flush(file.fileno())
            took.append(perf_counter() - begun)
    return median(took)
