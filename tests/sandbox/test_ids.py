"""Ids, timestamps and secrets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.sandbox.clock import AdjustableClock
from bot.sandbox.ids import IdGenerator, random_hex


def test_ids_match_slacks_format_and_are_unique() -> None:
    generator = IdGenerator(AdjustableClock())
    ids = [generator.new("U") for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(re.fullmatch(r"U[0-9A-Z]{8,10}", object_id) for object_id in ids)
    assert len({generator.block_id() for _ in range(1000)}) == 1000


def test_timestamps_follow_the_clock_and_increase() -> None:
    clock = AdjustableClock(datetime(2026, 1, 2, tzinfo=UTC))
    generator = IdGenerator(clock)
    timestamps = [generator.ts() for _ in range(1000)]
    assert timestamps == sorted(set(timestamps))
    assert all(re.fullmatch(r"\d{10}\.\d{6}", ts) for ts in timestamps)
    first = datetime.fromtimestamp(float(timestamps[0]), UTC)
    assert abs(first - clock.now()) < timedelta(seconds=5)
    clock.advance(timedelta(days=1))
    assert float(generator.ts()) - float(timestamps[-1]) >= 86_400


def test_random_hex_has_the_requested_length() -> None:
    assert [len(random_hex(length)) for length in (1, 8, 13)] == [1, 8, 13]
    assert random_hex() != random_hex()


def test_trigger_ids_hashes_and_uuids_are_unique() -> None:
    generator = IdGenerator(AdjustableClock())
    for generate in (generator.trigger_id, generator.view_hash, generator.uuid):
        assert generate() != generate()
