"""Storing alone: the same clicks straight through the database door, without a way in or out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter

from uvloop import new_event_loop

from bot.services import answering
from bot.services.acting import Click
from storage.database import Database
from tests.benchmarks.requests import click_of
from tests.benchmarks.stock import Held
from tests.benchmarks.volleys import SIDE_BY_SIDE

GIVEN = {"verdict": "a"}
"""What a tap on the first button says."""


def seconds(database: Database, held: Sequence[Held], response_url: str) -> float:
    """Store a click on each task, as many at once as in a volley; return the seconds of one."""
    begun = perf_counter()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_store(database, iter(held), response_url))
    return (perf_counter() - begun) / len(held)


async def _store(database: Database, left: Iterator[Held], response_url: str) -> None:
    async def store() -> None:
        for one in left:
            click = _click(one, response_url)
            await database.write(answering.answer, one.assignment, GIVEN, click)

    await asyncio.gather(*(store() for _ in range(SIDE_BY_SIDE)))


def _click(held: Held, response_url: str) -> Click:
    now = datetime.now(UTC)
    return Click(held.expert, click_of(held), now, response_url, held.channel, held.message_ts)
