"""Answers submitted together: stored as each would be alone, and left alone unless ordinary."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select, update

from bot.kinds.base import InvalidAnswerError
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit, submit_group
from bot.services.answers.submit import NotAssigneeError
from bot.services.answers.submit_group import SUBMIT_ANSWER, Submission
from bot.services.campaigns import campaigns
from storage.correlation import correlate
from storage.database import Database
from storage.queries import webhooks
from storage.tables import (
    Annotation,
    Assignment,
    Campaign,
    Expert,
    OutboxMessage,
    Task,
    Webhook,
)
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

ADA, BOB = "U0ADA", "U0BOB"

STORED_TABLES = Annotation, Assignment, Expert, OutboxMessage, Task


@pytest.fixture
def task(scenario: Scenario) -> int:
    """Return Ada's delivered assignment."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    assignment_id = scenario.assign_next(ADA)
    assert assignment_id is not None
    return assignment_id


def change(scenario: Scenario, table: type[SQLModel], **values: object) -> None:
    """Change columns of all rows of a table."""
    scenario.database.write_now(
        lambda session: session.connection().execute(update(table).values(**values))
    )


def stored_rows(session: Session) -> list[dict[str, Any]]:
    """Return the rows that an answer may change, without the ids that the database gives."""
    return [
        row.model_dump(exclude={"id"})
        for table in STORED_TABLES
        for row in session.exec(select(table).order_by(col(table.id)))
    ]


def rows_after(
    scenario: Scenario, submission: Submission, submit_it: Callable[[Session, Submission], object]
) -> list[dict[str, Any]]:
    """Return what would be stored after a submission; nothing is."""

    def run(session: Session) -> list[dict[str, Any]]:
        submit_it(session, submission)
        return stored_rows(session)

    return scenario.database.read_now(run)


def submit_together(session: Session, submission: Submission) -> None:
    """Store a submission as a group."""
    assert submit_group.submit_answers(session, [submission]) != [None]


def keep(_scenario: Scenario) -> None:
    """Leave the task delivered."""


def answer_b(scenario: Scenario) -> None:
    """Answer as Ada that B is better, with an interruption before."""
    scenario.advance_clock(hours=2)
    scenario.submit_answer(ADA, scenario.rows(Assignment)[0].id, verdict="b")
    scenario.advance_clock(minutes=1)


def queue(scenario: Scenario) -> None:
    """Make the task one that is not delivered."""
    change(scenario, Assignment, state="queued", delivered_at=None)


def start_thread(scenario: Scenario) -> None:
    """Give the message of the task a thread."""
    change(scenario, Assignment, has_thread=True)


def pause(scenario: Scenario) -> None:
    """Pause the campaign."""
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)


def show_in_part(scenario: Scenario) -> None:
    """Record that the message shows a part of the task, and that it was read in full."""
    change(scenario, Assignment, shown={"prompt": 10}, read_in_full_at=scenario.now)


@pytest.mark.parametrize("set_up", [keep, answer_b, queue, start_thread, pause, show_in_part])
def test_an_ordinary_answer_is_stored_as_it_would_be_alone(
    scenario: Scenario, task: int, set_up: Callable[[Scenario], None]
) -> None:
    set_up(scenario)
    at = scenario.now
    interaction = Interaction(ADA, "click", at, "https://hooks.example/1", "D0ADA", "1.0")
    submission = Submission(task, {"verdict": "a"}, interaction)
    together = rows_after(scenario, submission, submit_together)
    alone = rows_after(scenario, submission, SUBMIT_ANSWER.alone)
    assert together == alone
    assert together != scenario.database.read_now(stored_rows)


def close(scenario: Scenario) -> None:
    """Close the campaign."""
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)


def skip(scenario: Scenario) -> None:
    """Skip the task as Ada."""
    assignment_id = scenario.rows(Assignment)[0].id
    interaction = scenario.interaction(ADA)
    scenario.database.write_now(submit.skip_task, assignment_id, "unclear", interaction)


def answer_a(scenario: Scenario) -> None:
    """Give the same answer."""
    scenario.submit_answer(ADA, scenario.rows(Assignment)[0].id, verdict="a")


def answer_and_undo(scenario: Scenario) -> None:
    """Store the click that is submitted again, and undo it."""
    assignment_id = scenario.rows(Assignment)[0].id
    click = replace(scenario.interaction(ADA), id="click")
    scenario.database.write_now(submit.submit_answer, assignment_id, {"verdict": "a"}, click)
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))


def add_webhook(scenario: Scenario) -> None:
    """Add a webhook that wants all events."""
    webhook = Webhook(
        name="hook",
        url="https://hooks.example",
        secret="secret",  # noqa: S106 - a test
        events=[],
        campaign_ids=[],
        created_by=ADA,
        created_at=scenario.now,
    )
    scenario.database.write_now(webhooks.add, webhook)


