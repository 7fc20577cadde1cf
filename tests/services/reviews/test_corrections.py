"""Corrections of a running campaign: each can be undone, and no answer is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import BadNumberError
from bot.services.reviews import corrections, exclusions
from bot.services.reviews.corrections import NoAnswerError, NotMemberError
from bot.services.reviews.exclusions import AlreadyExcludedError, Exclusion, NotExcludedError
from storage.tables import Assignment, Campaign, OutboxMessage, Quarantine, Task
from tests.services.conftest import NOW, Scenario, pair


def create_campaign(scenario: Scenario, *experts: str, items: int = 2, overlap: int = 1) -> None:
    """Create a comparison campaign with items."""
    scenario.create_campaign(experts=experts, overlap=overlap)
    scenario.import_rows("tone", [pair(number) for number in range(items)])


def states(scenario: Scenario) -> list[str]:
    """Return the states of all assignments."""
    return [row.state for row in scenario.rows(Assignment)]


def slots(scenario: Scenario) -> list[tuple[int, int]]:
    """Return the slots taken and the overlap of each task."""
    return [(row.slots_taken, row.overlap) for row in scenario.rows(Task)]


def unassigned_messages(scenario: Scenario) -> list[dict[str, object]]:
    """Return the payloads of all queued messages about unassigned tasks."""
    rows = scenario.rows(OutboxMessage)
    return [row.payload for row in rows if row.message_type == "unassigned"]


def test_overlap_can_be_raised_and_lowered(scenario: Scenario) -> None:
    create_campaign(scenario, "U01", "U02", overlap=2)
    scenario.answer_all("U01", verdict="tie")
    scenario.submit_answer("U02", scenario.assign_next("U02") or 0, verdict="tie")
    raised = scenario.run_for_campaign("tone", corrections.change_overlap, 3, scenario.actor)
    assert (raised.before, raised.after, raised.items_above) == (2, 3, 0)
    assert slots(scenario) == [(2, 3), (1, 3)]
    lowered = scenario.run_for_campaign("tone", corrections.change_overlap, 1, scenario.actor)
    assert lowered.items_above == 1
    assert slots(scenario) == [(2, 2), (1, 1)]
    assert scenario.rows(Campaign)[0].overlap == 1
    scenario.import_rows("tone", [pair(9)])
    assert slots(scenario)[-1] == (0, 1)


@pytest.mark.parametrize("overlap", [0, -1, 101])
def test_overlap_out_of_range_is_rejected(scenario: Scenario, overlap: int) -> None:
    create_campaign(scenario, "U01")
    with pytest.raises(BadNumberError):
        scenario.run_for_campaign("tone", corrections.change_overlap, overlap, scenario.actor)
    assert slots(scenario) == [(0, 1), (0, 1)]


def test_unassigned_task_goes_to_other_expert(scenario: Scenario) -> None:
    create_campaign(scenario, "U01", "U02")
    assignment_id = scenario.assign_next("U01")
    unassigned = scenario.run_for_campaign("tone", corrections.unassign, "U01", scenario.actor)
    assert (unassigned, states(scenario)) == ([1], ["released"])
    assert unassigned_messages(scenario) == [{"assignment_id": assignment_id}]
    assert scenario.assign_next("U02") != assignment_id
    assert [row.task_id for row in scenario.rows(Assignment)] == [1, 1]


def test_task_is_reassigned_if_new_expert_can_have_it(scenario: Scenario) -> None:
    create_campaign(scenario, "U01", "U02", "U03", items=2, overlap=1)
    scenario.submit_answer("U02", scenario.assign_next("U02") or 0, verdict="tie")
    assignment_id = scenario.assign_next("U01")
    result = scenario.run_for_campaign("tone", corrections.reassign, "U01", "U03", scenario.actor)
    assert (result.unassigned, result.reassigned) == (1, 1)
    rows = scenario.rows(Assignment)
    assert [(row.task_id, row.expert_id, row.state) for row in rows] == [
        (1, 2, "answered"),
        (2, 1, "released"),
        (2, 3, "queued"),
    ]
    assert assignment_id == rows[1].id
    assert rows[2].selection_reason == {"is_manual": True}
    assert slots(scenario) == [(1, 1), (1, 1)]
    result = scenario.run_for_campaign("tone", corrections.reassign, "U03", "U01", scenario.actor)
    assert (result.unassigned, result.reassigned) == (1, 0)


def test_only_members_can_be_unassigned(scenario: Scenario) -> None:
    create_campaign(scenario, "U01")
    with pytest.raises(NotMemberError):
        scenario.run_for_campaign("tone", corrections.unassign, "U09", scenario.actor)


def test_answer_is_reopened(scenario: Scenario) -> None:
    create_campaign(scenario, "U01", "U02", items=1)
    scenario.answer_all("U01", verdict="tie")
    scenario.database.write_now(corrections.reopen, 1, "Look at the units.", scenario.actor)
    (row,) = scenario.rows(Assignment)
    assert (row.state, row.value, row.sent_back_reason) == (
        "queued",
        {"verdict": "tie"},
        "Look at the units.",
    )
    assert scenario.assign_next("U02") is None
    with pytest.raises(NoAnswerError):
        scenario.database.write_now(corrections.reopen, 1, "", scenario.actor)


def test_answers_are_excluded_and_included_again(scenario: Scenario) -> None:
    create_campaign(scenario, "U01", "U02", items=3)
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    scenario.now += timedelta(days=1)
    scenario.answer_all("U01", verdict="tie")
    since = NOW + timedelta(hours=1)
    exclusion = scenario.run_for_campaign(
        "tone", exclusions.exclude, "U01", since, "always a tie", scenario.actor
    )
    assert exclusion == Exclusion("U01", since, "always a tie", 2)
    assert states(scenario) == ["answered", "quarantined", "quarantined"]
    assert slots(scenario) == [(1, 1), (0, 1), (0, 1)]
    assert scenario.run_for_campaign("tone", exclusions.list_exclusions) == [exclusion]
    assert scenario.assign_next("U02") is not None
    inclusion = scenario.run_for_campaign("tone", exclusions.include, "U01", scenario.actor)
    assert inclusion.answer_count == 2
    assert states(scenario)[:3] == ["answered"] * 3
    assert slots(scenario) == [(1, 1), (2, 2), (1, 1)]
    assert scenario.rows(Quarantine)[0].lifted_by == "ada"
    assert scenario.run_for_campaign("tone", exclusions.list_exclusions) == []


def test_excluded_expert_gets_no_tasks_and_late_answers_are_excluded(scenario: Scenario) -> None:
    create_campaign(scenario, "U01", "U02", items=3)
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    late_id = scenario.assign_next("U01") or 0
    scenario.run_for_campaign("tone", exclusions.exclude, "U01", NOW, "no care", scenario.actor)
    assert scenario.assign_next("U01") is None
    assert states(scenario) == ["quarantined", "released"]
    assert unassigned_messages(scenario) == [{"assignment_id": late_id, "is_excluded": True}]
    scenario.submit_answer("U01", late_id, verdict="a")
    scenario.submit_answer("U01", 1, verdict="b")
    assert states(scenario) == ["quarantined", "quarantined"]
    assert slots(scenario) == [(0, 1), (0, 1), (0, 1)]
    scenario.run_for_campaign("tone", exclusions.include, "U01", scenario.actor)
    assert states(scenario) == ["answered", "answered"]
    assert scenario.assign_next("U01") is not None


def test_expert_cannot_be_excluded_or_included_twice(scenario: Scenario) -> None:
    create_campaign(scenario, "U01")
    with pytest.raises(NotExcludedError):
        scenario.run_for_campaign("tone", exclusions.include, "U01", scenario.actor)
    scenario.run_for_campaign("tone", exclusions.exclude, "U01", NOW, "x", scenario.actor)
    with pytest.raises(AlreadyExcludedError):
        scenario.run_for_campaign("tone", exclusions.exclude, "U01", NOW, "x", scenario.actor)


def test_closed_campaign_cannot_be_corrected(scenario: Scenario) -> None:
    create_campaign(scenario, "U01")
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        scenario.run_for_campaign("tone", corrections.change_overlap, 2, scenario.actor)
