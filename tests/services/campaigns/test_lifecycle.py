"""Pausing, resuming and closing: idempotent, and the second hand hears of the first."""

from __future__ import annotations

import pytest

from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns, lifecycle
from bot.services.campaigns.campaigns import ClosedCampaignError, UnknownCampaignError
from bot.services.campaigns.lifecycle import ClosePreview, TransitionResult
from storage.tables import Campaign, CampaignState
from tests.services.conftest import Scenario, pair

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED


def steers(scenario: Scenario, to: CampaignState, person: str = "U0ADA") -> TransitionResult:
    """Let somebody bring the campaign into a state."""
    actor = Actor(person, SLACK, scenario.now)
    return scenario.database.write_now(lifecycle.change_state_by_name, "tone", to, actor)


def test_the_second_to_pause_hears_who_was_first_and_changes_nothing(scenario: Scenario) -> None:
    scenario.create_campaign()
    first = steers(scenario, PAUSED)
    began = scenario.now
    scenario.advance_clock(minutes=2)
    second = steers(scenario, PAUSED, "U0BO")
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert (second.actor_name, second.origin, second.at) == ("U0ADA", SLACK, began)
    assert scenario.audit_log() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_what_was_paused_can_be_resumed_and_who_resumes_again_hears_it(scenario: Scenario) -> None:
    scenario.create_campaign()
    steers(scenario, PAUSED)
    assert not steers(scenario, OPEN, "U0BO").is_unchanged
    again = steers(scenario, OPEN, "U0ADA")
    assert (again.is_unchanged, again.actor_name) == (True, "U0BO")


def test_what_was_never_paused_has_been_open_since_it_was_created(scenario: Scenario) -> None:
    scenario.create_campaign()
    moved = steers(scenario, OPEN)
    assert (moved.is_unchanged, moved.actor_name, moved.origin) == (True, "ada", "command line")


def test_closing_is_for_good_and_closing_twice_is_told(scenario: Scenario) -> None:
    scenario.create_campaign()
    steers(scenario, CLOSED)
    assert steers(scenario, CLOSED, "U0BO").actor_name == "U0ADA"
    for state in (OPEN, PAUSED):
        with pytest.raises(ClosedCampaignError):
            steers(scenario, state)


def test_a_button_about_a_campaign_that_never_was_is_told_so(scenario: Scenario) -> None:
    with pytest.raises(UnknownCampaignError):
        scenario.database.write_now(lifecycle.change_state_by_id, 7, PAUSED, scenario.actor)


def test_only_campaigns_that_a_state_leads_from_are_offered(scenario: Scenario) -> None:
    for name in ("one", "two", "three"):
        scenario.create_campaign(name)
    scenario.run_for_campaign("two", campaigns.pause, scenario.actor)
    scenario.run_for_campaign("three", campaigns.close, scenario.actor)
    offered = {
        to: [
            one.name for one in scenario.database.read_now(lifecycle.list_campaign_options, *states)
        ]
        for to, states in lifecycle.ALLOWED_FROM.items()
    }
    assert offered == {OPEN: ["two"], PAUSED: ["one"], CLOSED: ["two", "one"]}


def test_what_closing_would_end_is_counted(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U0ADA"])
    scenario.import_rows("tone", [pair(1)])
    scenario.assign_next("U0ADA")
    (campaign,) = scenario.rows(Campaign)
    assert scenario.run_for_campaign("tone", lifecycle.preview_close) == ClosePreview(
        campaign.id, "tone", 1, 0
    )
    steers(scenario, CLOSED)
    assert scenario.run_for_campaign("tone", lifecycle.preview_close) is None


def test_who_is_in_two_minds_gets_what_they_said_last_and_an_end_that_stays(
    scenario: Scenario,
) -> None:
    scenario.create_campaign()
    for state in (PAUSED, OPEN, PAUSED, CLOSED):
        assert not steers(scenario, state).is_unchanged
    assert steers(scenario, CLOSED).is_unchanged
    with pytest.raises(ClosedCampaignError, match="create another one"):
        steers(scenario, OPEN)
    assert [deed for deed, _subject in scenario.audit_log()] == [
        *("created", "paused", "open", "paused", "closed"),
    ]
