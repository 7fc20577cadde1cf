"""What Slack tells of people: asked about once a day, kept, of nobody but experts."""

from __future__ import annotations

from datetime import timedelta

from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from storage.tables import Expert
from tests.services.conftest import NOW, Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, changes, opened


def asked_about(workshop: Scenario, most: int = 9) -> list[str]:
    """Return who is to be asked about now."""
    return workshop.database.read_now(profiles.list_stale_profiles, workshop.now, most)


def keep(workshop: Scenario, person: str, profile: Profile | None) -> None:
    """Keep what Slack tells."""
    workshop.database.write_now(profiles.save_profile, person, profile, workshop.now)


def test_a_profile_is_read_again_after_a_day_and_new_people_come_first(workshop: Scenario) -> None:
    opened(workshop, ADA)
    assert asked_about(workshop) == []
    workshop.advance_clock(days=1)
    workshop.create_campaign("jokes", experts=[BOB])
    assert asked_about(workshop) == [BOB, ADA]
    assert asked_about(workshop, 1) == [BOB]
    for person in (ADA, BOB):
        keep(workshop, person, Profile("Name", "Asia/Tokyo"))
    assert asked_about(workshop) == []
    assert {(row.name, row.tz) for row in workshop.rows(Expert)} == {("Name", "Asia/Tokyo")}


def test_whom_slack_does_not_know_keeps_what_is_there(workshop: Scenario) -> None:
    opened(workshop, ADA)
    changes(workshop, name="Ada", profile_at=None)
    keep(workshop, ADA, None)
    (ada,) = workshop.rows(Expert)
    assert (ada.name, ada.profile_synced_at) == ("Ada", workshop.now)


def test_of_strangers_nothing_is_kept(workshop: Scenario) -> None:
    assert not workshop.database.read_now(profiles.is_expert, "U0EVE")
    keep(workshop, "U0EVE", Profile("Eve", "UTC", "OOO"))
    workshop.database.write_now(profiles.save_dnd, "U0EVE", {}, workshop.now)
    assert workshop.count("expert") == 0


def test_do_not_disturb_is_kept_and_forgotten(workshop: Scenario) -> None:
    opened(workshop, ADA)
    ends = int((NOW + timedelta(hours=2)).timestamp())
    told = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    workshop.database.write_now(profiles.save_dnd, ADA, told, workshop.now)
    (ada,) = workshop.rows(Expert)
    assert (ada.dnd_until, ada.dnd_checked_at) == (NOW + timedelta(hours=2), NOW)
    workshop.database.write_now(profiles.save_dnd, ADA, {}, workshop.now)
    assert workshop.rows(Expert)[0].dnd_until is None


def test_an_answer_gives_way_to_what_slack_told_of_meanwhile(workshop: Scenario) -> None:
    opened(workshop, ADA)
    asked = workshop.now
    workshop.advance_clock(seconds=1)
    keep(workshop, ADA, Profile("Ada", "UTC"))
    workshop.database.write_now(profiles.save_dnd, ADA, {}, workshop.now)
    old, ends = Profile("Ada", "UTC", "OOO", ":palm_tree:"), int(workshop.now.timestamp()) + 3600
    told = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    workshop.database.write_now(profiles.save_profile, ADA, old, workshop.now, asked)
    workshop.database.write_now(profiles.save_dnd, ADA, told, workshop.now, asked)
    (ada,) = workshop.rows(Expert)
    assert (ada.status_away_until, ada.dnd_until) == (None, None)
    now = workshop.now
    workshop.database.write_now(profiles.save_profile, ADA, old, now, now)
    workshop.database.write_now(profiles.save_dnd, ADA, told, now, now)
    (ada,) = workshop.rows(Expert)
    assert ada.status_away_until is not None
    assert ada.dnd_until is not None
