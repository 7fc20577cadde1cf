"""Expected answers of a campaign with an adaptive overlap."""

from __future__ import annotations

import pytest

from bot.quality.expected_overlap import PRIOR_TASKS, expected_answers


def test_finished_tasks_are_expected_to_stay_as_they_are() -> None:
    assert expected_answers({(2, 2): 70, (3, 3): 20, (5, 5): 10}, 5) == 140 + 60 + 50


def test_half_of_the_items_are_expected_to_need_more_before_there_are_answers() -> None:
    assert expected_answers({(2, 0): 100}, 3) == 250
    assert expected_answers({(2, 0): 100}, 4) == 200 + 100 * 0.5 * 1.5


def test_open_tasks_are_expected_to_be_like_the_finished_ones() -> None:
    counts = {(2, 2): 900_000, (3, 3): 100_000, (2, 1): 1000}
    expected = expected_answers(counts, 3)
    assert expected == pytest.approx(1_800_000 + 300_000 + 2100, abs=1)


def test_conflicts_that_still_wait_are_counted() -> None:
    """Items without a conflict finish first; their mean would be too low."""
    counts = {(2, 2): 50, (3, 2): 50, (2, 0): 100}
    share = (50 + PRIOR_TASKS / 2) / (100 + PRIOR_TASKS)
    assert expected_answers(counts, 3) == pytest.approx(100 + 150 + 100 * (2 + share))


def test_no_tasks_need_no_answers() -> None:
    assert expected_answers({}, 5) == 0
