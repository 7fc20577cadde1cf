"""The list of all campaigns, and the coordinators' section of the Home tab."""

from __future__ import annotations

import re
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
@given(
    overviews=st.lists(ANY_OVERVIEW, max_size=3),
    own_summary=st.sampled_from(("", "3 tasks waiting.")),
)
def test_slack_accepts_any_campaigns(overviews: list[Overview], own_summary: str) -> None:
    message = campaigns_overview.render_campaigns(overviews, own_summary)
    assert message_problems(replace(message, text=message.text[:4_000])) == []
    assert view_problems(home.render_home(None, campaigns_overview.home_blocks(overviews))) == []


@pytest.mark.parametrize("count", [41, 120])
def test_slack_accepts_many_campaigns_with_long_names(count: int) -> None:
    overviews = [
        replace(
            OVERVIEW_WITH_WARNINGS,
            status=replace(STATUS, name="n" * 80, title="t" * 300, id=number),
        )
        for number in range(count)
    ]
    message = campaigns_overview.render_campaigns(overviews, "")
    assert message_problems(Message(message.text[:4_000], message.blocks)) == []
    (table,) = [block for block in message.blocks if block["type"] == "table"]
    (hidden,) = re.findall(r"… and (\d+) more campaign", str(message.blocks))
    assert len(table["rows"]) - 1 + int(hidden) == count
    assert len(table["rows"]) > 5
    assert view_problems(home.render_home(None, campaigns_overview.home_blocks(overviews))) == []


def test_overviews_match_snapshots(snapshot: SnapshotAssertion) -> None:
    overviews = [FINISHED_OVERVIEW, HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS, EMPTY_OVERVIEW]
    message = campaigns_overview.render_campaigns(overviews, "12 tasks waiting.")
    assert message_yaml(message) == snapshot(name="all")
    message = campaigns_overview.render_campaigns([], "")
    assert message_yaml(message) == snapshot(name="none yet")
    view = home.render_home(None, campaigns_overview.home_blocks(overviews))
    assert as_yaml(view) == snapshot(name="home")


def test_warnings_come_first_and_closed_campaigns_last() -> None:
    assert campaigns_overview.sort_by_urgency(
        [FINISHED_OVERVIEW, HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS]
    ) == [OVERVIEW_WITH_WARNINGS, HEALTHY_OVERVIEW, FINISHED_OVERVIEW]


def test_home_tab_has_a_button_per_active_campaign() -> None:
    blocks = campaigns_overview.home_blocks([HEALTHY_OVERVIEW, FINISHED_OVERVIEW, EMPTY_OVERVIEW])
    elements = objects_in({"blocks": blocks})
    values = [element["value"] for element in elements if element.get("type") == "button"]
    assert values == ["8::8", "7::7", "0::", "0::"]


@pytest.mark.parametrize(
    ("done", "total", "bar"),
    [
        (0, 10, "▱▱▱▱▱▱▱▱▱▱"),
        (5, 10, "▰▰▰▰▰▱▱▱▱▱"),
        (999, 1_000, "▰▰▰▰▰▰▰▰▰▱"),
        (10, 10, "▰▰▰▰▰▰▰▰▰▰"),
        (0, 0, "▱▱▱▱▱▱▱▱▱▱"),
        (12, 10, "▰▰▰▰▰▰▰▰▰▰"),
    ],
)
def test_progress_bar_is_full_only_when_all_is_done(done: int, total: int, bar: str) -> None:
    assert campaigns_overview.progress_bar(done, total) == bar


@pytest.mark.parametrize(
    ("share", "text"), [(None, "-"), (0, "0%"), (0.996, "99%"), (1, "100%"), (0.334, "33%")]
)
def test_percentage_is_never_rounded_up_to_100(share: float | None, text: str) -> None:
    assert campaigns_overview.format_percent(share) == text


def test_forecast_shows_its_interval() -> None:
    text = campaigns_overview.format_forecast(HEALTHY_OVERVIEW)
    assert text == "done around Fri 20 Mar (Wed 18 Mar to Tue 24 Mar)"
    unknown = replace(HEALTHY_OVERVIEW, forecast=replace(HEALTHY_OVERVIEW.forecast, forecast=None))
    assert campaigns_overview.format_forecast(unknown) == "end date unknown"
    assert campaigns_overview.format_forecast(FINISHED_OVERVIEW) == "done"
    assert campaigns_overview.format_forecast(EMPTY_OVERVIEW) == "no tasks yet"
