"""The Home tab: what waits, what was done, and one button."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.tallying import Progress
from bot.slack import home
from bot.slack.blocks import plain_section
from tests.slack.conftest import QUICK, as_yaml, objects_in, refused_view


def progress(today: int, total: int, waiting: int, *, is_more: bool = False) -> Progress:
    """Return how far a person is."""
    return Progress(today, total, waiting, is_more)


COUNTS = st.integers(0, 10**7)


@QUICK
@given(known=st.none() | st.builds(Progress, COUNTS, COUNTS, COUNTS, st.booleans()))
def test_slack_takes_the_home_of_anybody(known: Progress | None) -> None:
    assert refused_view(home.draw(known)) == []


def test_homes_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(home.draw(None)) == snapshot(name="a stranger")
    assert as_yaml(home.draw(progress(3, 1_234, 12))) == snapshot(name="at work")
    assert as_yaml(home.draw(progress(0, 0, 0))) == snapshot(name="nothing waits")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            progress(0, 0, 0),
            "Nothing is waiting for you. You answered 0 today and 0 in all.",
        ),
        (
            progress(3, 1_234, 12),
            "12 waiting for you. You answered 3 today and 1,234 in all.",
        ),
        (
            progress(0, 9, 100, is_more=True),
            "100 or more waiting for you. You answered 0 today and 9 in all.",
        ),
    ],
)
def test_progress_is_said_in_a_sentence_or_two(known: Progress, said: str) -> None:
    assert home.in_words(known) == said


@pytest.mark.parametrize(("waiting", "buttons"), [(0, 0), (1, 1)])
def test_there_is_a_button_only_where_something_waits(waiting: int, buttons: int) -> None:
    drawn = home.draw(progress(0, 0, waiting))
    assert sum(o.get("type") == "button" for o in objects_in(drawn)) == buttons


def test_other_roles_have_their_sections_below() -> None:
    drawn = home.draw(None, [plain_section("One.")], [plain_section("Two.")])
    assert refused_view(drawn) == []
    kinds = [block["type"] for block in drawn["blocks"]]
    assert kinds == ["header", "section", "divider", "section", "divider", "section"]
