"""PostgreSQL is stopped, or crashes, and is started again while people answer."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from storage.schema_upgrade import upgrade
from tests.conftest import start_postgresql
from tests.faults.answer_log import answer_until
from tests.faults.fault_case import FaultCase
from tests.faults.promises import check_promises

EXPERTS = 6
ITEMS = 8
OUTAGES = 2

OUTAGE_SECONDS = 1.0
"""Real seconds without a database; people go on tapping."""


@pytest.fixture
def server() -> Iterator[Any]:
    """Return the handle of a PostgreSQL server of this test's own."""
    folder = Path(tempfile.mkdtemp(prefix="labelbot-postgresql-"))
    handle = start_postgresql(folder)
    yield handle
    handle.stop()
    shutil.rmtree(folder)


@pytest.fixture
def database_url(server: Any) -> str:  # noqa: ANN401 - the package has no types
    """Return the URL of a database on that server."""
    url = str(server.get_uri(database="postgres"))
    upgrade(url)
    return url


@pytest.mark.parametrize(
    ("signal_number", "transport"),
    [
        pytest.param(signal.SIGINT, "http", marks=pytest.mark.sample, id="stop-http"),
        pytest.param(signal.SIGINT, "socket", id="stop-socket"),
        pytest.param(signal.SIGQUIT, "http", id="crash-http"),
        pytest.param(signal.SIGQUIT, "socket", id="crash-socket"),
    ],
    indirect=["transport"],
)
def test_restart_of_postgresql_loses_nothing(
    case: FaultCase,
    server: Any,  # noqa: ANN401 - the package has no types
    signal_number: signal.Signals,
) -> None:
    experts = case.add_people(*(f"expert{number}" for number in range(EXPERTS)))
    case.create_comparison(experts, items=ITEMS)
    case.start_bot()
    is_over = Event()
    work = Thread(target=answer_until, args=(experts, case.answers, is_over.is_set))
    work.start()
    try:
        for outage in range(1, OUTAGES + 1):
            _wait_for_answers(case, outage * EXPERTS)
            _restart(case, server, signal_number)
        case.sandbox.wait_until(lambda: case.answered_count() == EXPERTS * ITEMS, within=60)
    finally:
        is_over.set()
        work.join()
    check_promises(case)


def _wait_for_answers(case: FaultCase, count: int) -> None:
    case.sandbox.wait_until(lambda: len(case.answers.acknowledged) >= count, within=30)


def _restart(
    case: FaultCase,
    server: Any,  # noqa: ANN401 - the package has no types
    signal_number: signal.Signals,
) -> None:
    """Stop the server as the signal says, and start it after a moment."""
    pid = server.get_pid()
    os.kill(pid, signal_number)
    case.sandbox.wait_until(lambda: not _is_running(pid))
    time.sleep(OUTAGE_SECONDS)
    server.ensure_postgres_running()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
