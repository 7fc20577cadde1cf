"""The wall clock, and the adjustable clock of tests and the sandbox."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import AdjustableClock, Clock, WallClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOLERANCE = timedelta(seconds=5)


@pytest.mark.parametrize("clock", [WallClock(), AdjustableClock()])
def test_clock_starts_at_system_time(clock: Clock) -> None:
    now = clock.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < TOLERANCE


def test_adjustable_clock_runs_from_its_start() -> None:
    clock = AdjustableClock(START)
    first, second = clock.now(), clock.now()
    assert START <= first <= second < START + TOLERANCE
    assert first.tzinfo is UTC


def test_start_in_another_zone_is_the_same_time() -> None:
    elsewhere = START.astimezone(timezone(timedelta(hours=14)))
    now = AdjustableClock(elsewhere).now()
    assert START <= now < START + TOLERANCE
    assert now.tzinfo is UTC


def test_advance_returns_the_new_time() -> None:
    clock = AdjustableClock(START)
    moment = clock.advance(timedelta(hours=3))
    assert START + timedelta(hours=3) <= moment < START + timedelta(hours=3) + TOLERANCE
    assert moment <= clock.now() < moment + TOLERANCE


def test_clock_cannot_go_back() -> None:
    clock = AdjustableClock(START)
    with pytest.raises(ValueError, match="only be advanced"):
        clock.advance(timedelta(microseconds=-1))
    assert clock.now() >= START


def test_advance_to_a_past_time_changes_nothing() -> None:
    clock = AdjustableClock(START)
    assert clock.advance_to(START - timedelta(days=1)) >= START
    assert START + timedelta(days=1) <= clock.advance_to(START + timedelta(days=1))


def test_listeners_run_after_each_advance_in_the_same_thread() -> None:
    clock = AdjustableClock(START)
    calls: list[tuple[bool, int]] = []

    def listen() -> None:
        calls.append((clock.now() >= START + timedelta(hours=1), threading.get_ident()))

    clock.on_advance(listen)
    clock.advance(timedelta(hours=1))
    clock.advance(timedelta())
    assert calls == [(True, threading.get_ident())] * 2


def test_listener_may_add_listeners_and_advance() -> None:
    clock = AdjustableClock(START)
    calls: list[str] = []

    def advance_again() -> None:
        calls.append("advanced")
        if len(calls) < 3:
            clock.on_advance(lambda: calls.append("late"))
            clock.advance(timedelta(minutes=1))

    clock.on_advance(advance_again)
    clock.advance(timedelta(minutes=1))
    assert calls[:3] == ["advanced"] * 3


def test_concurrent_advances_all_count() -> None:
    clock = AdjustableClock(START)
    threads = [
        threading.Thread(target=lambda: [clock.advance(timedelta(hours=1)) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = clock.now() - START
    assert timedelta(hours=200) <= elapsed < timedelta(hours=200, minutes=1)
