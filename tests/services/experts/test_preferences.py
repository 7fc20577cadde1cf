"""Preferences are saved, validated, and take precedence over the Slack profile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import FieldsError
from bot.services.experts.preferences import Preferences, preferences_of, save_preferences
from bot.services.experts.profiles import Profile, list_stale_profiles, save_profile
from bot.services.experts.time_off import NotAnExpertError
from storage.tables import Expert
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, open_campaign

PREFERENCES = Preferences(
    work_starts_minute=7 * 60 + 30,
    work_ends_minute=2 * 60,
    work_days=[6, 1],
    tz="Pacific/Kiritimati",
    daily_limit_minutes=45,
    batch_size=10,
    wants_reminders=False,
    locale="en",
)


def save(scenario: Scenario, preferences: Preferences = PREFERENCES) -> None:
    """Save Ada's preferences."""
    scenario.database.write_now(save_preferences, ADA, preferences, scenario.now)


def test_preferences_are_saved_and_loaded(scenario: Scenario) -> None:
    open_campaign(scenario)
    save(scenario)
    (ada,) = scenario.rows(Expert)
    assert preferences_of(ada) == replace(PREFERENCES, work_days=[1, 6])
    assert ada.has_custom_hours
    assert ("changed preferences", "expert U0ADA") in scenario.audit_log()


def test_custom_time_zone_overrides_profile(scenario: Scenario) -> None:
    open_campaign(scenario)
    save(scenario)
    profile = Profile("Ada", "Europe/London")
    scenario.database.write_now(save_profile, ADA, profile, scenario.now)
    assert scenario.rows(Expert)[0].tz == "Pacific/Kiritimati"
    save(scenario, replace(PREFERENCES, tz=None))
    assert scenario.database.read_now(list_stale_profiles, scenario.now, 9) == [ADA]
    scenario.database.write_now(save_profile, ADA, profile, scenario.now)
    assert scenario.rows(Expert)[0].tz == "Europe/London"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"work_ends_minute": PREFERENCES.work_starts_minute}, "work_ends_minute"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"daily_limit_minutes": 0}, "daily_limit_minutes"),
        ({"daily_limit_minutes": 1441}, "daily_limit_minutes"),
        ({"batch_size": 0}, "batch_size"),
        ({"locale": "tlh"}, "locale"),
    ],
)
def test_invalid_value_is_reported_at_its_field(
    scenario: Scenario, change: dict[str, Any], field: str
) -> None:
    open_campaign(scenario)
    with pytest.raises(FieldsError) as raised:
        save(scenario, replace(PREFERENCES, **change))
    assert set(raised.value.fields) == {field}
    assert not scenario.rows(Expert)[0].has_custom_hours


def test_non_expert_has_no_preferences(scenario: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        save(scenario)
