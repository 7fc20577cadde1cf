"""What Slack tells of people: asked about once a day, kept, of nobody but experts."""

from __future__ import annotations

from datetime import timedelta

from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from storage.tables import Expert
from tests.services.conftest import NOW, Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, update_experts, open_campaign


def asked_about(scenario: Scenario, most: int = 9) -> list[str]:
    """Return who is to be asked about now."""
    return scenario.database.read_now(profiles.list_stale_profiles, scenario.now, most)


def keep(scenario: Scenario, person: str, profile: Profile | None) -> None:
    """Keep what Slack tells."""
    scenario.database.write_now(profiles.save_profile, person, profile, scenario.now)


def test_a_profile_is_read_again_after_a_day_and_new_people_come_first(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    assert asked_about(scenario) == []
    scenario.advance_clock(days=1)
    scenario.create_campaign("jokes", experts=[BOB])
    assert asked_about(scenario) == [BOB, ADA]
    assert asked_about(scenario, 1) == [BOB]
    for person in (ADA, BOB):
        keep(scenario, person, Profile("Name", "Asia/Tokyo"))
    assert asked_about(scenario) == []
    assert {(row.name, row.tz) for row in scenario.rows(Expert)} == {("Name", "Asia/Tokyo")}


def test_whom_slack_does_not_know_keeps_what_is_there(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, name="Ada", profile_synced_at=None)
    keep(scenario, ADA, None)
    (ada,) = scenario.rows(Expert)
    assert (ada.name, ada.profile_synced_at) == ("Ada", scenario.now)


def test_of_strangers_nothing_is_kept(scenario: Scenario) -> None:
    assert not scenario.database.read_now(profiles.is_expert, "U0EVE")
    keep(scenario, "U0EVE", Profile("Eve", "UTC", "OOO"))
    scenario.database.write_now(profiles.save_dnd, "U0EVE", {}, scenario.now)
    assert scenario.count("expert") == 0


def test_do_not_disturb_is_kept_and_forgotten(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    ends = int((NOW + timedelta(hours=2)).timestamp())
    told = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    scenario.database.write_now(profiles.save_dnd, ADA, told, scenario.now)
    (ada,) = scenario.rows(Expert)
    assert (ada.dnd_until, ada.dnd_checked_at) == (NOW + timedelta(hours=2), NOW)
    scenario.database.write_now(profiles.save_dnd, ADA, {}, scenario.now)
    assert scenario.rows(Expert)[0].dnd_until is None


def test_an_answer_gives_way_to_what_slack_told_of_meanwhile(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    asked = scenario.now
    scenario.advance_clock(seconds=1)
    keep(scenario, ADA, Profile("Ada", "UTC"))
    scenario.database.write_now(profiles.save_dnd, ADA, {}, scenario.now)
    old, ends = Profile("Ada", "UTC", "OOO", ":palm_tree:"), int(scenario.now.timestamp()) + 3600
    told = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    scenario.database.write_now(profiles.save_profile, ADA, old, scenario.now, asked)
    scenario.database.write_now(profiles.save_dnd, ADA, told, scenario.now, asked)
    (ada,) = scenario.rows(Expert)
    assert (ada.status_away_until, ada.dnd_until) == (None, None)
    now = scenario.now
    scenario.database.write_now(profiles.save_profile, ADA, old, now, now)
    scenario.database.write_now(profiles.save_dnd, ADA, told, now, now)
    (ada,) = scenario.rows(Expert)
    assert ada.status_away_until is not None
    assert ada.dnd_until is not None
