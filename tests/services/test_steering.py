"""Pausing, resuming and closing: idempotent, and the second hand hears of the first."""

from __future__ import annotations

import pytest

from bot.services import campaigning, steering
from bot.services.auditing import SLACK
from bot.services.campaigning import ClosedCampaignError, GoneCampaignError
from bot.services.directing import By
from bot.services.steering import Ending, Moved
from storage.tables import Campaign, CampaignState
from tests.services.conftest import Workshop, pair

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED


def steers(workshop: Workshop, to: CampaignState, person: str = "U0ADA") -> Moved:
    """Let somebody bring the campaign into a state."""
    by = By(person, SLACK, workshop.now)
    return workshop.database.write_now(steering.steer_named, "tone", to, by)


def test_the_second_to_pause_hears_who_was_first_and_changes_nothing(workshop: Workshop) -> None:
    workshop.creates()
    first = steers(workshop, PAUSED)
    began = workshop.now
    workshop.passes(minutes=2)
    second = steers(workshop, PAUSED, "U0BO")
    assert (first.was_so, second.was_so) == (False, True)
    assert (second.actor, second.through, second.at) == ("U0ADA", SLACK, began)
    assert workshop.deeds() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_what_was_paused_can_be_resumed_and_who_resumes_again_hears_it(workshop: Workshop) -> None:
    workshop.creates()
    steers(workshop, PAUSED)
    assert not steers(workshop, OPEN, "U0BO").was_so
    again = steers(workshop, OPEN, "U0ADA")
    assert (again.was_so, again.actor) == (True, "U0BO")


def test_what_was_never_paused_has_been_open_since_it_was_created(workshop: Workshop) -> None:
    workshop.creates()
    moved = steers(workshop, OPEN)
    assert (moved.was_so, moved.actor, moved.through) == (True, "ada", "command line")


def test_closing_is_for_good_and_closing_twice_is_told(workshop: Workshop) -> None:
    workshop.creates()
    steers(workshop, CLOSED)
    assert steers(workshop, CLOSED, "U0BO").actor == "U0ADA"
    for state in (OPEN, PAUSED):
        with pytest.raises(ClosedCampaignError):
            steers(workshop, state)


def test_a_button_about_a_campaign_that_never_was_is_told_so(workshop: Workshop) -> None:
    with pytest.raises(GoneCampaignError):
        workshop.database.write_now(steering.steer_numbered, 7, PAUSED, workshop.by)


def test_only_campaigns_that_a_state_leads_from_are_offered(workshop: Workshop) -> None:
    for name in ("one", "two", "three"):
        workshop.creates(name)
    workshop.directs("two", campaigning.pause, workshop.by)
    workshop.directs("three", campaigning.close, workshop.by)
    offered = {
        to: [one.name for one in workshop.database.read_now(steering.choosable, *states)]
        for to, states in steering.LEADS_TO.items()
    }
    assert offered == {OPEN: ["two"], PAUSED: ["one"], CLOSED: ["two", "one"]}


def test_what_closing_would_end_is_counted(workshop: Workshop) -> None:
    workshop.creates(experts=["U0ADA"])
    workshop.imports("tone", [pair(1)])
    workshop.asks("U0ADA")
    (campaign,) = workshop.rows(Campaign)
    assert workshop.directs("tone", steering.ending) == Ending(campaign.id, "tone", 1, 0)
    steers(workshop, CLOSED)
    assert workshop.directs("tone", steering.ending) is None


def test_who_is_in_two_minds_gets_what_they_said_last_and_an_end_that_stays(
    workshop: Workshop,
) -> None:
    workshop.creates()
    for state in (PAUSED, OPEN, PAUSED, CLOSED):
        assert not steers(workshop, state).was_so
    assert steers(workshop, CLOSED).was_so
    with pytest.raises(ClosedCampaignError, match="create another one"):
        steers(workshop, OPEN)
    assert [deed for deed, _subject in workshop.deeds()] == [
        *("created", "paused", "open", "paused", "closed"),
    ]
