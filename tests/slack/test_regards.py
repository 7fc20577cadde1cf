"""Kind words: Slack takes them, they can be read aloud, and nothing in them shames."""

from __future__ import annotations

from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.cadence.portions import Limit
from bot.services.resting import Return
from bot.services.serving import Page, Receipt, Stop
from bot.slack import cards, regards
from bot.slack.cards import Drawn
from tests.slack.conftest import as_sent, refused
from tests.slack.test_home import progress

DONE = Receipt(17, "Saved: A is better")

ALL: dict[str, Drawn] = {
    "welcome back to much": regards.welcome(progress(0, 9, 12, minutes=6), 3),
    "welcome back to nothing": regards.welcome(progress(0, 9, 0), 1),
    "still want this": regards.still_want_this(),
    "the time is up": cards.draw(Page("D1", DONE, None, 0, stop=Stop(Limit.TIME, 30))),
    "the batch is done": cards.draw(Page("D1", DONE, None, 0, stop=Stop(Limit.BATCH, 10))),
    "the time is up, in a thread": cards.draw(Page("D1", None, None, 0, stop=Stop(Limit.TIME, 1))),
}


@pytest.mark.parametrize("drawn", ALL.values(), ids=ALL.keys())
def test_it_looks_like_this(drawn: Drawn, snapshot: SnapshotAssertion) -> None:
    assert as_sent(drawn) == snapshot
    assert refused(drawn) == []
    assert len(drawn.text) <= 250, "a notification says all of it"


@pytest.mark.parametrize(
    ("waiting", "moved", "said"),
    [
        (0, 0, "Nothing waits for you."),
        (
            1,
            1,
            "1 task waits for you, about 1 minute; 1 task has moved on to colleagues meanwhile.",
        ),
        (
            12,
            3,
            "12 tasks wait for you, about 1 minute; 3 tasks have moved on to colleagues meanwhile.",
        ),
    ],
)
def test_a_return_is_said_in_a_sentence(waiting: int, moved: int, said: str) -> None:
    found = Return(progress(0, 0, waiting, minutes=1), moved)
    assert regards.return_in_words(found) == f"Welcome back! {said}"


def test_a_day_is_said_as_people_say_it() -> None:
    assert regards.day_in_words(date(2026, 12, 7)) == "Monday, 7 December 2026"
    assert "Thursday, 24 December 2026" in regards.paused(date(2026, 12, 24))
