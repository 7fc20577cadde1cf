"""The clocks: the machine's, and the one that tests and the sandbox turn."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import AdjustableClock, Clock, WallClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ABOUT = timedelta(seconds=5)


@pytest.mark.parametrize("clock", [WallClock(), AdjustableClock()])
def test_an_unturned_clock_tells_the_time_of_the_machine(clock: Clock) -> None:
    now = clock.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < ABOUT


def test_a_turnable_clock_begins_where_it_is_set_and_runs_on() -> None:
    clock = AdjustableClock(START)
    first, second = clock.now(), clock.now()
    assert START <= first <= second < START + ABOUT
    assert first.tzinfo is UTC


def test_a_start_in_another_zone_is_the_same_moment() -> None:
    away = START.astimezone(timezone(timedelta(hours=14)))
    now = AdjustableClock(away).now()
    assert START <= now < START + ABOUT
    assert now.tzinfo is UTC


def test_turning_lets_time_pass_and_returns_the_new_moment() -> None:
    clock = AdjustableClock(START)
    moment = clock.advance(timedelta(hours=3))
    assert START + timedelta(hours=3) <= moment < START + timedelta(hours=3) + ABOUT
    assert moment <= clock.now() < moment + ABOUT


def test_a_clock_is_never_turned_back() -> None:
    clock = AdjustableClock(START)
    with pytest.raises(ValueError, match="only turned forward"):
        clock.advance(timedelta(microseconds=-1))
    assert clock.now() >= START


def test_turning_to_a_moment_that_is_past_changes_nothing() -> None:
    clock = AdjustableClock(START)
    assert clock.advance_to(START - timedelta(days=1)) >= START
    assert START + timedelta(days=1) <= clock.advance_to(START + timedelta(days=1))


def test_listeners_hear_of_each_turn_after_it_in_the_thread_that_turned() -> None:
    clock = AdjustableClock(START)
    heard: list[tuple[bool, int]] = []

    def listen() -> None:
        heard.append((clock.now() >= START + timedelta(hours=1), threading.get_ident()))

    clock.on_advance(listen)
    clock.advance(timedelta(hours=1))
    clock.advance(timedelta())
    assert heard == [(True, threading.get_ident())] * 2


def test_a_listener_may_listen_and_turn_again() -> None:
    clock = AdjustableClock(START)
    heard: list[str] = []

    def once_more() -> None:
        heard.append("turned")
        if len(heard) < 3:
            clock.on_advance(lambda: heard.append("late"))
            clock.advance(timedelta(minutes=1))

    clock.on_advance(once_more)
    clock.advance(timedelta(minutes=1))
    assert heard[:3] == ["turned"] * 3


def test_threads_that_turn_at_once_lose_no_turn() -> None:
    clock = AdjustableClock(START)
    threads = [
        threading.Thread(target=lambda: [clock.advance(timedelta(hours=1)) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = clock.now() - START
    assert timedelta(hours=200) <= passed < timedelta(hours=200, minutes=1)
