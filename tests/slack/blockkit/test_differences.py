"""Differences between two passages as blocks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds.content import Candidate, Content
from bot.kinds.form import Passage
from bot.slack.blockkit.blocks import modal
from bot.slack.blockkit.differences import difference_blocks
from bot.slack.views import task_message, task_modals
from tests.slack.blockkit.test_passages import task
from tests.slack.conftest import FEWER_EXAMPLES, as_yaml, view_problems

LONG = " ".join(f"word{number}" for number in range(40))
FIRST = Passage("a", "Response A", f"The sky is blue. {LONG} It rains.")
SECOND = Passage("b", "Response B", f"The sky is dark. {LONG} It rains often.")


def test_differences_match_their_snapshot(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(difference_blocks(FIRST, SECOND)) == snapshot


@FEWER_EXAMPLES
@given(first=st.text(max_size=3_500), second=st.text(max_size=3_500))
def test_slack_accepts_all_differences(first: str, second: str) -> None:
    blocks = difference_blocks(replace(FIRST, text=first), replace(SECOND, text=second))
    assert view_problems(modal("notice", "Full text", blocks)) == []


def test_close_texts_have_a_button_and_their_differences_in_the_full_text() -> None:
    close = Content(candidates=(Candidate(FIRST.text), Candidate(SECOND.text)))
    shown = task("comparison", close)
    assert "Show differences" in str(task_message.render_task(shown, 1).blocks)
    assert "Bold: only in Response B." in str(task_modals.full_text_modal(shown, 0))
    other = task("comparison", Content(candidates=(Candidate("Yes."), Candidate("No, never."))))
    assert "Show differences" not in str(task_message.render_task(other, 1).blocks)
