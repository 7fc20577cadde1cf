"""The welcome: the first message of a campaign."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.experts.welcome import Welcome
from bot.slack.views.welcome import render_welcome
from tests.slack.conftest import FEWER_EXAMPLES, message_problems, message_yaml
from tests.slack.views.test_home import CUSTOM_PREFERENCES, DEFAULT_PREFERENCES

WELCOME = Welcome(
    assignment_id=7,
    campaign="Tone of voice",
    task_phrase="say which of two responses is better",
    invited_by="U1",
    waiting=12,
    seconds=31,
    practice_questions=0,
    has_guidelines=True,
    preferences=DEFAULT_PREFERENCES,
    tz="Europe/London",
)

WELCOMES = {
    "invited in Slack": WELCOME,
    "with practice": replace(
        WELCOME, invited_by=None, practice_questions=5, seconds=90, has_guidelines=False
    ),
    "many tasks": replace(WELCOME, waiting=100, seconds=4, preferences=CUSTOM_PREFERENCES),
}


@pytest.mark.parametrize("welcome", WELCOMES.values(), ids=WELCOMES.keys())
def test_welcome_matches_its_snapshot(welcome: Welcome, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_welcome(welcome)) == snapshot


@FEWER_EXAMPLES
@given(campaign=st.text(min_size=1, max_size=400), seconds=st.floats(0, 10**6))
def test_slack_accepts_every_welcome(campaign: str, seconds: float) -> None:
    welcome = replace(WELCOME, campaign=campaign, seconds=seconds, invited_by=None)
    message = render_welcome(welcome)
    assert message_problems(message) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "10 seconds"),
        (44, "40 seconds"),
        (46, "1 minute"),
        (89, "1 minute"),
        (100, "2 minutes"),
        (600, "10 minutes"),
    ],
)
def test_time_is_rounded(seconds: float, text: str) -> None:
    message = message_yaml(render_welcome(replace(WELCOME, seconds=seconds)))
    assert f"One takes about {text}." in message
