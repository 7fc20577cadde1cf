"""What experts choose for themselves: kept, checked, and stronger than their profile."""

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
from tests.services.tasks.test_scheduled_delivery import ADA, opened

WANTED = Preferences(
    work_starts_minute=7 * 60 + 30,
    work_ends_minute=2 * 60,
    work_days=[6, 1],
    tz="Pacific/Kiritimati",
    daily_limit_minutes=45,
    batch_size=10,
    wants_reminders=False,
    locale="en",
)


def choose(workshop: Scenario, wanted: Preferences = WANTED) -> None:
    """Let Ada choose."""
    workshop.database.write_now(save_preferences, ADA, wanted, workshop.now)


def test_what_was_chosen_is_kept_and_read_back(workshop: Scenario) -> None:
    opened(workshop)
    choose(workshop)
    (ada,) = workshop.rows(Expert)
    assert preferences_of(ada) == replace(WANTED, work_days=[1, 6])
    assert ada.has_custom_hours
    assert ("changed their settings", "themselves") in workshop.audit_log()


def test_a_zone_of_their_own_counts_more_than_the_profile(workshop: Scenario) -> None:
    opened(workshop)
    choose(workshop)
    profile = Profile("Ada", "Europe/London")
    workshop.database.write_now(save_profile, ADA, profile, workshop.now)
    assert workshop.rows(Expert)[0].tz == "Pacific/Kiritimati"
    choose(workshop, replace(WANTED, tz=None))
    assert workshop.database.read_now(list_stale_profiles, workshop.now, 9) == [ADA]
    workshop.database.write_now(save_profile, ADA, profile, workshop.now)
    assert workshop.rows(Expert)[0].tz == "Europe/London"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends": WANTED.work_starts_minute}, "ends"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"batch": 0}, "batch"),
        ({"locale": "tlh"}, "locale"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    workshop: Scenario, change: dict[str, Any], field: str
) -> None:
    opened(workshop)
    with pytest.raises(FieldsError) as caught:
        choose(workshop, replace(WANTED, **change))
    assert set(caught.value.fields) == {field}
    assert not workshop.rows(Expert)[0].has_custom_hours


def test_a_stranger_has_nothing_to_choose(workshop: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        choose(workshop)
