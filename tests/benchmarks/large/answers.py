"""Answers and next tasks in a database of millions, compared with the same in a small one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.services.tasks import next_task
from storage.database import Database
from tests.benchmarks import data, storage_only
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.large.crowded_database import Crowd, open_crowded_database
from tests.benchmarks.large.sizes import LargeSize
from tests.benchmarks.report import Section, Target, format_ratio, format_us

DESCRIPTION = """
The service functions alone, on SQLite, without HTTP and without Slack. *Next task*: the bot chooses
and assigns a task to an expert who asks for one, and reads what the message shows; median of
{clicks:,} experts in turn. *Answer*: the bot stores a tap and queues the next message, sixteen at
once, each in the same commit as others that wait; {clicks:,} answers, median of {rounds} rounds.
The databases take turns. A target compares figures of the same round, and takes the median of the
rounds, so that other work on the machine matters little.
"""

COLUMNS = ("database", "items", "experts", "answers", "next task", "answer")

RESPONSE_URL = "https://hooks.slack.com/actions/T0/1/bench"


@dataclass(frozen=True, slots=True)
class _Times:
    """Seconds for a next task and for an answer."""

    next_task: float
    answer: float


def measure(size: LargeSize, folder: Path) -> Section:
    """Measure a small database, one with many items, and one with many answers."""
    crowds = {
        "small": size.small,
        "many items": size.many_items,
        "many answers": size.many_answers,
    }
    with ExitStack() as stack:
        databases = {
            name: stack.enter_context(
                open_crowded_database(f"sqlite:///{folder}/{number}.db", folder, crowd)
            )
            for number, (name, crowd) in enumerate(crowds.items())
        }
        times: dict[str, list[_Times]] = {name: [] for name in databases}
        for _ in range(size.rounds):
            for name, database in databases.items():
                times[name].append(_measure_round(database, crowds[name], size.clicks))
    medians = {
        name: _Times(median(t.next_task for t in rounds), median(t.answer for t in rounds))
        for name, rounds in times.items()
    }
    rows = [_build_row(name, crowds[name], medians[name]) for name in crowds]
    targets = _build_targets(crowds, times)
    description = DESCRIPTION.format(clicks=size.clicks, rounds=size.rounds)
    return Section("Answers and next tasks", description, COLUMNS, rows, targets)


def _measure_round(database: Database, crowd: Crowd, clicks: int) -> _Times:
    """Assign a task to each of `clicks` experts, or several if there are fewer, and answer all."""
    next_seconds: list[float] = []
    answered = 0.0
    slack_ids = data.expert_ids(crowd.experts)
    for start in range(0, clicks, len(slack_ids)):
        chosen = slack_ids[: clicks - start]
        next_seconds += [_time_next_task(database, slack_id) for slack_id in chosen]
        answered += _time_answers(database, database.read_now(data.open_assignments))
    return _Times(median(next_seconds), answered / clicks)


def _time_next_task(database: Database, slack_id: str) -> float:
    started = perf_counter()
    decision = database.write_now(
        next_task.decide_next_task, slack_id, None, datetime.now(UTC), is_requested=True
    )
    page = database.read_now(next_task.build_page, decision) if decision else None
    seconds = perf_counter() - started
    if page is None or page.task is None:
        message = f"{slack_id} got no task"
        raise AssertionError(message)
    return seconds


def _time_answers(database: Database, assignments: Sequence[OpenAssignment]) -> float:
    return storage_only.measure_seconds(database, assignments, RESPONSE_URL) * len(assignments)


def _build_row(name: str, crowd: Crowd, times: _Times) -> tuple[str, ...]:
    counts = (f"{count:,}" for count in (crowd.items, crowd.experts, crowd.answers))
    return (name, *counts, format_us(times.next_task), format_us(times.answer))


def _build_targets(crowds: dict[str, Crowd], times: dict[str, list[_Times]]) -> list[Target]:
    small, items, answers = (times[name] for name in crowds)
    next_ratio = median(
        many.next_task / few.next_task for many, few in zip(items, small, strict=True)
    )
    answer_ratio = median(
        many.answer / few.answer for many, few in zip(answers, small, strict=True)
    )
    return [
        Target(
            f"next task for one of {crowds['many items'].experts:,} experts among "
            f"{crowds['many items'].items:,} items, relative to the small database",
            "1.50",
            format_ratio(next_ratio),
            next_ratio <= 1.5,
        ),
        Target(
            f"answer with {crowds['many answers'].answers:,} stored answers, relative to the "
            "small database",
            "1.15",
            format_ratio(answer_ratio),
            answer_ratio <= 1.15,
        ),
    ]
