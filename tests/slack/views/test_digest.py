"""The weekly summary."""

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
    overviews=st.lists(ANY_OVERVIEW, max_size=45),
    answer_counts=st.lists(st.tuples(HOSTILE_TEXT, st.integers(1, 10**6)), max_size=30),
)
def test_slack_accepts_any_digest(
    overviews: list[Overview], answer_counts: list[tuple[str, int]]
) -> None:
    week = WeeklyDigest(tuple(overviews), tuple(answer_counts))
    assert message_problems(digest.render_digest(week)) == []


def test_digest_matches_snapshots(snapshot: SnapshotAssertion) -> None:
    week = WeeklyDigest(
        (HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS, EMPTY_OVERVIEW),
        (("Ada Okafor", 72), ("expert-2", 44)),
    )
    assert message_yaml(digest.render_digest(week)) == snapshot(name="with answers")
    quiet_week = WeeklyDigest((OVERVIEW_WITH_WARNINGS,), ())
    assert message_yaml(digest.render_digest(quiet_week)) == snapshot(name="without answers")


def test_digest_is_empty_without_answers_and_warnings() -> None:
    assert WeeklyDigest((), ()).is_empty
    assert WeeklyDigest((HEALTHY_OVERVIEW,), ()).is_empty
    assert not WeeklyDigest((HEALTHY_OVERVIEW,), (("Ada", 1),)).is_empty
    assert not WeeklyDigest(
        (replace(HEALTHY_OVERVIEW, warnings=OVERVIEW_WITH_WARNINGS.warnings),), ()
    ).is_empty
