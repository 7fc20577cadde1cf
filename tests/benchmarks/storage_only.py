"""Storing alone: the same clicks straight through the database door, without a way in or out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter

from uvloop import new_event_loop

from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from storage.database import Database
from tests.benchmarks.bursts import CONCURRENCY
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.slack_requests import click_id

FORM_INPUT = {"verdict": "a"}
"""What a tap on the first button says."""


def measure_seconds(
    database: Database, assignments: Sequence[OpenAssignment], response_url: str
) -> float:
    """Store a click on each task, as many at once as in a volley; return the seconds of one."""
    started = perf_counter()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_store_all(database, iter(assignments), response_url))
    return (perf_counter() - started) / len(assignments)


async def _store_all(
    database: Database, pending: Iterator[OpenAssignment], response_url: str
) -> None:
    async def store_pending() -> None:
        for one in pending:
            interaction = _build_interaction(one, response_url)
            await database.write(submit.submit_answer, one.assignment_id, FORM_INPUT, interaction)

    await asyncio.gather(*(store_pending() for _ in range(CONCURRENCY)))


def _build_interaction(assignment: OpenAssignment, response_url: str) -> Interaction:
    now = datetime.now(UTC)
    return Interaction(
        assignment.slack_id,
        click_id(assignment),
        now,
        response_url,
        assignment.channel,
        assignment.message_ts,
    )
