"""What experts choose for themselves: kept, checked, and stronger than their profile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import FieldsError
from bot.services.preferring import Preferences, prefer, preferences_of
from bot.services.profiling import Profile, keep_profile, to_ask_about
from bot.services.resting import NoExpertError
from storage.tables import Expert
from tests.services.conftest import Workshop
from tests.services.test_pushing import ADA, opened

WANTED = Preferences(
    starts=7 * 60 + 30,
    ends=2 * 60,
    days=[6, 1],
    tz="Pacific/Kiritimati",
    minutes=45,
    batch=10,
    reminders=False,
    locale="en",
)


def choose(workshop: Workshop, wanted: Preferences = WANTED) -> None:
    """Let Ada choose."""
    workshop.database.write_now(prefer, ADA, wanted, workshop.now)


def test_what_was_chosen_is_kept_and_read_back(workshop: Workshop) -> None:
    opened(workshop)
    choose(workshop)
    (ada,) = workshop.rows(Expert)
    assert preferences_of(ada) == replace(WANTED, days=[1, 6])
    assert ada.hours_are_own
    assert ("changed their settings", "themselves") in workshop.deeds()


def test_a_zone_of_their_own_counts_more_than_the_profile(workshop: Workshop) -> None:
    opened(workshop)
    choose(workshop)
    profile = Profile("Ada", "Europe/London")
    workshop.database.write_now(keep_profile, ADA, profile, workshop.now)
    assert workshop.rows(Expert)[0].tz == "Pacific/Kiritimati"
    choose(workshop, replace(WANTED, tz=None))
    assert workshop.database.read_now(to_ask_about, workshop.now, 9) == [ADA]
    workshop.database.write_now(keep_profile, ADA, profile, workshop.now)
    assert workshop.rows(Expert)[0].tz == "Europe/London"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends": WANTED.starts}, "ends"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"batch": 0}, "batch"),
        ({"locale": "tlh"}, "locale"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    workshop: Workshop, change: dict[str, Any], field: str
) -> None:
    opened(workshop)
    with pytest.raises(FieldsError) as caught:
        choose(workshop, replace(WANTED, **change))
    assert set(caught.value.fields) == {field}
    assert not workshop.rows(Expert)[0].hours_are_own


def test_a_stranger_has_nothing_to_choose(workshop: Workshop) -> None:
    with pytest.raises(NoExpertError):
        choose(workshop)
