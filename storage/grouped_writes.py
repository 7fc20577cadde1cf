"""Writes of one kind that wait at the same time, stored together by one function call.

A statement for sixteen answers costs little more than one for a single answer: on PostgreSQL it is
one round trip. While a group is being written, the next one gathers. So a group is as large as the
load makes it, and nobody waits for a group to become full.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from sqlmodel import Session

from storage.outage import outage_cause

M = TypeVar("M")
T = TypeVar("T")

MAX_MEMBERS = 64
"""Members of one group; beyond this, its statements cost as much for each member."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupedWrite(Generic[M, T]):
    """A write that many callers may make at the same time, each with a member of its own.

    Attributes:
        together: writes many members in one transaction and returns the result of each, None for
            each that it did not write. It must not wait for a lock that others may hold for long,
            because all members wait with it.
        alone: writes one member in a transaction of its own: one that `together` did not write, or
            each one if `together` failed, also if it is unknown whether that was committed.
    """

    together: Callable[[Session, Sequence[M]], Sequence[T | None]]
    alone: Callable[[Session, M], T]


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[M, T]):
    member: M
    result: asyncio.Future[T | None]


WriteTogether: TypeAlias = Callable[[Sequence[M]], Awaitable[Sequence[T | None]]]
"""Runs `GroupedWrite.together` in a transaction, and returns after the commit."""


@dataclass(slots=True)
class WriteGroup(Generic[M, T]):
    """The members of a `GroupedWrite` that wait, on one event loop."""

    _write: WriteTogether[M, T]
    _waiting: list[_Waiting[M, T]] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    async def write(self, member: M) -> T | None:
        """Return the result of a member after the commit, None if it must be written alone."""
        result: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(member, result))
        if self._task is None or self._task.done():
            # It starts after the other callbacks of the loop, so that their members join.
            self._task = asyncio.create_task(self._write_groups())
        return await result

    async def _write_groups(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MAX_MEMBERS], self._waiting[MAX_MEMBERS:]
            group = [one for one in group if not one.result.cancelled()]
            try:
                results = await self._try_together([one.member for one in group])
            except Exception as error:  # noqa: BLE001 - every caller must know
                for one in group:
                    if not one.result.cancelled():
                        one.result.set_exception(error)
            else:
                for one, result in zip(group, results, strict=True):
                    if not one.result.cancelled():
                        one.result.set_result(result)

    async def _try_together(self, members: Sequence[M]) -> Sequence[T | None]:
        """Write members; None for each if one of them fails, so that each gets its own error.

        Raises:
            Exception: the database is not available, so the members would fail alone, too.
        """
        try:
            return await self._write(members)
        except Exception as error:
            if outage_cause(error):
                raise
            return [None] * len(members)
