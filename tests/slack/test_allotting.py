"""What is said of tasks that were handed out."""

from __future__ import annotations

from typing import Any

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.allotting import NONE_LEFT, Handed, Portion
from bot.slack.allotting import handed, read, window
from tests.slack.conftest import as_sent, as_yaml, refused_view, told


def test_the_window_asks_who_gets_which(snapshot: SnapshotAssertion) -> None:
    drawn = window(7, "Good jokes")
    assert refused_view(drawn) == []
    assert as_yaml(drawn) == snapshot
    assert refused_view(window(7, "t" * 300)) == []


def test_the_window_is_read_back() -> None:
    people = {"type": "multi_users_select", "selected_users": ["U1ADA", "U1BO"]}
    values: dict[str, Any] = {
        "people": {"people": people},
        "count": {"count": {"type": "number_input"}},
    }
    assert read(values) == (("U1ADA", "U1BO"), Portion("", 1))
    values["count"]["count"] = {"type": "number_input", "value": "5"}
    values["item"] = {"item": {"type": "plain_text_input", "value": " joke-7 "}}
    assert read(values)[1] == Portion("joke-7", 5)


def test_what_each_was_given(snapshot: SnapshotAssertion) -> None:
    drawn = handed("jokes", [Handed("U1ADA", 2), Handed("U1BO", 0, NONE_LEFT)])
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_nothing_handed_is_said_so() -> None:
    said = told(handed("jokes", [Handed("U1BO", 0, NONE_LEFT)]).blocks)
    assert said.startswith("Nothing of “jokes”")
