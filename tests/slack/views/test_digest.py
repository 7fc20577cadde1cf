"""The weekly summary as Slack receives it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.reports.digest import WeeklyDigest
from bot.services.reports.overview import Overview
from bot.slack.views import digest
from tests.slack.campaign_examples import (
    ANY_OVERVIEW,
    EMPTY_OVERVIEW,
    HEALTHY_OVERVIEW,
    HOSTILE_TEXT,
    OVERVIEW_WITH_WARNINGS,
)
from tests.slack.conftest import FEWER_EXAMPLES, message_problems, message_yaml


@FEWER_EXAMPLES
@given(
    found=st.lists(ANY_OVERVIEW, max_size=45),
    thanks=st.lists(st.tuples(HOSTILE_TEXT, st.integers(1, 10**6)), max_size=30),
)
def test_slack_takes_any_week(found: list[Overview], thanks: list[tuple[str, int]]) -> None:
    assert message_problems(digest.render_digest(WeeklyDigest(tuple(found), tuple(thanks)))) == []


def test_a_week_looks_like_this(snapshot: SnapshotAssertion) -> None:
    week = WeeklyDigest(
        (HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS, EMPTY_OVERVIEW),
        (("Ada Okafor", 72), ("expert-2", 44)),
    )
    assert message_yaml(digest.render_digest(week)) == snapshot(name="a good week")
    assert message_yaml(
        digest.render_digest(WeeklyDigest((OVERVIEW_WITH_WARNINGS,), ()))
    ) == snapshot(name="nobody answered")


def test_a_week_is_quiet_where_nobody_answered_and_nothing_is_wrong() -> None:
    assert WeeklyDigest((), ()).is_empty
    assert WeeklyDigest((HEALTHY_OVERVIEW,), ()).is_empty
    assert not WeeklyDigest((HEALTHY_OVERVIEW,), (("Ada", 1),)).is_empty
    assert not WeeklyDigest(
        (replace(HEALTHY_OVERVIEW, warnings=OVERVIEW_WITH_WARNINGS.warnings),), ()
    ).is_empty
