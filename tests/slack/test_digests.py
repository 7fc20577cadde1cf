"""The weekly summary as Slack receives it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.digesting import Week
from bot.services.overviewing import Overview
from bot.slack import digests
from tests.slack.conftest import QUICK, as_sent, refused
from tests.slack.pictures import ANY_OVERVIEW, EMPTY, GOOD, NASTY, TROUBLED


@QUICK
@given(
    found=st.lists(ANY_OVERVIEW, max_size=45),
    thanks=st.lists(st.tuples(NASTY, st.integers(1, 10**6)), max_size=30),
)
def test_slack_takes_any_week(found: list[Overview], thanks: list[tuple[str, int]]) -> None:
    assert refused(digests.digest(Week(tuple(found), tuple(thanks)))) == []


def test_a_week_looks_like_this(snapshot: SnapshotAssertion) -> None:
    week = Week((GOOD, TROUBLED, EMPTY), (("Ada Okafor", 72), ("expert-2", 44)))
    assert as_sent(digests.digest(week)) == snapshot(name="a good week")
    assert as_sent(digests.digest(Week((TROUBLED,), ()))) == snapshot(name="nobody answered")


def test_a_week_is_quiet_where_nobody_answered_and_nothing_is_wrong() -> None:
    assert Week((), ()).is_quiet
    assert Week((GOOD,), ()).is_quiet
    assert not Week((GOOD,), (("Ada", 1),)).is_quiet
    assert not Week((replace(GOOD, worries=TROUBLED.worries),), ()).is_quiet
