"""The sandbox's own clock, which does what the bot's clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import AdjustableClock as BotClock
from bot.sandbox import AdjustableClock, Sandbox, SharedClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOLERANCE = timedelta(seconds=5)


@pytest.fixture(params=[AdjustableClock, BotClock])
def clock(request: pytest.FixtureRequest) -> SharedClock:
    """Return each clock that can be shared with the sandbox."""
    started: SharedClock = request.param(START)
    return started


def test_clock_runs_from_its_start_and_can_be_advanced(clock: SharedClock) -> None:
    assert START <= clock.now() < START + TOLERANCE
    hour_later = START + timedelta(hours=1)
    assert hour_later <= clock.advance(timedelta(hours=1)) < hour_later + TOLERANCE
    assert hour_later <= clock.advance_to(START) < hour_later + TOLERANCE
    assert clock.advance_to(START + timedelta(days=1)) >= START + timedelta(days=1)


def test_clock_cannot_go_back(clock: SharedClock) -> None:
    with pytest.raises(ValueError, match="only be advanced"):
        clock.advance(timedelta(microseconds=-1))


def test_listeners_run_after_each_advance(clock: SharedClock) -> None:
    moments: list[datetime] = []
    clock.on_advance(lambda: moments.append(clock.now()))
    clock.advance(timedelta(hours=1))
    assert [moment >= START + timedelta(hours=1) for moment in moments] == [True]


def test_sandbox_shares_the_clock(clock: SharedClock, manifest: dict[str, object]) -> None:
    with Sandbox(manifest, clock=clock) as sandbox:
        sandbox.clock.advance(timedelta(days=1))
        assert clock.now() >= START + timedelta(days=1)
