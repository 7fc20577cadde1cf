"""The Home tab: what waits, what was done and can be changed, settings, time off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.experts.preferences import Preferences
from bot.services.home.home_tab import HomeTab
from bot.services.tasks.expert_progress import Progress
from bot.services.tasks.recent_answers import RecentAnswer
from bot.slack.blockkit.blocks import plain_section
from bot.slack.views import home
from tests.slack.conftest import FEWER_EXAMPLES, as_yaml, objects_in, view_problems

USUAL = Preferences(
    work_starts_minute=9 * 60,
    work_ends_minute=17 * 60,
    work_days=[1, 2, 3, 4, 5],
    tz=None,
    daily_limit_minutes=None,
    batch_size=None,
    wants_reminders=True,
    locale="en",
)
CHOSEN = Preferences(
    work_starts_minute=22 * 60,
    work_ends_minute=6 * 60 + 30,
    work_days=[1, 3, 7],
    tz="Pacific/Kiritimati",
    daily_limit_minutes=45,
    batch_size=10,
    wants_reminders=False,
    locale="en",
)
ANSWERED = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
ANSWERS = [
    RecentAnswer(7, "Tone of voice", "A is better", ANSWERED, can_change=True),
    RecentAnswer(6, "Good jokes", "Funny 3, Original 2", ANSWERED, can_change=False),
]


def progress(
    today: int, total: int, waiting: int, *, is_more: bool = False, minutes: int = 0
) -> Progress:
    """Return how far a person is."""
    return Progress(today, total, waiting, is_more, minutes)


def visit(known: Progress | None = None, **more: Any) -> HomeTab:  # noqa: ANN401 - fields of a Visit
    """Return what somebody finds at home."""
    plain = HomeTab(
        progress=known or progress(0, 0, 0),
        has_open_task=False,
        minutes_spent=0,
        recent_answers=[],
        preferences=USUAL,
        tz="Europe/London",
        returns_on=None,
        is_out_of_office=False,
    )
    return replace(plain, **more)


COUNTS = st.integers(0, 10**7)
VISITS = st.builds(
    HomeTab,
    progress=st.builds(Progress, COUNTS, COUNTS, COUNTS, st.booleans(), COUNTS),
    has_open_task=st.booleans(),
    minutes_spent=COUNTS,
    recent_answers=st.lists(
        st.builds(
            RecentAnswer,
            st.integers(1, 10**6),
            st.text(max_size=200),
            st.text(max_size=3000),
            st.none() | st.just(ANSWERED),
            can_change=st.booleans(),
        ),
        max_size=5,
        unique_by=lambda one: one.assignment_id,
    ),
    preferences=st.sampled_from([USUAL, CHOSEN, replace(USUAL, work_days=[])]),
    tz=st.sampled_from(["UTC", "Pacific/Kiritimati", "no/zone"]),
    returns_on=st.none() | st.dates(),
    is_out_of_office=st.booleans(),
)


@FEWER_EXAMPLES
@given(known=st.none() | VISITS)
def test_slack_takes_the_home_of_anybody(known: HomeTab | None) -> None:
    assert view_problems(home.render_home(known)) == []


def test_homes_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(home.render_home(None)) == snapshot(name="a stranger")
    at_work = visit(progress(3, 1_234, 12, minutes=9), has_open_task=True, recent_answers=ANSWERS)
    assert as_yaml(home.render_home(at_work)) == snapshot(name="at work")
    away = visit(
        progress(0, 9, 3, minutes=2),
        preferences=CHOSEN,
        tz="Pacific/Kiritimati",
        minutes_spent=30,
        returns_on=date(2026, 12, 24),
    )
    assert as_yaml(home.render_home(away)) == snapshot(name="away, with choices")
    assert as_yaml(home.render_home(visit())) == snapshot(name="nothing waits")


def test_what_belongs_to_another_role_stands_below() -> None:
    message = home.render_home(visit(), [plain_section("one")], [plain_section("two")])
    assert [block["type"] for block in message["blocks"][-4:]] == [
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
    assert home.summarize_progress(known) == said


@pytest.mark.parametrize(
    ("waiting", "has_open_task", "shown"),
    [(0, False, None), (1, False, "Start"), (1, True, "Continue")],
)
def test_there_is_a_way_to_begin_only_where_something_waits(
    waiting: int, *, has_open_task: bool, shown: str | None
) -> None:
    buttons = labels(visit(progress(0, 0, waiting), has_open_task=has_open_task))
    assert next((one for one in buttons if one in ("Start", "Continue")), None) == shown


def labels(known: HomeTab) -> list[str]:
    """Return what stands on the buttons."""
    message = home.render_home(known)
    return [o["text"]["text"] for o in objects_in(message) if o.get("type") == "button"]


def test_only_what_may_change_can_be_changed() -> None:
    assert labels(visit(recent_answers=ANSWERS)).count("Change") == 1


@pytest.mark.parametrize(
    ("known", "is_offered"),
    [({}, False), ({"returns_on": date(2026, 12, 24)}, True), ({"is_out_of_office": True}, True)],
)
def test_who_is_away_can_be_back(known: dict[str, Any], *, is_offered: bool) -> None:
    assert ("I am back" in labels(visit(**known))) is is_offered


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (USUAL, "Monday to Friday, 09:00 to 17:00"),
        (CHOSEN, "Monday, Wednesday and Sunday, 22:00 to 06:30"),
        (replace(USUAL, work_days=[6]), "Saturday, 09:00 to 17:00"),
        (
            replace(USUAL, work_days=[2, 1], work_ends_minute=24 * 60),
            "Monday and Tuesday, 09:00 to 00:00",
        ),
        (replace(USUAL, work_days=[]), "never by myself, only when you ask"),
    ],
)
def test_hours_are_said_as_people_say_them(chosen: Preferences, said: str) -> None:
    assert home.format_working_hours(chosen) == said
