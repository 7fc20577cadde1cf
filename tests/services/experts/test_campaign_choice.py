"""The campaign that an expert chooses: its tasks come first until they choose again."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.services.experts import campaign_choice
from bot.services.experts.campaign_choice import (
    CampaignNotOpenError,
    NotAMemberError,
    NothingWaitingError,
)
from bot.services.experts.time_off import NotAnExpertError
from storage.tables import Assignment, Campaign
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"


@pytest.fixture
def two_campaigns(scenario: Scenario) -> Scenario:
    """Return a scenario with two campaigns of two items; `jokes` comes later."""
    for name in ("tone", "jokes"):
        scenario.create_campaign(name, experts=[ADA], overlap=1, title=f"About {name}")
        scenario.import_rows(name, [pair(1), pair(2)])
    return scenario


def choose(scenario: Scenario, name: str) -> None:
    """Choose a campaign for Ada."""
    scenario.database.write_now(campaign_choice.choose_by_name, ADA, name, scenario.now)


def next_campaign(scenario: Scenario, *, answers: bool = True) -> str | None:
    """Return the campaign of Ada's next task, and answer it."""
    assignment_id = scenario.assign_next(ADA)
    if assignment_id is None:
        return None
    if answers:
        scenario.submit_answer(ADA, assignment_id, verdict="a")
    by_id: dict[int, str] = {row.id: row.name for row in scenario.rows(Campaign)}
    (assignment,) = (row for row in scenario.rows(Assignment) if row.id == assignment_id)
    return by_id[assignment.campaign_id]


@pytest.mark.parametrize("name", ["jokes", "JOKES", " about jokes "])
def test_tasks_of_the_chosen_campaign_come_first(two_campaigns: Scenario, name: str) -> None:
    choose(two_campaigns, name)
    order = [next_campaign(two_campaigns) for _ in range(5)]
    assert order == ["jokes", "jokes", "tone", "tone", None]


def test_open_task_of_another_campaign_waits(two_campaigns: Scenario) -> None:
    assert next_campaign(two_campaigns, answers=False) == "tone"
    choose(two_campaigns, "jokes")
    assert next_campaign(two_campaigns, answers=False) == "jokes"
    order = [next_campaign(two_campaigns) for _ in range(4)]
    assert order == ["jokes", "jokes", "tone", "tone"]


def test_another_choice_replaces_the_first(two_campaigns: Scenario) -> None:
    choose(two_campaigns, "jokes")
    choose(two_campaigns, "tone")
    assert next_campaign(two_campaigns) == "tone"


def test_usual_order_returns_without_a_choice(two_campaigns: Scenario) -> None:
    choose(two_campaigns, "jokes")
    two_campaigns.database.write_now(campaign_choice.choose_none, ADA, two_campaigns.now)
    assert next_campaign(two_campaigns) == "tone"


def test_unknown_campaign_names_the_own_ones(two_campaigns: Scenario) -> None:
    two_campaigns.create_campaign("secret")
    with pytest.raises(NotAMemberError, match="Your campaigns: tone, jokes"):
        choose(two_campaigns, "secret")


def test_campaign_without_tasks_is_not_chosen(two_campaigns: Scenario) -> None:
    two_campaigns.create_campaign("empty", experts=[ADA])
    with pytest.raises(NothingWaitingError, match="“empty”"):
        choose(two_campaigns, "empty")
    assert next_campaign(two_campaigns) == "tone"


def test_paused_campaign_cannot_be_chosen(two_campaigns: Scenario) -> None:
    two_campaigns.run_for_campaign("jokes", campaigns.pause, two_campaigns.actor)
    with pytest.raises(NotAMemberError, match="Your campaigns: tone"):
        choose(two_campaigns, "jokes")
    with pytest.raises(CampaignNotOpenError):
        two_campaigns.database.write_now(campaign_choice.choose_by_id, ADA, 2, two_campaigns.now)


def test_person_who_is_no_expert_cannot_choose(scenario: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        choose(scenario, "tone")
