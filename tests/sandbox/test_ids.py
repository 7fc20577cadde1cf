"""Names for things."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.clock import AdjustableClock
from bot.sandbox.ids import IdGenerator, random_hex


def test_ids_look_like_slacks_and_never_repeat() -> None:
    names = IdGenerator(AdjustableClock())
    ids = [names.new("U") for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(re.fullmatch(r"U[0-9A-Z]{8,10}", one) for one in ids)
    assert len({names.block_id() for _ in range(1000)}) == 1000


def test_timestamps_follow_the_clock_and_only_rise() -> None:
    clock = AdjustableClock(datetime(2026, 1, 2, tzinfo=UTC))
    names = IdGenerator(clock)
    stamps = [names.ts() for _ in range(1000)]
    assert stamps == sorted(set(stamps))
    assert all(re.fullmatch(r"\d{10}\.\d{6}", one) for one in stamps)
    first = datetime.fromtimestamp(float(stamps[0]), UTC)
    assert abs(first - clock.now()) < timedelta(seconds=5)
    clock.advance(timedelta(days=1))
    assert float(names.ts()) - float(stamps[-1]) >= 86_400


def test_secrets_have_the_length_asked_for() -> None:
    assert [len(random_hex(length)) for length in (1, 8, 13)] == [1, 8, 13]
    assert random_hex() != random_hex()


def test_triggers_hashes_and_envelopes_differ() -> None:
    names = IdGenerator(AdjustableClock())
    for make in (names.trigger_id, names.view_hash, names.uuid):
        assert make() != make()
