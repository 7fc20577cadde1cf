"""Experts' own work: Slack accepts any of it, in a message and in a dialog."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.services.experts.work import MonthOfWork, Work, WorkOutcome
from bot.slack.views.task_modals import read_only_modal
from bot.slack.views.work import format_time, render_work
from storage.queries.work import RaisedCounts
from tests.slack.conftest import FEWER_EXAMPLES, message_problems, message_yaml

COUNTS = st.integers(0, 10**7)
RAISED = st.builds(RaisedCounts, COUNTS, COUNTS)
WORKS = st.builds(
    Work,
    st.lists(
        st.builds(
            MonthOfWork,
            st.dates(date(2026, 1, 1), date(2026, 12, 1)).map(lambda day: day.replace(day=1)),
            st.text(min_size=1, max_size=80),
            st.text(max_size=200),
            COUNTS,
            COUNTS,
        ),
        max_size=40,
    ).map(lambda months: tuple(sorted(months, key=lambda one: one.month, reverse=True))),
    st.lists(
        st.builds(WorkOutcome, st.text(max_size=200), *[COUNTS] * 7, RAISED, RAISED, RAISED),
        max_size=20,
    ).map(tuple),
    st.just("Europe/London"),
)


@FEWER_EXAMPLES
@given(work=WORKS)
def test_slack_accepts_any_work(work: Work) -> None:
    message = render_work(work)
    assert message_problems(message) == []
    assert check_view(read_only_modal("Your work", message.blocks)) == []


ONE_OF_TWO = RaisedCounts(2, 1)
WORK = Work(
    (
        MonthOfWork(date(2026, 4, 1), "tone", "Tone of voice", 24, 4_320),
        MonthOfWork(date(2026, 3, 1), "jokes", "Good jokes", 1, 40),
        MonthOfWork(date(2026, 3, 1), "tone", "Tone of voice", 1204, 40_000),
    ),
    (
        WorkOutcome("Good jokes", 1),
        WorkOutcome("Tone of voice", 1226, 3, 2, 4, 7, 5, 4, *[ONE_OF_TWO] * 3),
    ),
    "Europe/London",
)


def test_work(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_work(WORK)) == snapshot
    blocks = str(render_work(WORK, is_file_requested=True).blocks)
    assert "send_work_file" not in blocks
    assert "will arrive in your direct messages" in blocks


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "1 h 00 min"), (3_900, "1 h 05 min")],
)
def test_times_are_in_hours_and_minutes(seconds: int, text: str) -> None:
    assert format_time(seconds) == text
