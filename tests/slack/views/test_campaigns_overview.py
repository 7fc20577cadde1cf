"""How campaigns look at a glance: as a table, and in the Home tab."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.reports.overview import Overview
from bot.slack.blockkit.message import Message
from bot.slack.views import campaigns_overview, home
from tests.slack.campaign_examples import (
    ANY_OVERVIEW,
    EMPTY_OVERVIEW,
    FINISHED_OVERVIEW,
    HEALTHY_OVERVIEW,
    OVERVIEW_WITH_WARNINGS,
    STATUS,
)
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    as_yaml,
    message_problems,
    message_yaml,
    objects_in,
    view_problems,
)


@FEWER_EXAMPLES
@given(found=st.lists(ANY_OVERVIEW, max_size=3), own=st.sampled_from(("", "3 waiting for you.")))
def test_slack_takes_any_campaigns(found: list[Overview], own: str) -> None:
    message = campaigns_overview.render_campaigns(found, own)
    assert message_problems(replace(message, text=message.text[:4_000])) == []
    assert view_problems(home.render_home(None, campaigns_overview.home_blocks(found))) == []


@pytest.mark.parametrize("count", [41, 120])
def test_slack_takes_many_campaigns_with_long_names(count: int) -> None:
    many = [
        replace(
            OVERVIEW_WITH_WARNINGS,
            status=replace(STATUS, name="n" * 80, title="t" * 300, id=number),
        )
        for number in range(count)
    ]
    message = campaigns_overview.render_campaigns(many, "")
    assert message_problems(Message(message.text[:4_000], message.blocks)) == []
    assert f"… and {count - 40} campaign" in str(message.blocks)
    assert view_problems(home.render_home(None, campaigns_overview.home_blocks(many))) == []


def test_campaigns_look_like_this(snapshot: SnapshotAssertion) -> None:
    found = [FINISHED_OVERVIEW, HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS, EMPTY_OVERVIEW]
    assert message_yaml(
        campaigns_overview.render_campaigns(found, "12 waiting for you.")
    ) == snapshot(name="all")
    assert message_yaml(campaigns_overview.render_campaigns([], "")) == snapshot(name="none yet")
    assert as_yaml(home.render_home(None, campaigns_overview.home_blocks(found))) == snapshot(
        name="home"
    )


def test_trouble_comes_first_and_what_is_over_last() -> None:
    assert campaigns_overview.sort_by_urgency(
        [FINISHED_OVERVIEW, HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS]
    ) == [OVERVIEW_WITH_WARNINGS, HEALTHY_OVERVIEW, FINISHED_OVERVIEW]


def test_at_home_what_is_over_is_left_out_and_each_campaign_has_its_button() -> None:
    message = {
        "blocks": campaigns_overview.home_blocks(
            [HEALTHY_OVERVIEW, FINISHED_OVERVIEW, EMPTY_OVERVIEW]
        )
    }
    values = [found["value"] for found in objects_in(message) if found.get("type") == "button"]
    assert values == ["8::8", "7::7", "0::", "0::"]


@pytest.mark.parametrize(
    ("done", "of", "message"),
    [
        (0, 10, "▱▱▱▱▱▱▱▱▱▱"),
        (5, 10, "▰▰▰▰▰▱▱▱▱▱"),
        (999, 1_000, "▰▰▰▰▰▰▰▰▰▱"),
        (10, 10, "▰▰▰▰▰▰▰▰▰▰"),
        (0, 0, "▱▱▱▱▱▱▱▱▱▱"),
        (12, 10, "▰▰▰▰▰▰▰▰▰▰"),
    ],
)
def test_a_bar_is_full_only_when_all_is_done(done: int, of: int, message: str) -> None:
    assert campaigns_overview.progress_bar(done, of) == message


@pytest.mark.parametrize(
    ("share", "said"), [(None, "-"), (0, "0%"), (0.996, "99%"), (1, "100%"), (0.334, "33%")]
)
def test_nothing_is_all_there_before_it_is(share: float | None, said: str) -> None:
    assert campaigns_overview.format_percent(share) == said


def test_a_forecast_says_how_sure_it_is() -> None:
    said = campaigns_overview.format_forecast(HEALTHY_OVERVIEW)
    assert said == "done around Fri 20 Mar (Wed 18 Mar to Tue 24 Mar)"
    unknown = replace(HEALTHY_OVERVIEW, forecast=replace(HEALTHY_OVERVIEW.forecast, forecast=None))
    assert campaigns_overview.format_forecast(unknown) == "no end in sight"
    assert campaigns_overview.format_forecast(FINISHED_OVERVIEW) == "all there"
    assert campaigns_overview.format_forecast(EMPTY_OVERVIEW) == "nothing to answer"
