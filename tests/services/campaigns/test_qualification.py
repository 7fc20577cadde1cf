"""Editing the practice of a running campaign: only a difference changes anything."""

from __future__ import annotations

import pytest

from bot.errors import BotError
from bot.services.campaigns import qualification
from bot.services.campaigns.campaigns import ClosedCampaignError, close
from bot.services.campaigns.edit import Difference
from bot.services.campaigns.qualification import PracticeChange
from bot.services.campaigns.validation import BadNumberError
from storage.tables import AuditEvent, Campaign
from tests.services.conftest import Scenario

EDIT = "changed the practice"


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario whose campaign has four practice questions."""
    scenario.create_campaign(
        experts=["U01"], practice_questions=4, practice_pass_mark=0.75, practice_attempts=2
    )
    return scenario


def edit(scenario: Scenario, change: PracticeChange) -> list[Difference]:
    """Edit the practice."""
    return scenario.run_for_campaign("tone", qualification.edit_practice, change, scenario.actor)


def edits(scenario: Scenario) -> int:
    """Return how often the practice was changed, by the audit log."""
    return sum(event.action == EDIT for event in scenario.rows(AuditEvent))


def practice(scenario: Scenario) -> tuple[int, float, int]:
    """Return the questions, the pass mark and the attempts."""
    (campaign,) = scenario.rows(Campaign)
    return campaign.practice_questions, campaign.practice_pass_mark, campaign.practice_attempts


def test_only_what_differs_is_changed_and_named(scenario: Scenario) -> None:
    changed = edit(scenario, PracticeChange(questions=4, pass_mark=0.9, attempts=2))
    assert changed == [Difference("practice_pass_mark", 0.75, 0.9)]
    assert practice(scenario) == (4, 0.9, 2)
    assert edits(scenario) == 1


@pytest.mark.parametrize("change", [PracticeChange(), PracticeChange(4, 0.75, 2)])
def test_edit_without_a_difference_is_not_recorded(
    scenario: Scenario, change: PracticeChange
) -> None:
    assert edit(scenario, change) == []
    assert edits(scenario) == 0


def test_practice_can_be_removed(scenario: Scenario) -> None:
    assert edit(scenario, PracticeChange(questions=0)) == [Difference("practice_questions", 4, 0)]
    assert practice(scenario)[0] == 0


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (PracticeChange(questions=-1), BadNumberError),
        (PracticeChange(pass_mark=1.5), BadNumberError),
        (PracticeChange(attempts=0), BadNumberError),
    ],
)
def test_invalid_edit_changes_nothing(
    scenario: Scenario, change: PracticeChange, error: type[BotError]
) -> None:
    with pytest.raises(error):
        edit(scenario, change)
    assert practice(scenario) == (4, 0.75, 2)


def test_practice_of_a_closed_campaign_stays(scenario: Scenario) -> None:
    scenario.run_for_campaign("tone", close, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        edit(scenario, PracticeChange(questions=1))
    assert practice(scenario) == (4, 0.75, 2)
