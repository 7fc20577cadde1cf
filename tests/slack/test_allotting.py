"""What is said of tasks that were handed out."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.allotting import NONE_LEFT, Handed
from bot.slack.allotting import handed
from tests.slack.conftest import as_sent, told


def test_what_each_was_given(snapshot: SnapshotAssertion) -> None:
    drawn = handed("jokes", [Handed("U1ADA", 2), Handed("U1BO", 0, NONE_LEFT)])
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_nothing_handed_is_said_so() -> None:
    said = told(handed("jokes", [Handed("U1BO", 0, NONE_LEFT)]).blocks)
    assert said.startswith("Nothing of “jokes”")
