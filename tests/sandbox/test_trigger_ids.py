"""Trigger ids: valid, expired, used and unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox.clock import AdjustableClock
from bot.sandbox.errors import WebApiError
from bot.sandbox.ids import IdGenerator
from bot.sandbox.trigger_ids import MAX_REMEMBERED, Triggers


def test_trigger_belongs_to_its_user() -> None:
    clock = AdjustableClock()
    triggers = Triggers(clock, IdGenerator(clock))
    assert triggers.use(triggers.issue("U1")).user_id == "U1"


def test_used_expired_and_invalid_triggers_have_different_errors() -> None:
    clock = AdjustableClock()
    triggers = Triggers(clock, IdGenerator(clock))
    used, expired = triggers.issue("U1"), triggers.issue("U1")
    triggers.use(used)
    clock.advance(timedelta(seconds=3.5))
    for trigger_id, error in ((used, "exchanged"), (expired, "expired"), ("x", "invalid")):
        with pytest.raises(WebApiError, match=f"{error}_trigger_id"):
            triggers.use(trigger_id)


def test_oldest_triggers_are_dropped() -> None:
    clock = AdjustableClock()
    triggers = Triggers(clock, IdGenerator(clock))
    first = triggers.issue("U1")
    for _ in range(MAX_REMEMBERED):
        triggers.issue("U1")
    with pytest.raises(WebApiError, match="invalid_trigger_id"):
        triggers.use(first)
