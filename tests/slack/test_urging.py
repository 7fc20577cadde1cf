"""What a coordinator hears of reminders by hand."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.urging import LeftAlone, Urged
from bot.slack.urging import NOBODY, urged
from tests.slack.conftest import as_sent, told


def test_who_was_reminded_and_who_was_not(snapshot: SnapshotAssertion) -> None:
    what = Urged(["U1ADA"], {LeftAlone.HOURS: ["U1BO", "U1CY"], LeftAlone.CAPS: ["U1DI"]})
    drawn = urged(what)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_nobody_and_very_many() -> None:
    assert told(urged(Urged()).blocks) == NOBODY
    many = urged(Urged([], {LeftAlone.WISH: [f"U{number:04}" for number in range(30)]}))
    assert "and 10 more" in told(many.blocks)