SPECIAL = {
    "closed": close,
    "skipped": skip,
    "same answer": answer_a,
    "repeated click": answer_and_undo,
    "webhook": add_webhook,
    "away": lambda scenario: change(scenario, Expert, away_since=scenario.now),
    "deleted": lambda scenario: change(scenario, Task, is_deleted=True),
    "final": lambda scenario: change(scenario, Assignment, finalized_by="Eve"),
    "practice": lambda scenario: change(scenario, Task, practice_attempt=1),
    "adaptive overlap": lambda scenario: change(scenario, Campaign, max_overlap=3),
    "two levels": lambda scenario: change(scenario, Campaign, settings={"levels": 2}),
}


@pytest.mark.parametrize("set_up", SPECIAL.values(), ids=SPECIAL)
def test_everything_else_is_left_to_be_submitted_alone(
    scenario: Scenario, task: int, set_up: Callable[[Scenario], None]
) -> None:
    set_up(scenario)
    click = replace(scenario.interaction(ADA), id="click")
    check_left_alone(scenario, Submission(task, {"verdict": "a"}, click))
    webhooks.forget_filters()


def test_wrong_inputs_are_left_to_be_submitted_alone(scenario: Scenario, task: int) -> None:
    ada, bob = scenario.interaction(ADA), scenario.interaction(BOB)
    check_left_alone(scenario, Submission(task, {"verdict": "a"}, bob))
    check_left_alone(scenario, Submission(task, {"verdict": "z"}, ada))
    check_left_alone(scenario, Submission(task, {}, ada))
    check_left_alone(scenario, Submission(task + 1, {"verdict": "a"}, ada))


def check_left_alone(scenario: Scenario, submission: Submission) -> None:
    """Check that nothing of a submission is stored."""
    before = scenario.database.read_now(stored_rows)
    result = scenario.database.write_now(submit_group.submit_answers, [submission])
    assert result == [None]
    assert scenario.database.read_now(stored_rows) == before


def test_a_second_answer_to_a_task_waits_for_the_first(scenario: Scenario, task: int) -> None:
    clicks = [
        Submission(task, {"verdict": verdict}, scenario.interaction(ADA)) for verdict in ("a", "b")
    ]
    first, second = scenario.database.write_now(submit_group.submit_answers, clicks)
    assert first is not None
    assert second is None


def test_the_id_of_a_deleted_version_is_not_used_again(scenario: Scenario, task: int) -> None:
    scenario.submit_answer(ADA, task, verdict="b")
    (deleted,) = scenario.rows(Annotation)
    scenario.database.write_now(lambda session: session.connection().execute(delete(Annotation)))
    submission = Submission(task, {"verdict": "a"}, scenario.interaction(ADA))
    scenario.database.write_now(submit_group.submit_answers, [submission])
    assert scenario.rows(Annotation)[0].id > deleted.id


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_no_answer_waits_for_a_locked_assignment(scenario: Scenario, task: int) -> None:
    submission = Submission(task, {"verdict": "a"}, scenario.interaction(ADA))
    with Session(scenario.database.engine) as session, session.begin():
        query = select(Assignment.id).where(Assignment.id == task).with_for_update()
        assert session.exec(query).one() == task
        results = scenario.database.write_now(submit_group.submit_answers, [submission])
    assert results == [None]


def test_many_answers_at_once_each_get_their_own_result(scenario: Scenario) -> None:
    experts = [f"U{number:02d}" for number in range(30)]
    scenario.create_campaign(experts=experts, overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(30)])
    tasks = {expert: scenario.assign_next(expert) or 0 for expert in experts}
    results = asyncio.run(submit_all(scenario, tasks))
    assert isinstance(results[0], NotAssigneeError)
    assert isinstance(results[1], InvalidAnswerError)
    assert not [result for result in results[2:] if isinstance(result, BaseException)]
    assert sorted(row.assignment_id for row in scenario.rows(Annotation)) == [
        tasks[expert] for expert in experts[2:]
    ]
    messages = {row.recipient: row.correlation_id for row in scenario.rows(OutboxMessage)}
    assert messages == {expert: f"request of {expert}" for expert in experts[2:]}
    check_counts(scenario)


async def submit_all(scenario: Scenario, tasks: dict[str, int]) -> list[object]:
    """Submit an answer of each expert; the first has another's task, the second is invalid."""
    database = Database(scenario.database.engine.url.render_as_string(hide_password=False))

    async def submit_one(expert: str, number: int) -> object:
        task = tasks["U02"] if number == 0 else tasks[expert]
        inputs = {"verdict": "z" if number == 1 else "a"}
        with correlate(f"request of {expert}"):
            submission = Submission(task, inputs, scenario.interaction(expert))
            return await database.write_grouped(SUBMIT_ANSWER, submission)

    calls = [submit_one(expert, number) for number, expert in enumerate(tasks)]
    try:
        return list(await asyncio.gather(*calls, return_exceptions=True))
    finally:
        database.close()
