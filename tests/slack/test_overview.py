"""How campaigns look at a glance: as a table, and in the Home tab."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.overviewing import Overview
from bot.slack import home, overview
from bot.slack.cards import Drawn
from tests.slack.conftest import QUICK, as_sent, as_yaml, objects_in, refused, refused_view
from tests.slack.pictures import ANY_OVERVIEW, DONE, EMPTY, GOOD, STATUS, TROUBLED


@QUICK
@given(found=st.lists(ANY_OVERVIEW, max_size=3), own=st.sampled_from(("", "3 waiting for you.")))
def test_slack_takes_any_campaigns(found: list[Overview], own: str) -> None:
    drawn = overview.campaigns(found, own)
    assert refused(replace(drawn, text=drawn.text[:4_000])) == []
    assert refused_view(home.draw(None, overview.home(found))) == []


@pytest.mark.parametrize("count", [41, 120])
def test_slack_takes_many_campaigns_with_long_names(count: int) -> None:
    many = [
        replace(TROUBLED, status=replace(STATUS, name="n" * 80, title="t" * 300, id=number))
        for number in range(count)
    ]
    drawn = overview.campaigns(many, "")
    assert refused(Drawn(drawn.text[:4_000], drawn.blocks)) == []
    assert f"… and {count - 40} campaign" in str(drawn.blocks)
    assert refused_view(home.draw(None, overview.home(many))) == []


def test_campaigns_look_like_this(snapshot: SnapshotAssertion) -> None:
    found = [DONE, GOOD, TROUBLED, EMPTY]
    assert as_sent(overview.campaigns(found, "12 waiting for you.")) == snapshot(name="all")
    assert as_sent(overview.campaigns([], "")) == snapshot(name="none yet")
    assert as_yaml(home.draw(None, overview.home(found))) == snapshot(name="home")


def test_trouble_comes_first_and_what_is_over_last() -> None:
    assert overview.by_need([DONE, GOOD, TROUBLED]) == [TROUBLED, GOOD, DONE]


def test_at_home_what_is_over_is_left_out_and_each_campaign_has_its_button() -> None:
    drawn = {"blocks": overview.home([GOOD, DONE, EMPTY])}
    values = [found["value"] for found in objects_in(drawn) if found.get("type") == "button"]
    assert values == ["8::8", "7::7", "0::", "0::"]


@pytest.mark.parametrize(
    ("done", "of", "drawn"),
    [
        (0, 10, "▱▱▱▱▱▱▱▱▱▱"),
        (5, 10, "▰▰▰▰▰▱▱▱▱▱"),
        (999, 1_000, "▰▰▰▰▰▰▰▰▰▱"),
        (10, 10, "▰▰▰▰▰▰▰▰▰▰"),
        (0, 0, "▱▱▱▱▱▱▱▱▱▱"),
        (12, 10, "▰▰▰▰▰▰▰▰▰▰"),
    ],
)
def test_a_bar_is_full_only_when_all_is_done(done: int, of: int, drawn: str) -> None:
    assert overview.bar(done, of) == drawn


@pytest.mark.parametrize(
    ("share", "said"), [(None, "-"), (0, "0%"), (0.996, "99%"), (1, "100%"), (0.334, "33%")]
)
def test_nothing_is_all_there_before_it_is(share: float | None, said: str) -> None:
    assert overview.percent(share) == said


def test_a_forecast_says_how_sure_it_is() -> None:
    said = overview.forecast_in_words(GOOD)
    assert said == "done around Fri 20 Mar (Wed 18 Mar to Tue 24 Mar)"
    unknown = replace(GOOD, outlook=replace(GOOD.outlook, forecast=None))
    assert overview.forecast_in_words(unknown) == "no end in sight"
    assert overview.forecast_in_words(DONE) == "all there"
    assert overview.forecast_in_words(EMPTY) == "nothing to answer"
