"""Triggers that are old, used or unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import TurnableClock
from bot.sandbox.errors import Refusal
from bot.sandbox.ids import Names
from bot.sandbox.triggers import FORGOTTEN, Triggers


def test_a_trigger_is_whose_it_is() -> None:
    clock = TurnableClock()
    triggers = Triggers(clock, Names(clock))
    assert triggers.use(triggers.new("U1")).user == "U1"


def test_an_expired_trigger_was_not_used_and_a_used_one_not_expired() -> None:
    clock = TurnableClock()
    triggers = Triggers(clock, Names(clock))
    used, old = triggers.new("U1"), triggers.new("U1")
    triggers.use(used)
    clock.turn(timedelta(seconds=3.5))
    for name, error in ((used, "exchanged"), (old, "expired"), ("x", "invalid")):
        with pytest.raises(Refusal, match=f"{error}_trigger_id"):
            triggers.use(name)


def test_only_so_many_are_remembered() -> None:
    clock = TurnableClock()
    triggers = Triggers(clock, Names(clock))
    first = triggers.new("U1")
    for _ in range(FORGOTTEN):
        triggers.new("U1")
    with pytest.raises(Refusal, match="invalid_trigger_id"):
        triggers.use(first)
