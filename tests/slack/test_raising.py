"""What experts raise: windows that Slack takes, and reasons that give no gold away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack import raising
from bot.slack.ids import UnknownButtonError
from storage.queries.raising import Told
from tests.slack.conftest import QUICK, TEXTS, as_yaml, example

WHYS = {
    "nothing": {},
    "field": {"domains": ["law", "tax", "birds"], "language": None},
    "language": {"domains": ["law"], "language": "de"},
    "pushed": {"domains": [], "language": None, "pushed": True, "alone": False},
    "alone": {"domains": [], "language": None, "pushed": True, "alone": True},
}


def views() -> list[dict[str, Any]]:
    """Return every window that experts see."""
    task = example("comparison")
    return [*(raising.view_of(way, task) for way in raising.WAYS), raising.answers([])]


@pytest.mark.parametrize("way", raising.WAYS)
def test_each_window_as_slack_receives_it(way: str, snapshot: SnapshotAssertion) -> None:
    view = raising.view_of(way, example("comparison"))
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


@pytest.mark.parametrize("name", WHYS)
def test_why_somebody_is_asked(name: str, snapshot: SnapshotAssertion) -> None:
    view = raising.view_of("why", example("comparison", why=WHYS[name]))
    assert view["blocks"][0]["text"]["text"] == snapshot


def test_an_option_that_nobody_knows_opens_nothing() -> None:
    with pytest.raises(UnknownButtonError):
        raising.view_of("nonsense", example("comparison"))


@QUICK
@given(question=TEXTS.filter(str.strip), answer=TEXTS.filter(str.strip))
def test_slack_takes_whatever_was_asked_and_answered(question: str, answer: str) -> None:
    assert check_view(raising.answers([Told(question, answer)] * 25)) == []


def test_nothing_answered_is_said() -> None:
    assert check_view(raising.answers([])) == []
