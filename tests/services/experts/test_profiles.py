"""Slack profiles are fetched once a day and stored for experts only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.availability.reachability import is_zone_known
from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from storage.tables import Expert
from tests.services.conftest import NOW, Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, open_campaign, update_experts


def list_stale(scenario: Scenario, limit: int = 9) -> list[str]:
    """Return the Slack ids of experts whose profile must be fetched now."""
    return scenario.database.read_now(profiles.list_stale_profiles, scenario.now, limit)


def save(scenario: Scenario, slack_id: str, profile: Profile | None) -> None:
    """Save a profile."""
    scenario.database.write_now(profiles.save_profile, slack_id, profile, scenario.now)


def test_profiles_are_fetched_daily_and_new_experts_first(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    assert list_stale(scenario) == []
    scenario.advance_clock(days=1)
    scenario.create_campaign("jokes", experts=[BOB])
    assert list_stale(scenario) == [BOB, ADA]
    assert list_stale(scenario, 1) == [BOB]
    for slack_id in (ADA, BOB):
        save(scenario, slack_id, Profile("Name", "Asia/Tokyo"))
    assert list_stale(scenario) == []
    assert {(row.name, row.tz) for row in scenario.rows(Expert)} == {("Name", "Asia/Tokyo")}


def test_unknown_slack_id_keeps_stored_profile_and_is_asked_about_later(
    scenario: Scenario,
) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, name="Ada", tz="Asia/Tokyo")
    scenario.advance_clock(days=1)
    assert list_stale(scenario) == [ADA]
    save(scenario, ADA, None)
    (ada,) = scenario.rows(Expert)
    assert (ada.name, ada.tz) == ("Ada", "Asia/Tokyo")
    assert is_zone_known(ada)
    assert list_stale(scenario) == []
    scenario.advance_clock(hours=1)
    assert list_stale(scenario) == [ADA]


@pytest.mark.parametrize("profile", [None, Profile("Ada", None)])
def test_unknown_time_zone_stays_unknown(scenario: Scenario, profile: Profile | None) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, profile_synced_at=None)
    save(scenario, ADA, profile)
    assert not is_zone_known(scenario.rows(Expert)[0])
    assert list_stale(scenario) == []
    scenario.advance_clock(hours=1)
    assert list_stale(scenario) == [ADA]
    save(scenario, ADA, Profile("Ada", "Asia/Tokyo"))
    assert is_zone_known(scenario.rows(Expert)[0])


def test_what_slack_does_not_report_stays(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    save(scenario, ADA, Profile("Ada", "Asia/Tokyo", "OOO", ":palm_tree:"))
    away_until = scenario.rows(Expert)[0].status_away_until
    assert away_until is not None
    save(scenario, ADA, Profile(None, None, None))
    (ada,) = scenario.rows(Expert)
    assert (ada.name, ada.tz, ada.status_away_until) == ("Ada", "Asia/Tokyo", away_until)


def test_nothing_is_stored_about_non_experts(scenario: Scenario) -> None:
    assert not scenario.database.read_now(profiles.is_expert, "U0EVE")
    save(scenario, "U0EVE", Profile("Eve", "UTC", "OOO"))
    scenario.database.write_now(profiles.save_dnd, "U0EVE", {}, scenario.now)
    assert scenario.count("expert") == 0


def test_do_not_disturb_is_saved_and_cleared(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    ends = int((NOW + timedelta(hours=2)).timestamp())
    dnd_info = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    scenario.database.write_now(profiles.save_dnd, ADA, dnd_info, scenario.now)
    (ada,) = scenario.rows(Expert)
    assert (ada.dnd_until, ada.dnd_checked_at) == (NOW + timedelta(hours=2), NOW)
    scenario.database.write_now(profiles.save_dnd, ADA, {}, scenario.now)
    assert scenario.rows(Expert)[0].dnd_until is None


def test_clock_set_back_does_not_keep_profiles_and_do_not_disturb_as_they_were(
    scenario: Scenario,
) -> None:
    open_campaign(scenario, ADA)
    save(scenario, ADA, Profile("Ada", "UTC"))
    save(scenario, ADA, None)
    scenario.database.write_now(profiles.save_dnd, ADA, {}, scenario.now)
    scenario.now -= timedelta(hours=2)
    assert list_stale(scenario) == [ADA]
    now = scenario.now
    ends = int(now.timestamp()) + 3600
    dnd_info = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    profile = Profile("Grace", "UTC")
    scenario.database.write_now(profiles.save_profile, ADA, profile, now, now)
    scenario.database.write_now(profiles.save_dnd, ADA, dnd_info, now, now)
    (ada,) = scenario.rows(Expert)
    assert ada.name == "Grace"
    assert ada.dnd_until is not None
    assert list_stale(scenario) == []


def test_response_does_not_overwrite_later_event(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    requested_at = scenario.now
    scenario.advance_clock(seconds=1)
    save(scenario, ADA, Profile("Ada", "UTC"))
    scenario.database.write_now(profiles.save_dnd, ADA, {}, scenario.now)
    old_profile = Profile("Ada", "UTC", "OOO", ":palm_tree:")
    ends = int(scenario.now.timestamp()) + 3600
    dnd_info = {"dnd_enabled": True, "next_dnd_start_ts": ends - 9_000, "next_dnd_end_ts": ends}
    scenario.database.write_now(profiles.save_profile, ADA, old_profile, scenario.now, requested_at)
    scenario.database.write_now(profiles.save_dnd, ADA, dnd_info, scenario.now, requested_at)
    (ada,) = scenario.rows(Expert)
    assert (ada.status_away_until, ada.dnd_until) == (None, None)
    now = scenario.now
    scenario.database.write_now(profiles.save_profile, ADA, old_profile, now, now)
    scenario.database.write_now(profiles.save_dnd, ADA, dnd_info, now, now)
    (ada,) = scenario.rows(Expert)
    assert ada.status_away_until is not None
    assert ada.dnd_until is not None
