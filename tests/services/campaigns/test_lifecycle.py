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


def steers(workshop: Scenario, to: CampaignState, person: str = "U0ADA") -> TransitionResult:
    """Let somebody bring the campaign into a state."""
    actor = Actor(person, SLACK, workshop.now)
    return workshop.database.write_now(lifecycle.change_state_by_name, "tone", to, actor)


def test_the_second_to_pause_hears_who_was_first_and_changes_nothing(workshop: Scenario) -> None:
    workshop.create_campaign()
    first = steers(workshop, PAUSED)
    began = workshop.now
    workshop.advance_clock(minutes=2)
    second = steers(workshop, PAUSED, "U0BO")
    assert (first.was_already, second.was_already) == (False, True)
    assert (second.actor_name, second.origin, second.at) == ("U0ADA", SLACK, began)
    assert workshop.audit_log() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_what_was_paused_can_be_resumed_and_who_resumes_again_hears_it(workshop: Scenario) -> None:
    workshop.create_campaign()
    steers(workshop, PAUSED)
    assert not steers(workshop, OPEN, "U0BO").was_already
    again = steers(workshop, OPEN, "U0ADA")
    assert (again.was_already, again.actor_name) == (True, "U0BO")


def test_what_was_never_paused_has_been_open_since_it_was_created(workshop: Scenario) -> None:
    workshop.create_campaign()
    moved = steers(workshop, OPEN)
    assert (moved.was_already, moved.actor_name, moved.origin) == (True, "ada", "command line")


def test_closing_is_for_good_and_closing_twice_is_told(workshop: Scenario) -> None:
    workshop.create_campaign()
    steers(workshop, CLOSED)
    assert steers(workshop, CLOSED, "U0BO").actor_name == "U0ADA"
    for state in (OPEN, PAUSED):
        with pytest.raises(ClosedCampaignError):
            steers(workshop, state)


def test_a_button_about_a_campaign_that_never_was_is_told_so(workshop: Scenario) -> None:
    with pytest.raises(UnknownCampaignError):
        workshop.database.write_now(lifecycle.change_state_by_id, 7, PAUSED, workshop.by)


def test_only_campaigns_that_a_state_leads_from_are_offered(workshop: Scenario) -> None:
    for name in ("one", "two", "three"):
        workshop.create_campaign(name)
    workshop.run_for_campaign("two", campaigns.pause, workshop.by)
    workshop.run_for_campaign("three", campaigns.close, workshop.by)
    offered = {
        to: [
            one.name for one in workshop.database.read_now(lifecycle.list_campaign_options, *states)
        ]
        for to, states in lifecycle.ALLOWED_FROM.items()
    }
    assert offered == {OPEN: ["two"], PAUSED: ["one"], CLOSED: ["two", "one"]}


def test_what_closing_would_end_is_counted(workshop: Scenario) -> None:
    workshop.create_campaign(experts=["U0ADA"])
    workshop.import_rows("tone", [pair(1)])
    workshop.assign_next("U0ADA")
    (campaign,) = workshop.rows(Campaign)
    assert workshop.run_for_campaign("tone", lifecycle.preview_close) == ClosePreview(
        campaign.id, "tone", 1, 0
    )
    steers(workshop, CLOSED)
    assert workshop.run_for_campaign("tone", lifecycle.preview_close) is None


def test_who_is_in_two_minds_gets_what_they_said_last_and_an_end_that_stays(
    workshop: Scenario,
) -> None:
    workshop.create_campaign()
    for state in (PAUSED, OPEN, PAUSED, CLOSED):
        assert not steers(workshop, state).was_already
    assert steers(workshop, CLOSED).was_already
    with pytest.raises(ClosedCampaignError, match="create another one"):
        steers(workshop, OPEN)
    assert [deed for deed, _subject in workshop.audit_log()] == [
        *("created", "paused", "open", "paused", "closed"),
    ]
