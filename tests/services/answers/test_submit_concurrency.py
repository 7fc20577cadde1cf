"""Answers at the same moment, each in a thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services.answers import submit
from bot.services.answers.submit import (
    TaskFullError,
)
from storage.database import Database
from storage.tables import Expert, Task
from tests.services.answers.task_actions import ADA, answer_b, assign_next, expire, versions
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts


def run_concurrently(
    database: Database, actions: list[Callable[[Session], object]]
) -> list[object]:
    """Run all actions at once, each in a thread; return what each returned or raised."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[Session], object]) -> object:
        barrier.wait(10)
        try:
            return database.write_now(action)
        except BotError as error:
            return error

    with ThreadPoolExecutor(len(actions)) as executor:
        return list(executor.map(run, actions))


def test_same_click_in_eight_threads_is_one_version(scenario: Scenario, assignment_id: int) -> None:
    interaction = scenario.interaction(ADA)
    run_concurrently(
        scenario.database, [lambda session: answer_b(session, assignment_id, interaction)] * 8
    )
    assert versions(scenario) == [(1, {"verdict": "b"}, True)]
    check_counts(scenario)


def test_eight_concurrent_clicks_are_numbered_without_gaps(
    scenario: Scenario, assignment_id: int
) -> None:
    def click(verdict: str) -> Callable[[Session], object]:
        values, interaction = {"verdict": verdict}, scenario.interaction(ADA)
        return lambda session: submit.submit_answer(session, assignment_id, values, interaction)

    clicks = [click(verdict) for verdict in ["a", "b", "tie", "both_bad"] * 2]
    run_concurrently(scenario.database, clicks)
    numbers = [number for number, _, _ in versions(scenario)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 4
    check_counts(scenario)


def test_last_slot_goes_to_late_answer_or_colleague(scenario: Scenario, assignment_id: int) -> None:
    expire(scenario)
    bob = scenario.rows(Expert)[1].id
    interaction = scenario.interaction(ADA)
    answer_result, new_assignment = run_concurrently(
        scenario.database,
        [
            lambda session: answer_b(session, assignment_id, interaction),
            lambda session: assign_next(session, bob, scenario.now),
        ],
    )
    is_refused = isinstance(answer_result, TaskFullError)
    assert is_refused == (new_assignment is not None)
    assert scenario.rows(Task)[0].slots_taken == 1
    check_counts(scenario)


@pytest.mark.parametrize("people", [8])
def test_eight_concurrent_late_answers_never_exceed_the_overlap(
    scenario: Scenario, people: int
) -> None:
    """All leases expire; then all experts answer late at the same moment."""
    experts = [f"U0EXPERT{n}" for n in range(people)]
    scenario.create_campaign(experts=experts, overlap=people)
    scenario.import_rows("tone", [pair(1)])
    assignment_ids = [scenario.assign_next(expert) or 0 for expert in experts]
    expire(scenario)

    def reduce_overlap(session: Session) -> None:
        session.exec(select(Task).order_by(col(Task.id))).one().overlap = 3

    scenario.database.write_now(reduce_overlap)

    def answer_late(expert: str, assignment_id: int) -> Callable[[Session], object]:
        interaction = scenario.interaction(expert)
        return lambda session: answer_b(session, assignment_id, interaction)

    actions = list(map(answer_late, experts, assignment_ids))
    results = run_concurrently(scenario.database, actions)
    assert sum(isinstance(result, TaskFullError) for result in results) == people - 3
    assert scenario.rows(Task)[0].slots_taken == 3
    check_counts(scenario)
