"""The window of guidelines: nothing of a long text gets lost in its boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack.views import guidelines_modal
from bot.slack.views.guidelines_modal import CurrentGuidelines, GuidelinesSubmission
from tests.slack.conftest import FEWER_EXAMPLES, as_yaml, submitted_state

LONG = ("word " * 700 + "\n\n") * 8


@pytest.mark.parametrize("text", ["", "# Be kind\n", LONG[:29_000]], ids=["none", "short", "long"])
def test_slack_takes_the_window_and_the_text_comes_back(text: str) -> None:
    view = guidelines_modal.guidelines_modal(
        CurrentGuidelines(3, "jokes", 2, text, "https://example.com")
    )
    assert check_view(view) == []
    read = guidelines_modal.parse_modal(
        submitted_state(view, note="clearer"), view["private_metadata"]
    )
    assert read == GuidelinesSubmission(3, 2, text, "clearer", "https://example.com")


def test_the_window(snapshot: SnapshotAssertion) -> None:
    assert (
        as_yaml(guidelines_modal.guidelines_modal(CurrentGuidelines(3, "jokes", 2, "Be kind.", "")))
        == snapshot
    )


@FEWER_EXAMPLES
@given(st.text("ab \n*", max_size=7000))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    view = guidelines_modal.guidelines_modal(CurrentGuidelines(3, "jokes", 1, text, ""))
    assert (
        guidelines_modal.parse_modal(submitted_state(view), view["private_metadata"]).text == text
    )
