"""Clones of campaigns: everything but items, answers, deadline and exports."""

from __future__ import annotations

import pytest

from bot.services.campaigns import clone
from bot.services.campaigns.campaigns import NameTakenError
from bot.services.campaigns.invitations import remove_expert
from bot.services.people.retention import change_retention
from storage.row_id import id_of
from storage.tables import Campaign, Membership
from tests.services.conftest import Scenario, pair

OWN_FIELDS = {"id", "name", "title", "seed", "deadline", "created_by", "created_at"}


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign whose fields all differ from their defaults."""
    scenario.create_campaign(
        experts=["U01", "U02"],
        overlap=2,
        max_overlap=4,
        settings={"strength": True, "criteria": ["Correctness"]},
        guidelines="Be kind.",
        gold_share=0.2,
        removal_days=30,
        domains=["law"],
        language="en",
        informative_pairs=True,
        practice_questions=2,
        sends_welcome=False,
    )
    scenario.run_for_campaign("tone", change_retention, 30, scenario.actor)
    scenario.import_rows("tone", [pair(1)])
    return scenario


def clone_tone(scenario: Scenario, name: str = "") -> Campaign:
    """Clone the campaign."""
    return scenario.run_for_campaign("tone", clone.clone_campaign, name, scenario.actor)


def test_clone_has_the_same_settings_and_members(scenario: Scenario) -> None:
    scenario.run_for_campaign("tone", remove_expert, "U02", scenario.actor)
    created = clone_tone(scenario, "Second tone")
    source = scenario.rows(Campaign)[0]
    assert created.model_dump(exclude=OWN_FIELDS) == source.model_dump(exclude=OWN_FIELDS)
    assert (created.name, created.title) == ("second-tone", "Second tone")
    assert created.seed != source.seed
    members = [row.campaign_id for row in scenario.rows(Membership)]
    assert members.count(id_of(created)) == 1
    assert scenario.count("item") == 1


def test_free_names_are_found(scenario: Scenario) -> None:
    assert [clone_tone(scenario).name for _ in range(3)] == ["tone-2", "tone-3", "tone-4"]
    with pytest.raises(NameTakenError):
        clone_tone(scenario, "tone-3")


def test_clone_can_have_other_settings(scenario: Scenario) -> None:
    created = scenario.run_for_campaign(
        "tone", clone.clone_campaign, "", scenario.actor, settings={"strength": False}
    )
    assert created.settings["strength"] is False
    assert created.settings["criteria"]
