"""Priorities of tasks: the most informative pairs of models are assigned first."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.clock import AdjustableClock
from bot.services.assignments import pair_priorities
from bot.services.reports import agreement_job
from storage.queries import tasks
from storage.tables import Item, Task
from tests.services.conftest import Scenario, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"
MODELS = {0: ("ant", "bee"), 1: ("ant", "cat"), 2: ("bee", "cat")}


@pytest.fixture
def models(scenario: Scenario) -> Scenario:
    """Return a scenario in which thirty pairs compare three models in turn."""
    scenario.create_campaign(overlap=2, experts=[ADA, BOB, EVE], informative_pairs=True)
    rows = [
        pair(number, model_a=MODELS[number % 3][0], model_b=MODELS[number % 3][1])
        for number in range(30)
    ]
    scenario.import_rows("tone", rows)
    return scenario


def answer_next(scenario: Scenario, slack_id: str, winners: dict[str, str]) -> str | None:
    """Answer the next task; the winner of each pair is given, otherwise it is a tie."""
    assignment_id = scenario.assign_next(slack_id)
    if assignment_id is None:
        return None
    names, order = shown_pair(scenario, assignment_id)
    winner = winners.get("-".join(names))
    verdict = "ab"[order.index(names.index(winner))] if winner else "tie"
    scenario.submit_answer(slack_id, assignment_id, verdict=verdict)
    return "-".join(names)


def shown_pair(scenario: Scenario, assignment_id: int) -> tuple[list[str], list[int]]:
    """Return the models of an assignment in imported order, and the order shown."""
    assignment = scenario.database.read_now(tasks.assignment_by_id, assignment_id)
    assert assignment is not None
    item = scenario.database.read_now(tasks.item_of, assignment.task_id)
    return [str(row.model) for row in item.candidates], assignment.candidate_order


def plan(scenario: Scenario) -> None:
    """Compute the priorities, as the agreement job does."""
    agreement_job.recompute_due(scenario.database, AdjustableClock(scenario.now))


def test_uncertain_pair_comes_first_after_the_plan(models: Scenario) -> None:
    winners = {"ant-cat": "ant", "bee-cat": "bee"}
    first = [answer_next(models, ADA, winners) for _ in range(15)]
    assert Counter(first) == {"ant-bee": 5, "ant-cat": 5, "bee-cat": 5}
    plan(models)
    following = Counter(answer_next(models, BOB, winners) for _ in range(10))
    # Some votes go to pairs at random.
    assert following["ant-bee"] == max(following.values())


def test_every_item_is_seen_once_and_none_is_lost(models: Scenario) -> None:
    assert models.assign_next(ADA)
    plan(models)
    seen = [answer_next(models, person, {}) for person in (ADA, BOB, EVE) for _ in range(31)]
    assert sum(name is not None for name in seen) == 60
    assert {(task.slots_taken, task.overlap) for task in models.rows(Task)} == {(2, 2)}


def test_new_plan_replaces_the_previous_one(models: Scenario) -> None:
    models.database.write_now(pair_priorities.store_plan, 1, [7, 8, 9])
    models.database.write_now(pair_priorities.store_plan, 1, [9, 4])
    priorities = {task.id: task.priority for task in models.rows(Task) if task.priority}
    assert priorities == {9: 1, 4: 2}
    assignment_id = models.assign_next(ADA) or 0
    assignment = models.database.read_now(tasks.assignment_by_id, assignment_id)
    assert assignment is not None
    assert assignment.task_id == 9


def test_priorities_count_only_with_the_option(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    assert scenario.database.read_now(pair_priorities.plan_campaign, 1) == []
    scenario.database.write_now(pair_priorities.store_plan, 1, [2])
    assignment_id = scenario.assign_next(ADA) or 0
    assignment = scenario.database.read_now(tasks.assignment_by_id, assignment_id)
    assert assignment is not None
    assert assignment.task_id == 1


def test_items_without_models_keep_their_order(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA], informative_pairs=True)
    rows = [pair(1, model_a=None), pair(2, model_a="wren-mini"), pair(3)]
    scenario.import_rows("tone", rows)
    assert scenario.database.read_now(pair_priorities.plan_campaign, 1) == [3]
    assert len(scenario.rows(Item)) == 3


def test_ties_count_half_and_both_bad_not_at_all(models: Scenario) -> None:
    models.submit_answer(ADA, models.assign_next(ADA) or 0, verdict="tie")
    models.submit_answer(ADA, models.assign_next(ADA) or 0, verdict="both_bad", reason="No.")
    comparison = models.database.read_now(pair_priorities.compare_models, 1)
    assert dict(comparison.half_wins) == {("ant", "bee"): 1, ("bee", "ant"): 1}
    needed = models.database.read_now(pair_priorities.count_votes_needed, 1)
    assert needed is None or needed > 0


def test_same_answers_give_the_same_plan(models: Scenario) -> None:
    before = models.database.read_now(pair_priorities.plan_campaign, 1)
    assert before == models.database.read_now(pair_priorities.plan_campaign, 1)
    assert len(before) == 30
