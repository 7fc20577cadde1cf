"""Editing a running campaign: what changes, what is refused, and what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BotError
from bot.services.campaigns import edit
from bot.services.campaigns.campaigns import (
    BadKindSettingsError,
    ClosedCampaignError,
    PastDeadlineError,
    close,
)
from bot.services.campaigns.edit import (
    CampaignEdit,
    Difference,
    EmptyTitleError,
    MeaningChangedError,
)
from bot.services.campaigns.validation import (
    BadNumberError,
    BadRemindersError,
    NoPosteriorError,
    TargetWithoutMaximumError,
)
from storage.tables import AuditEvent, Campaign, Task
from tests.services.conftest import NOW, Scenario, pair

HOUR = timedelta(hours=1)


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with three pairs, one of them answered."""
    scenario.create_campaign(experts=["U01", "U02", "U03"], overlap=2)
    scenario.import_rows("tone", [pair(1), pair(2), pair(3)])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    return scenario


def change(scenario: Scenario, **values: Any) -> list[Difference]:  # noqa: ANN401 - any field of an edit
    """Edit the campaign."""
    return scenario.run_for_campaign(
        "tone", edit.edit_campaign, CampaignEdit(**values), scenario.actor
    )


def campaign(scenario: Scenario) -> Campaign:
    """Return the campaign."""
    found: Campaign = scenario.rows(Campaign)[0]
    return found


def test_fields_change_and_are_recorded(scenario: Scenario) -> None:
    deadline = NOW + timedelta(days=3)
    changed = change(
        scenario,
        title=" New   title ",
        deadline=deadline,
        lease=4 * HOUR,
        reminders=[HOUR, 2 * HOUR],
        gold_share=0.1,
        removal_days=30,
        max_answers=9,
        max_answers_per_day=4,
        settings={"confidence": True, "reason": "required"},
    )
    assert [one.field for one in changed] == [
        *("title", "deadline", "lease_minutes", "reminder_minutes", "gold_share"),
        *("removal_days", "max_answers", "max_answers_per_day", "settings"),
    ]
    after = campaign(scenario)
    assert (after.title, after.deadline, after.lease_minutes) == ("New title", deadline, 240)
    assert (after.reminder_minutes, after.gold_share) == ([60, 120], 0.1)
    assert (after.removal_days, after.max_answers, after.max_answers_per_day) == (30, 9, 4)
    assert (after.settings["confidence"], after.settings["strength"]) == (True, False)
    (event,) = [row for row in scenario.rows(AuditEvent) if row.action == "edited a campaign"]
    assert event.details["title"] == ["tone", "New title"]
    assert change(scenario, removes_deadline=True)[0].after is None


def test_same_edit_changes_nothing_the_second_time(scenario: Scenario) -> None:
    values = {"title": "Again", "overlap": 3, "settings": {"reason": "no"}}
    assert change(scenario, **values)
    events = scenario.count("audit_event")
    assert change(scenario, **values) == []
    assert scenario.count("audit_event") == events


def test_overlap_becomes_fixed_or_a_range(scenario: Scenario) -> None:
    change(scenario, overlap=2, max_overlap=4, target_posterior=0.95)
    after = campaign(scenario)
    assert (after.overlap, after.max_overlap, after.target_posterior) == (2, 4, 0.95)
    change(scenario, overlap=1)
    after = campaign(scenario)
    assert (after.overlap, after.max_overlap, after.target_posterior) == (1, None, None)
    assert [row.overlap for row in scenario.rows(Task)] == [1, 1, 1]
    assert scenario.answer_all("U02", verdict="tie") == 2


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"settings": {"strength": True}}, MeaningChangedError),
        ({"settings": {"criteria": ["Correctness"]}}, MeaningChangedError),
        ({"settings": {"levels": 2}}, MeaningChangedError),
        ({"settings": {"unknown": 1}}, BadKindSettingsError),
        ({"title": "  "}, EmptyTitleError),
        ({"deadline": NOW - HOUR}, PastDeadlineError),
        ({"lease": HOUR}, BadRemindersError),
        ({"reminders": [2 * HOUR, HOUR]}, BadRemindersError),
        ({"gold_share": 0.9}, BadNumberError),
        ({"removal_days": 3_651}, BadNumberError),
        ({"overlap": 0}, BadNumberError),
        ({"overlap": 2, "target_posterior": 0.9}, TargetWithoutMaximumError),
    ],
)
def test_refused_edit_changes_nothing(
    scenario: Scenario, values: dict[str, Any], error: type[BotError]
) -> None:
    before = campaign(scenario).model_dump()
    with pytest.raises(error):
        change(scenario, **({"title": "Other"} | values))
    assert campaign(scenario).model_dump() == before


def test_refused_setting_names_the_remedy(scenario: Scenario) -> None:
    with pytest.raises(MeaningChangedError, match=r"“strength” of “tone”.*/label clone tone"):
        change(scenario, settings={"strength": True})


def test_reasons_can_be_added_and_renamed_and_not_removed(scenario: Scenario) -> None:
    change(scenario, settings={"reason_categories": ["Rude", "Wrong facts"]})
    renamed = [{"key": "rude", "label": "Impolite"}, "Wrong facts", "Too long"]
    change(scenario, settings={"reason_categories": renamed})
    with pytest.raises(MeaningChangedError, match="answers so far may have the reason rude"):
        change(scenario, settings={"reason_categories": ["Too long", "Wrong facts"]})


def test_every_setting_can_change_before_there_are_items(scenario: Scenario) -> None:
    scenario.create_campaign("empty")
    values = CampaignEdit(settings={"strength": True})
    changed = scenario.run_for_campaign("empty", edit.edit_campaign, values, scenario.actor)
    assert [one.field for one in changed] == ["settings"]


def test_kinds_without_votes_have_no_range(scenario: Scenario) -> None:
    scenario.create_campaign("prose", kind="demonstration")
    values = CampaignEdit(overlap=2, max_overlap=4)
    with pytest.raises(NoPosteriorError):
        scenario.run_for_campaign("prose", edit.edit_campaign, values, scenario.actor)


def test_closed_campaign_stays_as_it_is(scenario: Scenario) -> None:
    scenario.run_for_campaign("tone", close, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        change(scenario, title="Other")
