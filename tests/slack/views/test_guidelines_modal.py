"""The modal that edits guidelines: no part of a long text is lost."""

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
def test_submitted_modal_keeps_the_text(text: str) -> None:
    view = guidelines_modal.guidelines_modal(
        CurrentGuidelines(3, "jokes", 2, text, "https://example.com")
    )
    assert check_view(view) == []
    submission = guidelines_modal.parse_modal(
        submitted_state(view, note="clearer"), view["private_metadata"]
    )
    assert submission == GuidelinesSubmission(3, 2, text, "clearer", "https://example.com")


def test_modal_matches_snapshot(snapshot: SnapshotAssertion) -> None:
    view = guidelines_modal.guidelines_modal(CurrentGuidelines(3, "jokes", 2, "Be kind.", ""))
    assert as_yaml(view) == snapshot


@FEWER_EXAMPLES
@given(st.text("ab \n*", max_size=7000))
def test_submitted_text_is_unchanged(text: str) -> None:
    view = guidelines_modal.guidelines_modal(CurrentGuidelines(3, "jokes", 1, text, ""))
    submission = guidelines_modal.parse_modal(submitted_state(view), view["private_metadata"])
    assert submission.text == text
