"""Slack limits calls, answers with HTTP errors, breaks connections or loses its answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.fault_case import FaultCase
from tests.faults.outage import run_outage
from tests.faults.proxy import Breakage, FaultyProxy
from tests.faults.triggers import TRIGGERS

UNTIL_CLEARED = 10**6

SAMPLE = {
    ("chat.postMessage", "ratelimit"),
    ("chat.postMessage", "lost answer"),
    ("response_url", "500"),
    ("upload", "500"),
}
"""The cases that continuous integration runs, on SQLite."""

HTTP_FAULTS = ("ratelimit", "500", "503", "slow", "lost answer")
"""Faults of answers: a rate limit, errors, one second of delay, and an error after the effect."""

DELAY_SECONDS = 1.0

TIMEOUT_DELAY_SECONDS = 32.0
"""Longer than the timeout of a call."""


def _cases(faults: tuple[str, ...], methods: Iterator[str]) -> list[object]:
    return [
        pytest.param(
            method,
            fault,
            database,
            marks=[pytest.mark.sample]
            if (method, fault) in SAMPLE and database == "sqlite"
            else [],
            id=f"{method}-{fault.replace(' ', '_')}-{database}",
        )
        for method in methods
        for fault in faults
        for database in ("sqlite", "postgresql")
        if (method, database) != ("apps.connections.open", "postgresql")  # it uses signed HTTP
    ]


def _begin_http_fault(case: FaultCase, method: str, fault: str) -> None:
    faults = case.sandbox.faults
    if fault == "ratelimit":
        faults.ratelimit(method, retry_after=1, times=UNTIL_CLEARED)
    elif fault == "slow":
        faults.slow(method, DELAY_SECONDS, times=1)
    elif fault == "lost answer":
        case.allowed_repeats += 1
        faults.fail(method, status=500, times=1, is_performed=True)
    else:
        faults.fail(method, status=int(fault), times=UNTIL_CLEARED)


@pytest.mark.parametrize(
    ("method", "fault", "database_url"),
    _cases(HTTP_FAULTS, iter(TRIGGERS)),
    indirect=["database_url"],
)
def test_failed_answer_loses_nothing(case: FaultCase, method: str, fault: str) -> None:
    run_outage(case, method, lambda: _begin_http_fault(case, method, fault))
    assert case.start_error is None, "the bot exits at start while Slack is down"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "users.info"])
def test_timeout_loses_nothing(case: FaultCase, method: str) -> None:
    case.allowed_repeats = 1

    def is_over() -> bool:
        durations = [call.duration_seconds for call in case.sandbox.traffic if call.kind == method]
        return any(duration >= TIMEOUT_DELAY_SECONDS for duration in durations)

    run_outage(
        case,
        method,
        lambda: case.sandbox.faults.slow(method, TIMEOUT_DELAY_SECONDS),
        end=lambda: case.sandbox.wait_until(is_over, within=2 * TIMEOUT_DELAY_SECONDS),
    )


@pytest.fixture
def proxy(case: FaultCase) -> Iterator[FaultyProxy]:
    """Return a proxy through which the bot calls the Web API."""
    with FaultyProxy(case.sandbox.api_url, case.proxy_counts) as opened:
        case.api_url = opened.url
        yield opened
        case.stop_bot()


@pytest.mark.parametrize(
    ("method", "fault", "database_url"),
    _cases(
        ("before the call", "after the call"),
        (method for method in TRIGGERS if method not in ("response_url", "upload")),
    ),
    indirect=["database_url"],
)
def test_broken_connection_loses_nothing(
    case: FaultCase, proxy: FaultyProxy, method: str, fault: Breakage
) -> None:
    def begin() -> None:
        proxy.breaks[method] = fault

    def end() -> None:
        case.allowed_repeats += proxy.counts[method] if fault == "after the call" else 0
        proxy.breaks.clear()

    run_outage(case, method, begin, end=end)
    assert case.start_error is None, "the bot exits at start while Slack is down"
