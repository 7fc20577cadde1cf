"""One of two bots on PostgreSQL is frozen for longer than its leases, and then continues."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from bot.messages.texts import TextMessage
from bot.sandbox import SimulatedUser, WaitTimeoutError
from storage.queries import outbox
from storage.tables import Leader, OutboxMessage, OutboxState, SlackCallLog
from tests.faults.answer_log import task_actions
from tests.faults.bot_process import BotProcess
from tests.faults.fault_case import FaultCase
from tests.faults.kill_run import START_SECONDS, free_port
from tests.faults.promises import broken_promises, check_now

TAKEOVER_SECONDS = 30.0
"""Longest time until another bot does the work of a frozen one."""

STEP_SECONDS = 20.0
"""Longest time of any other step."""

ITEMS = 2


@pytest.mark.sample
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_another_bot_takes_over_from_a_frozen_leader(case: FaultCase) -> None:
    ada, grace, _joan = case.add_people("ada", "grace", "joan")
    with ExitStack() as bots:
        leader, leader_url = _start_bot(case, bots)
        case.sandbox.wait_until(lambda: _leader(case), within=STEP_SECONDS)
        first_leader = _leader(case)
        other, other_url = _start_bot(case, bots)
        with _frozen(other):  # so that the leader claims these messages
            _queue(case, ada, "First.", "Second.")
            case.sandbox.wait_until(lambda: _has_pause(case), within=STEP_SECONDS)
            with _no_posts(case):
                _queue(case, grace, "Third.")
                case.sandbox.wait_until(
                    lambda: _claims(case, first_leader) > 1, within=STEP_SECONDS
                )
                _signal(leader, signal.SIGSTOP)
        frozen_at = time.monotonic()
        case.create_comparison(case.people, items=ITEMS)  # a scheduled job assigns the tasks
        case.sandbox.wait_until(lambda: all(map(_sees_task, case.people)), within=TAKEOVER_SECONDS)
        assert time.monotonic() - frozen_at < TAKEOVER_SECONDS
        second_leader = _leader(case)
        assert second_leader != first_leader

        case.sandbox.use_http_delivery(other_url)
        assert case.answer_once()
        _signal(leader, signal.SIGCONT)
        case.sandbox.use_http_delivery(leader_url)
        case.answer_all(lambda: case.answered_count() == len(case.people) * ITEMS)
        with suppress(WaitTimeoutError):
            case.sandbox.wait_until(lambda: not broken_promises(case), within=STEP_SECONDS)
        check_now(case)
        assert _leader(case) == second_leader


def _start_bot(case: FaultCase, bots: ExitStack) -> tuple[BotProcess, str]:
    """Start a bot; return it, and its URL for signed requests."""
    offset, port = case.clock.now() - datetime.now(UTC), free_port()
    bot = bots.enter_context(BotProcess(case.settings(), offset, port))
    assert bot.has_started(START_SECONDS)
    return bot, f"http://127.0.0.1:{port}/slack/events"


def _queue(case: FaultCase, person: SimulatedUser, *texts: str) -> None:
    for words in texts:
        case.database.write_now(
            outbox.enqueue, TextMessage(words), recipient=person.id, now=case.clock.now()
        )


@contextmanager
def _frozen(bot: BotProcess) -> Iterator[None]:
    _signal(bot, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(bot, signal.SIGCONT)


def _signal(bot: BotProcess, number: signal.Signals) -> None:
    assert bot.process.pid
    os.kill(bot.process.pid, number)


def _has_pause(case: FaultCase) -> bool:
    """Return whether a bot waits a second before the second post in a channel."""

    def read(session: Session) -> bool:
        logs = session.exec(select(SlackCallLog.log).where(col(SlackCallLog.channel) != ""))
        now = case.clock.now().timestamp()
        return any(log["moments"][-1] > now for log in logs)

    return case.database.read_now(read)


@contextmanager
def _no_posts(case: FaultCase) -> Iterator[None]:
    """Lock the log of posts, so that a bot cannot post what it claims now.

    A bot that is frozen meanwhile gets the lock later, and keeps it until the server ends its
    transaction.
    """
    statement = "SELECT 1 FROM slack_call_log WHERE method = 'chat.postMessage' FOR UPDATE"
    with case.database.engine.begin() as connection:
        connection.execute(text(statement))
        yield


def _leader(case: FaultCase) -> str | None:
    """Return the worker lock of the bot that runs the scheduled jobs."""

    def read(session: Session) -> str | None:
        return session.exec(select(Leader.worker)).first()

    return case.database.read_now(read)


def _claims(case: FaultCase, worker: str | None) -> int:
    """Return how many messages a bot is delivering."""

    def read(session: Session) -> int:
        is_claimed = (
            col(OutboxMessage.worker) == worker,
            col(OutboxMessage.state) == OutboxState.WAITING,
        )
        return session.exec(select(func.count()).where(*is_claimed)).one()

    return case.database.read_now(read)


def _sees_task(person: SimulatedUser) -> bool:
    return any(list(task_actions(message)) for message in person.messages)
