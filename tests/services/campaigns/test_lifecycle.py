"""Pausing, resuming and closing: idempotent, and a repeated action reports the first one."""

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


def change_state(
    scenario: Scenario, state: CampaignState, person: str = "U0ADA"
) -> TransitionResult:
    """Change the state of the campaign."""
    actor = Actor(person, SLACK, scenario.now)
    return scenario.database.write_now(lifecycle.change_state_by_name, "tone", state, actor)


def test_pausing_again_reports_who_paused_first(scenario: Scenario) -> None:
    scenario.create_campaign()
    first = change_state(scenario, PAUSED)
    paused_at = scenario.now
    scenario.advance_clock(minutes=2)
    second = change_state(scenario, PAUSED, "U0BO")
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert (second.actor_name, second.origin, second.at) == ("U0ADA", SLACK, paused_at)
    assert scenario.audit_log() == [
        ("created a campaign", "campaign tone"),
        ("paused a campaign", "campaign tone"),
    ]


def test_resuming_again_reports_who_resumed_first(scenario: Scenario) -> None:
    scenario.create_campaign()
    change_state(scenario, PAUSED)
    assert not change_state(scenario, OPEN, "U0BO").is_unchanged
    again = change_state(scenario, OPEN, "U0ADA")
    assert (again.is_unchanged, again.actor_name) == (True, "U0BO")


def test_resuming_a_new_campaign_reports_its_creator(scenario: Scenario) -> None:
    scenario.create_campaign()
    result = change_state(scenario, OPEN)
    assert (result.is_unchanged, result.actor_name, result.origin) == (True, "ada", "command line")


def test_closing_again_reports_who_closed_and_cannot_be_undone(scenario: Scenario) -> None:
    scenario.create_campaign()
    change_state(scenario, CLOSED)
    assert change_state(scenario, CLOSED, "U0BO").actor_name == "U0ADA"
    for state in (OPEN, PAUSED):
        with pytest.raises(ClosedCampaignError):
            change_state(scenario, state)


def test_unknown_campaign_id_is_refused(scenario: Scenario) -> None:
    with pytest.raises(UnknownCampaignError):
        scenario.database.write_now(lifecycle.change_state_by_id, 7, PAUSED, scenario.actor)


def test_only_campaigns_that_can_change_are_offered(scenario: Scenario) -> None:
    for name in ("one", "two", "three"):
        scenario.create_campaign(name)
    scenario.run_for_campaign("two", campaigns.pause, scenario.actor)
    scenario.run_for_campaign("three", campaigns.close, scenario.actor)
    names = {}
    for target_state, states in lifecycle.ALLOWED_FROM.items():
        options = scenario.database.read_now(lifecycle.list_campaign_options, *states)
        names[target_state] = [option.name for option in options]
    assert names == {OPEN: ["two"], PAUSED: ["one"], CLOSED: ["two", "one"]}


def test_close_preview_counts_tasks_and_schedules(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U0ADA"])
    scenario.import_rows("tone", [pair(1)])
    scenario.assign_next("U0ADA")
    (campaign,) = scenario.rows(Campaign)
    assert scenario.run_for_campaign("tone", lifecycle.preview_close) == ClosePreview(
        campaign.id, "tone", 1, 0
    )
    change_state(scenario, CLOSED)
    assert scenario.run_for_campaign("tone", lifecycle.preview_close) is None


def test_campaign_can_be_paused_repeatedly_and_closed_once(
    scenario: Scenario,
) -> None:
    scenario.create_campaign()
    for state in (PAUSED, OPEN, PAUSED, CLOSED):
        assert not change_state(scenario, state).is_unchanged
    assert change_state(scenario, CLOSED).is_unchanged
    with pytest.raises(ClosedCampaignError, match="create a new one"):
        change_state(scenario, OPEN)
    actions = [action for action, _subject in scenario.audit_log()]
    assert actions == [
        "created a campaign",
        "paused a campaign",
        "resumed a campaign",
        "paused a campaign",
        "closed a campaign",
    ]
