"""Modals for preferences and time off: Slack accepts them, and submissions are parsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.errors import FieldsError
from bot.services.experts.preferences import MAX_BATCH_SIZE, MAX_MINUTES_PER_DAY, Preferences
from bot.slack.views.preferences_modal import (
    parse_preferences,
    parse_return_date,
    preferences_modal,
    time_off_modal,
)
from tests.slack.conftest import FEWER_EXAMPLES, as_yaml, submitted_state, view_problems
from tests.slack.views.test_home import CUSTOM_PREFERENCES, DEFAULT_PREFERENCES

PREFERENCES = st.builds(
    Preferences,
    work_starts_minute=st.integers(0, 24 * 60 - 1),
    work_ends_minute=st.integers(0, 24 * 60 - 1),
    work_days=st.sets(st.integers(1, 7)).map(sorted),
    tz=st.none() | st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati"]),
    daily_limit_minutes=st.none() | st.integers(1, MAX_MINUTES_PER_DAY),
    batch_size=st.none() | st.integers(1, MAX_BATCH_SIZE),
    wants_reminders=st.booleans(),
    locale=st.just("en"),
)


@FEWER_EXAMPLES
@given(preferences=PREFERENCES)
def test_unchanged_submission_keeps_preferences(preferences: Preferences) -> None:
    view = preferences_modal(preferences, "Europe/London")
    assert view_problems(view) == []
    assert parse_preferences(submitted_state(view)) == preferences


def test_end_at_midnight_is_minute_zero() -> None:
    preferences = replace(CUSTOM_PREFERENCES, work_ends_minute=24 * 60)
    state = submitted_state(preferences_modal(preferences, "UTC"))
    assert parse_preferences(state).work_ends_minute == 0


def test_modals(snapshot: SnapshotAssertion) -> None:
    preferences = preferences_modal(DEFAULT_PREFERENCES, "Europe/London")
    assert as_yaml(preferences) == snapshot(name="preferences")
    assert as_yaml(time_off_modal(date(2026, 12, 24), "{}")) == snapshot(name="time off")
    later = time_off_modal(date(2026, 12, 24), "{}", is_later=True)
    assert as_yaml(later) == snapshot(name="ask me later")
    assert view_problems(later) == []


def test_return_date_is_parsed() -> None:
    day = date(2026, 12, 24)
    assert parse_return_date(submitted_state(time_off_modal(day, "{}"))) == day


@pytest.mark.parametrize(
    ("key", "element"),
    [
        ("work_starts_minute", {"type": "timepicker", "selected_time": None}),
        ("work_ends_minute", {"type": "timepicker", "selected_time": "late"}),
        ("daily_limit_minutes", {"type": "number_input", "value": "some"}),
    ],
)
def test_invalid_preferences_are_reported_at_their_field(key: str, element: dict[str, Any]) -> None:
    view = preferences_modal(DEFAULT_PREFERENCES, "UTC")
    with pytest.raises(FieldsError) as caught:
        parse_preferences(submitted_state(view) | {key: {key: element}})
    assert set(caught.value.fields) == {key}


def test_missing_return_date_is_reported_at_its_field() -> None:
    with pytest.raises(FieldsError) as caught:
        parse_return_date({})
    assert set(caught.value.fields) == {"until"}
