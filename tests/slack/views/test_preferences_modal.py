"""The windows in which an expert chooses: Slack takes them, and what was chosen is read back."""

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
from tests.slack.conftest import FEWER_EXAMPLES, as_yaml, view_problems
from tests.slack.views.test_home import CHOSEN, USUAL

CHOICES = st.builds(
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


def sent_back(view: dict[str, Any]) -> dict[str, Any]:
    """Return `state.values` of a modal that is sent as it was opened."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            values[block["block_id"]] = {block["block_id"]: _state(block["element"])}
    return values


def _state(element: dict[str, Any]) -> dict[str, Any]:
    kind = element["type"]
    if kind == "checkboxes":
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": element["initial_option"]}
    if kind in ("timepicker", "datepicker"):
        word = kind.removesuffix("picker")
        return {"type": kind, f"selected_{word}": element[f"initial_{word}"]}
    return {"type": kind, "value": element.get("initial_value")}


@FEWER_EXAMPLES
@given(chosen=CHOICES)
def test_what_is_sent_as_it_was_opened_changes_nothing(chosen: Preferences) -> None:
    view = preferences_modal(chosen, "Europe/London")
    assert view_problems(view) == []
    assert parse_preferences(sent_back(view)) == chosen


def test_midnight_is_midnight() -> None:
    late = replace(CHOSEN, work_ends_minute=24 * 60)
    assert parse_preferences(sent_back(preferences_modal(late, "UTC"))).work_ends_minute == 0


def test_the_windows_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(preferences_modal(USUAL, "Europe/London")) == snapshot(name="usual settings")
    assert as_yaml(time_off_modal(date(2026, 12, 24), "{}")) == snapshot(name="time off")
    later = time_off_modal(date(2026, 12, 24), "{}", is_later=True)
    assert as_yaml(later) == snapshot(name="later")
    assert view_problems(later) == []


def test_a_day_is_read_back() -> None:
    assert parse_return_date(sent_back(time_off_modal(date(2026, 12, 24), "{}"))) == date(
        2026, 12, 24
    )


@pytest.mark.parametrize(
    ("key", "element"),
    [
        ("work_starts_minute", {"type": "timepicker", "selected_time": None}),
        ("work_ends_minute", {"type": "timepicker", "selected_time": "late"}),
        ("daily_limit_minutes", {"type": "number_input", "value": "some"}),
    ],
)
def test_what_is_no_answer_is_told_at_its_field(key: str, element: dict[str, Any]) -> None:
    values = sent_back(preferences_modal(USUAL, "UTC")) | {key: {key: element}}
    with pytest.raises(FieldsError) as caught:
        parse_preferences(values)
    assert set(caught.value.fields) == {key}


def test_no_day_is_told_at_its_field() -> None:
    with pytest.raises(FieldsError) as caught:
        parse_return_date({})
    assert set(caught.value.fields) == {"until"}
