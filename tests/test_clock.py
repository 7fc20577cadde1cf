"""The clocks: the machine's, and the one that tests and the sandbox turn."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import Clock, TurnableClock, WallClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ABOUT = timedelta(seconds=5)


@pytest.mark.parametrize("clock", [WallClock(), TurnableClock()])
def test_an_unturned_clock_tells_the_time_of_the_machine(clock: Clock) -> None:
    now = clock.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < ABOUT


def test_a_turnable_clock_begins_where_it_is_set_and_runs_on() -> None:
    clock = TurnableClock(START)
    first, second = clock.now(), clock.now()
    assert START <= first <= second < START + ABOUT
    assert first.tzinfo is UTC


def test_a_start_in_another_zone_is_the_same_moment() -> None:
    away = START.astimezone(timezone(timedelta(hours=14)))
    now = TurnableClock(away).now()
    assert START <= now < START + ABOUT
    assert now.tzinfo is UTC


def test_turning_lets_time_pass_and_returns_the_new_moment() -> None:
    clock = TurnableClock(START)
    moment = clock.turn(timedelta(hours=3))
    assert START + timedelta(hours=3) <= moment < START + timedelta(hours=3) + ABOUT
    assert moment <= clock.now() < moment + ABOUT


def test_a_clock_is_never_turned_back() -> None:
    clock = TurnableClock(START)
    with pytest.raises(ValueError, match="only turned forward"):
        clock.turn(timedelta(microseconds=-1))
    assert clock.now() >= START


def test_turning_to_a_moment_that_is_past_changes_nothing() -> None:
    clock = TurnableClock(START)
    assert clock.turn_to(START - timedelta(days=1)) >= START
    assert START + timedelta(days=1) <= clock.turn_to(START + timedelta(days=1))


def test_listeners_hear_of_each_turn_after_it_in_the_thread_that_turned() -> None:
    clock = TurnableClock(START)
    heard: list[tuple[bool, int]] = []

    def listen() -> None:
        heard.append((clock.now() >= START + timedelta(hours=1), threading.get_ident()))

    clock.on_turn(listen)
    clock.turn(timedelta(hours=1))
    clock.turn(timedelta())
    assert heard == [(True, threading.get_ident())] * 2


def test_a_listener_may_listen_and_turn_again() -> None:
    clock = TurnableClock(START)
    heard: list[str] = []

    def once_more() -> None:
        heard.append("turned")
        if len(heard) < 3:
            clock.on_turn(lambda: heard.append("late"))
            clock.turn(timedelta(minutes=1))

    clock.on_turn(once_more)
    clock.turn(timedelta(minutes=1))
    assert heard[:3] == ["turned"] * 3


def test_threads_that_turn_at_once_lose_no_turn() -> None:
    clock = TurnableClock(START)
    threads = [
        threading.Thread(target=lambda: [clock.turn(timedelta(hours=1)) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = clock.now() - START
    assert timedelta(hours=200) <= passed < timedelta(hours=200, minutes=1)
