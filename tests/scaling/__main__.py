"""Several bots under load: `python -m tests.scaling`, or `make several-bots`.

Three bots on one PostgreSQL with durable commits, the sandbox with Slack's rate limits, and 300
simulated experts who think 20 to 40 seconds. Meanwhile more updates of messages are queued than
Slack allows. In the second half, one bot is killed every 20 seconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bot.sandbox import Sandbox
from bot.slack.app_manifest import build_manifest
from storage.schema_upgrade import upgrade
from tests.benchmarks import postgresql
from tests.benchmarks.bot_process import run_labelbot
from tests.journeys.journey import Journey
from tests.scaling.bots import BOTS, Bots
from tests.scaling.checks import broken_promises
from tests.scaling.experts import Experts
from tests.scaling.figures import Figures
from tests.scaling.updates import Spectators

ITEMS, OVERLAP = 3_500, 2
"""Enough for 300 experts during 11 minutes."""

KILL_SECONDS = 20.0

ANSWERS_PER_EXPORT = 1_000

SETTLE_SECONDS = 40.0
"""Seconds after the last kill until no message may be waiting."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each part lasts, in seconds, and how many people work."""

    experts: int
    warmup: float
    steady: float
    kills: float


def main() -> int:
    """Run the load, print the figures, and return 1 if a promise or a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experts", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=3.0, help="minutes of each half")
    arguments = parser.parse_args()
    seconds = 60 * arguments.minutes
    plan = Plan(arguments.experts, warmup=75.0, steady=seconds, kills=seconds)
    with tempfile.TemporaryDirectory(prefix="labelbot-scaling-") as folder:
        figures, problems = _run(plan, Path(folder))
    sys.stdout.write(figures.table())
    for problem in problems + figures.missed_targets():
        sys.stdout.write(f"FAILED: {problem}\n")
    return bool(problems or figures.missed_targets())


def _run(plan: Plan, folder: Path) -> tuple[Figures, list[str]]:
    with (
        postgresql.run_server() as url,
        Sandbox(build_manifest(None)) as sandbox,
        _campaign(sandbox, url, folder, plan) as (journey, experts),
        Bots(journey.settings(), folder) as bots,
    ):
        sandbox.wait_until(lambda: sandbox.connection_count == BOTS, within=60)
        figures = Figures(sandbox, experts)
        with ExitStack() as load:
            load.enter_context(Spectators(journey))
            load.enter_context(experts.at_work())
            load.enter_context(figures.recording())
            time.sleep(plan.warmup)
            with figures.phase("three bots"):
                time.sleep(plan.steady)
            with figures.phase("one of them killed every 20 s"):
                _kill_in_turn(bots, plan.kills)
        problems = _settled_problems(journey, experts)
        return figures, problems + bots.errors()


@contextmanager
def _campaign(
    sandbox: Sandbox, url: str, folder: Path, plan: Plan
) -> Iterator[tuple[Journey, Experts]]:
    upgrade(url)
    journey = Journey(sandbox, url, folder, "socket", sandbox.clock)  # type: ignore[arg-type]  # any clock
    people = [journey.add_user(f"expert{number}") for number in range(plan.experts)]
    rows = [
        {
            "id": f"pair-{number}",
            "prompt": f"Question {number}?",
            "response_left": f"Left answer {number}.",
            "response_right": f"Right answer {number}.",
        }
        for number in range(ITEMS)
    ]
    journey.create_campaign("comparison", people, rows, overlap=OVERLAP)
    run_labelbot(url, "schedule", "add", "comparison", f"every {ANSWERS_PER_EXPORT} answers")
    try:
        yield journey, Experts(people)
    finally:
        journey.database.close()


def _kill_in_turn(bots: Bots, seconds: float) -> None:
    end = time.monotonic() + seconds
    for number in cycle(range(BOTS)):
        if time.monotonic() + KILL_SECONDS > end:
            break
        time.sleep(KILL_SECONDS)
        bots.kill_and_restart(number)
    time.sleep(max(end - time.monotonic(), 0))


def _settled_problems(journey: Journey, experts: Experts) -> list[str]:
    """Return the broken promises, after the bots had time to deliver what waits."""
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        problems = broken_promises(journey, experts.answers, ANSWERS_PER_EXPORT)
        if not problems or time.monotonic() > end:
            return problems
        time.sleep(1)


if __name__ == "__main__":
    raise SystemExit(main())
