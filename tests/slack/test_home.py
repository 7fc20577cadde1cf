"""The Home tab: what waits, what was done and can be changed, settings, time off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.preferring import Preferences
from bot.services.recalling import Recent
from bot.services.tallying import Progress
from bot.services.visiting import Visit
from bot.slack import home
from bot.slack.blocks import plain_section
from tests.slack.conftest import QUICK, as_yaml, objects_in, refused_view

USUAL = Preferences(
    starts=9 * 60,
    ends=17 * 60,
    days=[1, 2, 3, 4, 5],
    tz=None,
    minutes=None,
    batch=None,
    reminders=True,
    locale="en",
)
CHOSEN = Preferences(
    starts=22 * 60,
    ends=6 * 60 + 30,
    days=[1, 3, 7],
    tz="Pacific/Kiritimati",
    minutes=45,
    batch=10,
    reminders=False,
    locale="en",
)
ANSWERED = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
ANSWERS = [
    Recent(7, "Tone of voice", "A is better", ANSWERED, may_change=True),
    Recent(6, "Good jokes", "Funny 3, Original 2", ANSWERED, may_change=False),
]


def progress(
    today: int, total: int, waiting: int, *, is_more: bool = False, minutes: int = 0
) -> Progress:
    """Return how far a person is."""
    return Progress(today, total, waiting, is_more, minutes)


def visit(known: Progress | None = None, **more: Any) -> Visit:  # noqa: ANN401 - fields of a Visit
    """Return what somebody finds at home."""
    plain = Visit(
        progress=known or progress(0, 0, 0),
        is_begun=False,
        spent=0,
        recent=[],
        preferences=USUAL,
        tz="Europe/London",
        back_on=None,
        is_out=False,
    )
    return replace(plain, **more)


COUNTS = st.integers(0, 10**7)
VISITS = st.builds(
    Visit,
    progress=st.builds(Progress, COUNTS, COUNTS, COUNTS, st.booleans(), COUNTS),
    is_begun=st.booleans(),
    spent=COUNTS,
    recent=st.lists(
        st.builds(
            Recent,
            st.integers(1, 10**6),
            st.text(max_size=200),
            st.text(max_size=3000),
            st.none() | st.just(ANSWERED),
            may_change=st.booleans(),
        ),
        max_size=5,
        unique_by=lambda one: one.assignment,
    ),
    preferences=st.sampled_from([USUAL, CHOSEN, replace(USUAL, days=[])]),
    tz=st.sampled_from(["UTC", "Pacific/Kiritimati", "no/zone"]),
    back_on=st.none() | st.dates(),
    is_out=st.booleans(),
)


@QUICK
@given(known=st.none() | VISITS)
def test_slack_takes_the_home_of_anybody(known: Visit | None) -> None:
    assert refused_view(home.draw(known)) == []


def test_homes_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(home.draw(None)) == snapshot(name="a stranger")
    at_work = visit(progress(3, 1_234, 12, minutes=9), is_begun=True, recent=ANSWERS)
    assert as_yaml(home.draw(at_work)) == snapshot(name="at work")
    away = visit(
        progress(0, 9, 3, minutes=2),
        preferences=CHOSEN,
        tz="Pacific/Kiritimati",
        spent=30,
        back_on=date(2026, 12, 24),
    )
    assert as_yaml(home.draw(away)) == snapshot(name="away, with choices")
    assert as_yaml(home.draw(visit())) == snapshot(name="nothing waits")


def test_what_belongs_to_another_role_stands_below() -> None:
    drawn = home.draw(visit(), [plain_section("one")], [plain_section("two")])
    assert [block["type"] for block in drawn["blocks"][-4:]] == [
        "divider",
        "section",
        "divider",
        "section",
    ]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            progress(0, 0, 0),
            "Nothing is waiting for you. You answered 0 today and 0 in all.",
        ),
        (
            progress(3, 1_234, 12, minutes=9),
            "12 waiting for you, about 9 minutes. You answered 3 today and 1,234 in all.",
        ),
        (
            progress(0, 9, 100, is_more=True, minutes=1),
            "100 or more waiting for you, about 1 minute. You answered 0 today and 9 in all.",
        ),
    ],
)
def test_progress_is_said_in_a_sentence_or_two(known: Progress, said: str) -> None:
    assert home.in_words(known) == said


@pytest.mark.parametrize(
    ("waiting", "is_begun", "shown"), [(0, False, None), (1, False, "Start"), (1, True, "Continue")]
)
def test_there_is_a_way_to_begin_only_where_something_waits(
    waiting: int, *, is_begun: bool, shown: str | None
) -> None:
    buttons = labels(visit(progress(0, 0, waiting), is_begun=is_begun))
    assert next((one for one in buttons if one in ("Start", "Continue")), None) == shown


def labels(known: Visit) -> list[str]:
    """Return what stands on the buttons."""
    drawn = home.draw(known)
    return [o["text"]["text"] for o in objects_in(drawn) if o.get("type") == "button"]


def test_only_what_may_change_can_be_changed() -> None:
    assert labels(visit(recent=ANSWERS)).count("Change") == 1


@pytest.mark.parametrize(
    ("known", "is_offered"),
    [({}, False), ({"back_on": date(2026, 12, 24)}, True), ({"is_out": True}, True)],
)
def test_who_is_away_can_be_back(known: dict[str, Any], *, is_offered: bool) -> None:
    assert ("I am back" in labels(visit(**known))) is is_offered


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (USUAL, "Monday to Friday, 09:00 to 17:00"),
        (CHOSEN, "Monday, Wednesday and Sunday, 22:00 to 06:30"),
        (replace(USUAL, days=[6]), "Saturday, 09:00 to 17:00"),
        (replace(USUAL, days=[2, 1], ends=24 * 60), "Monday and Tuesday, 09:00 to 00:00"),
        (replace(USUAL, days=[]), "never by myself, only when you ask"),
    ],
)
def test_hours_are_said_as_people_say_them(chosen: Preferences, said: str) -> None:
    assert home.hours_in_words(chosen) == said
