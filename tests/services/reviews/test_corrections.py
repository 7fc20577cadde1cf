"""Corrections midway: each can be undone, and never is an answer lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import BadNumberError
from bot.services.reviews import corrections
from bot.services.reviews.corrections import (
    AlreadyExcludedError,
    Exclusion,
    NoAnswerError,
    NotExcludedError,
    NotMemberError,
)
from storage.tables import Assignment, Campaign, Quarantine, Task
from tests.services.conftest import NOW, Scenario, pair


def tone(scenario: Scenario, *experts: str, items: int = 2, overlap: int = 1) -> None:
    """Create a comparison with some items."""
    scenario.create_campaign(experts=experts, overlap=overlap)
    scenario.import_rows("tone", [pair(number) for number in range(items)])


def states(scenario: Scenario) -> list[str]:
    """Return the state of every assignment."""
    return [row.state for row in scenario.rows(Assignment)]


def places(scenario: Scenario) -> list[tuple[int, int]]:
    """Return how many places of each task are taken, and how many there are."""
    return [(row.slots_taken, row.overlap) for row in scenario.rows(Task)]


def test_the_overlap_is_raised_and_lowered_midway(scenario: Scenario) -> None:
    tone(scenario, "U01", "U02", overlap=2)
    scenario.answer_all("U01", verdict="tie")
    scenario.submit_answer("U02", scenario.assign_next("U02") or 0, verdict="tie")
    raised = scenario.run_for_campaign("tone", corrections.change_overlap, 3, scenario.actor)
    assert (raised.before, raised.after, raised.items_above) == (2, 3, 0)
    assert places(scenario) == [(2, 3), (1, 3)]
    lowered = scenario.run_for_campaign("tone", corrections.change_overlap, 1, scenario.actor)
    assert lowered.items_above == 1
    assert places(scenario) == [(2, 2), (1, 1)]
    assert scenario.rows(Campaign)[0].overlap == 1
    scenario.import_rows("tone", [pair(9)])
    assert places(scenario)[-1] == (0, 1)


@pytest.mark.parametrize("overlap", [0, -1, 101])
def test_an_overlap_out_of_bounds_changes_nothing(scenario: Scenario, overlap: int) -> None:
    tone(scenario, "U01")
    with pytest.raises(BadNumberError):
        scenario.run_for_campaign("tone", corrections.change_overlap, overlap, scenario.actor)
    assert places(scenario) == [(0, 1), (0, 1)]


def test_what_somebody_holds_is_taken_back_for_others(scenario: Scenario) -> None:
    tone(scenario, "U01", "U02")
    held = scenario.assign_next("U01")
    taken = scenario.run_for_campaign("tone", corrections.unassign, "U01", scenario.actor)
    assert (taken, states(scenario)) == ([1], ["released"])
    assert scenario.assign_next("U02") != held
    assert [row.task_id for row in scenario.rows(Assignment)] == [1, 1]


def test_what_somebody_holds_goes_to_somebody_else_if_they_may_have_it(scenario: Scenario) -> None:
    tone(scenario, "U01", "U02", "U03", items=2, overlap=1)
    scenario.submit_answer("U02", scenario.assign_next("U02") or 0, verdict="tie")
    held = scenario.assign_next("U01")
    done = scenario.run_for_campaign("tone", corrections.reassign, "U01", "U03", scenario.actor)
    assert (done.unassigned, done.reassigned) == (1, 1)
    rows = scenario.rows(Assignment)
    assert [(row.task_id, row.expert_id, row.state) for row in rows] == [
        (1, 2, "answered"),
        (2, 1, "released"),
        (2, 3, "queued"),
    ]
    assert held == rows[1].id
    assert rows[2].selection_reason == {"is_manual": True}
    assert places(scenario) == [(1, 1), (1, 1)]
    again = scenario.run_for_campaign("tone", corrections.reassign, "U03", "U01", scenario.actor)
    assert (again.unassigned, again.reassigned) == (1, 0)


def test_only_of_experts_of_the_campaign(scenario: Scenario) -> None:
    tone(scenario, "U01")
    with pytest.raises(NotMemberError):
        scenario.run_for_campaign("tone", corrections.unassign, "U09", scenario.actor)


def test_an_answer_is_opened_again(scenario: Scenario) -> None:
    tone(scenario, "U01", "U02", items=1)
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


def test_answers_from_a_date_on_are_left_out_and_count_again(scenario: Scenario) -> None:
    tone(scenario, "U01", "U02", items=3)
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    scenario.now += timedelta(days=1)
    scenario.answer_all("U01", verdict="tie")
    since = NOW + timedelta(hours=1)
    done = scenario.run_for_campaign(
        "tone", corrections.exclude, "U01", since, "always a tie", scenario.actor
    )
    assert done == Exclusion("U01", since, "always a tie", 2)
    assert states(scenario) == ["answered", "quarantined", "quarantined"]
    assert places(scenario) == [(1, 1), (0, 1), (0, 1)]
    assert scenario.run_for_campaign("tone", corrections.list_exclusions) == [done]
    assert scenario.assign_next("U02") is not None
    back = scenario.run_for_campaign("tone", corrections.include, "U01", scenario.actor)
    assert back.answer_count == 2
    assert states(scenario)[:3] == ["answered"] * 3
    assert places(scenario) == [(1, 1), (2, 2), (1, 1)]
    assert scenario.rows(Quarantine)[0].lifted_by == "ada"
    assert scenario.run_for_campaign("tone", corrections.list_exclusions) == []


def test_who_is_left_out_gets_nothing_more_and_what_comes_late_waits_too(
    scenario: Scenario,
) -> None:
    tone(scenario, "U01", "U02", items=3)
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    held = scenario.assign_next("U01") or 0
    scenario.run_for_campaign("tone", corrections.exclude, "U01", NOW, "no care", scenario.actor)
    assert scenario.assign_next("U01") is None
    assert states(scenario) == ["quarantined", "released"]
    scenario.submit_answer("U01", held, verdict="a")
    scenario.submit_answer("U01", 1, verdict="b")
    assert states(scenario) == ["quarantined", "quarantined"]
    assert places(scenario) == [(0, 1), (0, 1), (0, 1)]
    scenario.run_for_campaign("tone", corrections.include, "U01", scenario.actor)
    assert states(scenario) == ["answered", "answered"]
    assert scenario.assign_next("U01") is not None


def test_nobody_is_left_out_twice_or_let_in_without_need(scenario: Scenario) -> None:
    tone(scenario, "U01")
    with pytest.raises(NotExcludedError):
        scenario.run_for_campaign("tone", corrections.include, "U01", scenario.actor)
    scenario.run_for_campaign("tone", corrections.exclude, "U01", NOW, "x", scenario.actor)
    with pytest.raises(AlreadyExcludedError):
        scenario.run_for_campaign("tone", corrections.exclude, "U01", NOW, "x", scenario.actor)


def test_a_campaign_that_is_over_is_not_corrected(scenario: Scenario) -> None:
    tone(scenario, "U01")
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        scenario.run_for_campaign("tone", corrections.change_overlap, 2, scenario.actor)
