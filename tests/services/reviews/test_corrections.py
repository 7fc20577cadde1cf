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


def tone(workshop: Scenario, *experts: str, items: int = 2, overlap: int = 1) -> None:
    """Create a comparison with some items."""
    workshop.create_campaign(experts=experts, overlap=overlap)
    workshop.import_rows("tone", [pair(number) for number in range(items)])


def states(workshop: Scenario) -> list[str]:
    """Return the state of every assignment."""
    return [row.state for row in workshop.rows(Assignment)]


def places(workshop: Scenario) -> list[tuple[int, int]]:
    """Return how many places of each task are taken, and how many there are."""
    return [(row.slots_taken, row.overlap) for row in workshop.rows(Task)]


def test_the_overlap_is_raised_and_lowered_midway(workshop: Scenario) -> None:
    tone(workshop, "U01", "U02", overlap=2)
    workshop.answer_all("U01", verdict="tie")
    workshop.submit_answer("U02", workshop.assign_next("U02") or 0, verdict="tie")
    raised = workshop.run_for_campaign("tone", corrections.change_overlap, 3, workshop.by)
    assert (raised.before, raised.after, raised.items_above) == (2, 3, 0)
    assert places(workshop) == [(2, 3), (1, 3)]
    lowered = workshop.run_for_campaign("tone", corrections.change_overlap, 1, workshop.by)
    assert lowered.items_above == 1
    assert places(workshop) == [(2, 2), (1, 1)]
    assert workshop.rows(Campaign)[0].overlap == 1
    workshop.import_rows("tone", [pair(9)])
    assert places(workshop)[-1] == (0, 1)


@pytest.mark.parametrize("overlap", [0, -1, 101])
def test_an_overlap_out_of_bounds_changes_nothing(workshop: Scenario, overlap: int) -> None:
    tone(workshop, "U01")
    with pytest.raises(BadNumberError):
        workshop.run_for_campaign("tone", corrections.change_overlap, overlap, workshop.by)
    assert places(workshop) == [(0, 1), (0, 1)]


def test_what_somebody_holds_is_taken_back_for_others(workshop: Scenario) -> None:
    tone(workshop, "U01", "U02")
    held = workshop.assign_next("U01")
    taken = workshop.run_for_campaign("tone", corrections.unassign, "U01", workshop.by)
    assert (taken, states(workshop)) == ([1], ["released"])
    assert workshop.assign_next("U02") != held
    assert [row.task_id for row in workshop.rows(Assignment)] == [1, 1]


def test_what_somebody_holds_goes_to_somebody_else_if_they_may_have_it(workshop: Scenario) -> None:
    tone(workshop, "U01", "U02", "U03", items=2, overlap=1)
    workshop.submit_answer("U02", workshop.assign_next("U02") or 0, verdict="tie")
    held = workshop.assign_next("U01")
    done = workshop.run_for_campaign("tone", corrections.reassign, "U01", "U03", workshop.by)
    assert (done.unassigned, done.reassigned) == (1, 1)
    rows = workshop.rows(Assignment)
    assert [(row.task_id, row.expert_id, row.state) for row in rows] == [
        (1, 2, "answered"),
        (2, 1, "released"),
        (2, 3, "queued"),
    ]
    assert held == rows[1].id
    assert rows[2].selection_reason == {"by_hand": True}
    assert places(workshop) == [(1, 1), (1, 1)]
    again = workshop.run_for_campaign("tone", corrections.reassign, "U03", "U01", workshop.by)
    assert (again.unassigned, again.reassigned) == (1, 0)


def test_only_of_experts_of_the_campaign(workshop: Scenario) -> None:
    tone(workshop, "U01")
    with pytest.raises(NotMemberError):
        workshop.run_for_campaign("tone", corrections.unassign, "U09", workshop.by)


def test_an_answer_is_opened_again(workshop: Scenario) -> None:
    tone(workshop, "U01", "U02", items=1)
    workshop.answer_all("U01", verdict="tie")
    workshop.database.write_now(corrections.reopen, 1, "Look at the units.", workshop.by)
    (row,) = workshop.rows(Assignment)
    assert (row.state, row.value, row.sent_back_reason) == (
        "queued",
        {"verdict": "tie"},
        "Look at the units.",
    )
    assert workshop.assign_next("U02") is None
    with pytest.raises(NoAnswerError):
        workshop.database.write_now(corrections.reopen, 1, "", workshop.by)


def test_answers_from_a_date_on_are_left_out_and_count_again(workshop: Scenario) -> None:
    tone(workshop, "U01", "U02", items=3)
    workshop.submit_answer("U01", workshop.assign_next("U01") or 0, verdict="tie")
    workshop.now += timedelta(days=1)
    workshop.answer_all("U01", verdict="tie")
    since = NOW + timedelta(hours=1)
    done = workshop.run_for_campaign(
        "tone", corrections.exclude, "U01", since, "always a tie", workshop.by
    )
    assert done == Exclusion("U01", since, "always a tie", 2)
    assert states(workshop) == ["answered", "quarantined", "quarantined"]
    assert places(workshop) == [(1, 1), (0, 1), (0, 1)]
    assert workshop.run_for_campaign("tone", corrections.list_exclusions) == [done]
    assert workshop.assign_next("U02") is not None
    back = workshop.run_for_campaign("tone", corrections.include, "U01", workshop.by)
    assert back.answer_count == 2
    assert states(workshop)[:3] == ["answered"] * 3
    assert places(workshop) == [(1, 1), (2, 2), (1, 1)]
    assert workshop.rows(Quarantine)[0].lifted_by == "ada"
    assert workshop.run_for_campaign("tone", corrections.list_exclusions) == []


def test_who_is_left_out_gets_nothing_more_and_what_comes_late_waits_too(
    workshop: Scenario,
) -> None:
    tone(workshop, "U01", "U02", items=3)
    workshop.submit_answer("U01", workshop.assign_next("U01") or 0, verdict="tie")
    held = workshop.assign_next("U01") or 0
    workshop.run_for_campaign("tone", corrections.exclude, "U01", NOW, "no care", workshop.by)
    assert workshop.assign_next("U01") is None
    assert states(workshop) == ["quarantined", "released"]
    workshop.submit_answer("U01", held, verdict="a")
    workshop.submit_answer("U01", 1, verdict="b")
    assert states(workshop) == ["quarantined", "quarantined"]
    assert places(workshop) == [(0, 1), (0, 1), (0, 1)]
    workshop.run_for_campaign("tone", corrections.include, "U01", workshop.by)
    assert states(workshop) == ["answered", "answered"]
    assert workshop.assign_next("U01") is not None


def test_nobody_is_left_out_twice_or_let_in_without_need(workshop: Scenario) -> None:
    tone(workshop, "U01")
    with pytest.raises(NotExcludedError):
        workshop.run_for_campaign("tone", corrections.include, "U01", workshop.by)
    workshop.run_for_campaign("tone", corrections.exclude, "U01", NOW, "x", workshop.by)
    with pytest.raises(AlreadyExcludedError):
        workshop.run_for_campaign("tone", corrections.exclude, "U01", NOW, "x", workshop.by)


def test_a_campaign_that_is_over_is_not_corrected(workshop: Scenario) -> None:
    tone(workshop, "U01")
    workshop.run_for_campaign("tone", campaigns.close, workshop.by)
    with pytest.raises(ClosedCampaignError):
        workshop.run_for_campaign("tone", corrections.change_overlap, 2, workshop.by)
