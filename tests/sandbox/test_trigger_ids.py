"""Triggers that are old, used or unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import AdjustableClock
from bot.sandbox.errors import WebApiError
from bot.sandbox.ids import IdGenerator
from bot.sandbox.trigger_ids import MAX_REMEMBERED, Triggers


def test_a_trigger_is_whose_it_is() -> None:
    clock = AdjustableClock()
    triggers = Triggers(clock, IdGenerator(clock))
    assert triggers.use(triggers.issue("U1")).user_id == "U1"


def test_an_expired_trigger_was_not_used_and_a_used_one_not_expired() -> None:
    clock = AdjustableClock()
    triggers = Triggers(clock, IdGenerator(clock))
    used, old = triggers.issue("U1"), triggers.issue("U1")
    triggers.use(used)
    clock.advance(timedelta(seconds=3.5))
    for name, error in ((used, "exchanged"), (old, "expired"), ("x", "invalid")):
        with pytest.raises(WebApiError, match=f"{error}_trigger_id"):
            triggers.use(name)


def test_only_so_many_are_remembered() -> None:
    clock = AdjustableClock()
    triggers = Triggers(clock, IdGenerator(clock))
    first = triggers.issue("U1")
    for _ in range(MAX_REMEMBERED):
        triggers.issue("U1")
    with pytest.raises(WebApiError, match="invalid_trigger_id"):
        triggers.use(first)
