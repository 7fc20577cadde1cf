"""The time to store answers directly, without HTTP requests or deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter

from uvloop import new_event_loop

from bot.services.actors.interaction import Interaction
from bot.services.answers.submit_group import SUBMIT_ANSWER, Submission
from storage.database import Database
from tests.benchmarks.bursts import CONCURRENCY
from tests.benchmarks.data import OpenAssignment
from tests.benchmarks.slack_requests import click_id

FORM_INPUT = {"verdict": "a"}
"""The input of a tap on the first button."""


def measure_seconds(
    database: Database, assignments: Sequence[OpenAssignment], response_url: str
) -> float:
    """Store an answer to each assignment, `CONCURRENCY` at once; return the seconds per answer."""
    started = perf_counter()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_store_all(database, iter(assignments), response_url))
    return (perf_counter() - started) / len(assignments)


async def _store_all(
    database: Database, pending: Iterator[OpenAssignment], response_url: str
) -> None:
    async def store_pending() -> None:
        for assignment in pending:
            interaction = _build_interaction(assignment, response_url)
            submission = Submission(assignment.assignment_id, FORM_INPUT, interaction)
            await database.write_grouped(SUBMIT_ANSWER, submission)

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
