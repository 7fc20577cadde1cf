"""Corrections midway: each can be undone, and never is an answer lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services import campaigning, correcting
from bot.services.campaigning import ClosedCampaignError
from bot.services.checking import BadNumberError
from bot.services.correcting import (
    AlreadyExcludedError,
    Excluded,
    NoAnswerError,
    NothingExcludedError,
    NotInPoolError,
)
from storage.tables import Assignment, Campaign, Quarantine, Task
from tests.services.conftest import NOW, Workshop, pair


def tone(workshop: Workshop, *experts: str, items: int = 2, overlap: int = 1) -> None:
    """Create a comparison with some items."""
    workshop.creates(experts=experts, overlap=overlap)
    workshop.imports("tone", [pair(number) for number in range(items)])


def states(workshop: Workshop) -> list[str]:
    """Return the state of every assignment."""
    return [row.state for row in workshop.rows(Assignment)]


def places(workshop: Workshop) -> list[tuple[int, int]]:
    """Return how many places of each task are taken, and how many there are."""
    return [(row.taken, row.overlap) for row in workshop.rows(Task)]


def test_the_overlap_is_raised_and_lowered_midway(workshop: Workshop) -> None:
    tone(workshop, "U01", "U02", overlap=2)
    workshop.does_all("U01", verdict="tie")
    workshop.answers("U02", workshop.asks("U02") or 0, verdict="tie")
    raised = workshop.directs("tone", correcting.change_overlap, 3, workshop.by)
    assert (raised.before, raised.after, raised.above) == (2, 3, 0)
    assert places(workshop) == [(2, 3), (1, 3)]
    lowered = workshop.directs("tone", correcting.change_overlap, 1, workshop.by)
    assert lowered.above == 1
    assert places(workshop) == [(2, 2), (1, 1)]
    assert workshop.rows(Campaign)[0].overlap == 1
    workshop.imports("tone", [pair(9)])
    assert places(workshop)[-1] == (0, 1)


@pytest.mark.parametrize("overlap", [0, -1, 101])
def test_an_overlap_out_of_bounds_changes_nothing(workshop: Workshop, overlap: int) -> None:
    tone(workshop, "U01")
    with pytest.raises(BadNumberError):
        workshop.directs("tone", correcting.change_overlap, overlap, workshop.by)
    assert places(workshop) == [(0, 1), (0, 1)]


def test_what_somebody_holds_is_taken_back_for_others(workshop: Workshop) -> None:
    tone(workshop, "U01", "U02")
    held = workshop.asks("U01")
    taken = workshop.directs("tone", correcting.take_back, "U01", workshop.by)
    assert (taken, states(workshop)) == ([1], ["released"])
    assert workshop.asks("U02") != held
    assert [row.task_id for row in workshop.rows(Assignment)] == [1, 1]


def test_what_somebody_holds_goes_to_somebody_else_if_they_may_have_it(workshop: Workshop) -> None:
    tone(workshop, "U01", "U02", "U03", items=2, overlap=1)
    workshop.answers("U02", workshop.asks("U02") or 0, verdict="tie")
    held = workshop.asks("U01")
    done = workshop.directs("tone", correcting.reassign, "U01", "U03", workshop.by)
    assert (done.taken, done.given) == (1, 1)
    rows = workshop.rows(Assignment)
    assert [(row.task_id, row.expert_id, row.state) for row in rows] == [
        (1, 2, "answered"),
        (2, 1, "released"),
        (2, 3, "queued"),
    ]
    assert held == rows[1].id
    assert rows[2].why == {"by_hand": True}
    assert places(workshop) == [(1, 1), (1, 1)]
    again = workshop.directs("tone", correcting.reassign, "U03", "U01", workshop.by)
    assert (again.taken, again.given) == (1, 0)


def test_only_of_experts_of_the_campaign(workshop: Workshop) -> None:
    tone(workshop, "U01")
    with pytest.raises(NotInPoolError):
        workshop.directs("tone", correcting.take_back, "U09", workshop.by)


def test_an_answer_is_opened_again(workshop: Workshop) -> None:
    tone(workshop, "U01", "U02", items=1)
    workshop.does_all("U01", verdict="tie")
    workshop.database.write_now(correcting.reopen, 1, "Look at the units.", workshop.by)
    (row,) = workshop.rows(Assignment)
    assert (row.state, row.value, row.sent_back) == (
        "queued",
        {"verdict": "tie"},
        "Look at the units.",
    )
    assert workshop.asks("U02") is None
    with pytest.raises(NoAnswerError):
        workshop.database.write_now(correcting.reopen, 1, "", workshop.by)


def test_answers_from_a_date_on_are_left_out_and_count_again(workshop: Workshop) -> None:
    tone(workshop, "U01", "U02", items=3)
    workshop.answers("U01", workshop.asks("U01") or 0, verdict="tie")
    workshop.now += timedelta(days=1)
    workshop.does_all("U01", verdict="tie")
    since = NOW + timedelta(hours=1)
    done = workshop.directs("tone", correcting.exclude, "U01", since, "always a tie", workshop.by)
    assert done == Excluded("U01", since, "always a tie", 2)
    assert states(workshop) == ["answered", "quarantined", "quarantined"]
    assert places(workshop) == [(1, 1), (0, 1), (0, 1)]
    assert workshop.directs("tone", correcting.excluded) == [done]
    assert workshop.asks("U02") is not None
    back = workshop.directs("tone", correcting.include, "U01", workshop.by)
    assert back.answers == 2
    assert states(workshop)[:3] == ["answered"] * 3
    assert places(workshop) == [(1, 1), (2, 2), (1, 1)]
    assert workshop.rows(Quarantine)[0].lifted_by == "ada"
    assert workshop.directs("tone", correcting.excluded) == []


def test_who_is_left_out_gets_nothing_more_and_what_comes_late_waits_too(
    workshop: Workshop,
) -> None:
    tone(workshop, "U01", "U02", items=3)
    workshop.answers("U01", workshop.asks("U01") or 0, verdict="tie")
    held = workshop.asks("U01") or 0
    workshop.directs("tone", correcting.exclude, "U01", NOW, "no care", workshop.by)
    assert workshop.asks("U01") is None
    assert states(workshop) == ["quarantined", "released"]
    workshop.answers("U01", held, verdict="a")
    workshop.answers("U01", 1, verdict="b")
    assert states(workshop) == ["quarantined", "quarantined"]
    assert places(workshop) == [(0, 1), (0, 1), (0, 1)]
    workshop.directs("tone", correcting.include, "U01", workshop.by)
    assert states(workshop) == ["answered", "answered"]
    assert workshop.asks("U01") is not None


def test_nobody_is_left_out_twice_or_let_in_without_need(workshop: Workshop) -> None:
    tone(workshop, "U01")
    with pytest.raises(NothingExcludedError):
        workshop.directs("tone", correcting.include, "U01", workshop.by)
    workshop.directs("tone", correcting.exclude, "U01", NOW, "x", workshop.by)
    with pytest.raises(AlreadyExcludedError):
        workshop.directs("tone", correcting.exclude, "U01", NOW, "x", workshop.by)


def test_a_campaign_that_is_over_is_not_corrected(workshop: Workshop) -> None:
    tone(workshop, "U01")
    workshop.directs("tone", campaigning.close, workshop.by)
    with pytest.raises(ClosedCampaignError):
        workshop.directs("tone", correcting.change_overlap, 2, workshop.by)
