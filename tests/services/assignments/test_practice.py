"""Practice before the first task: questions, feedback, pass mark, attempts, and counted nowhere."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.imports.mapping import ColumnMapping
from bot.services.actors.actor import Actor
from bot.services.answers import submit
from bot.services.answers.practice import PracticeFeedback, PracticeRules
from bot.services.answers.submit import FinalAnswerError
from bot.services.campaigns import qualification
from bot.services.campaigns.qualification import (
    AlreadyQualifiedError,
    NotPracticingError,
    PracticeChange,
    PracticeNotRequiredError,
)
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import PracticeStatus
from bot.services.tasks import manual_assignment, next_task, scheduled_delivery
from bot.services.tasks.manual_assignment import PRACTICE_NOT_PASSED, AssignmentRequest
from storage.queries import shown_tasks, tasks
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Membership, OutboxMessage, Task
from tests.services.assignments.test_repeats import everything_that_reads_answers
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB, CYD = "U0ADA", "U0BOB", "U0CYD"
COORDINATOR = "U0CORA"
WITH_GOLD = ColumnMapping.parse(["gold=gold"])


def create_campaign(scenario: Scenario, *, gold: int = 4, **options: Any) -> None:  # noqa: ANN401 - any field of a NewCampaign
    """Create a campaign with practice, gold items whose answer is “a”, and four other items."""
    rules: dict[str, Any] = {"practice_questions": 2, "practice_pass_mark": 1.0}
    scenario.create_campaign(**{"overlap": 2, "experts": [ADA, BOB, CYD], **rules, **options})
    golds = [
        pair(number, gold="left", explanation=f"Because of {number}.") for number in range(gold)
    ]
    scenario.import_rows(
        "tone", [*golds, *(pair(100 + number) for number in range(4))], columns=WITH_GOLD
    )


def answer_next(scenario: Scenario, slack_id: str, *, is_right: bool) -> PracticeFeedback | None:
    """Answer the next task: the model's answer that is gold, or the other; return the feedback."""
    assignment_id = scenario.assign_next(slack_id)
    assert assignment_id is not None
    order = scenario.database.read_now(_assignment, assignment_id).candidate_order
    gold_is_first = order[0] == 0
    verdict = "a" if gold_is_first == is_right else "b"
    scenario.submit_answer(slack_id, assignment_id, verdict=verdict)
    return feedback_on(scenario, assignment_id)


def feedback_on(scenario: Scenario, assignment_id: int) -> PracticeFeedback | None:
    """Return the feedback in the receipt of an assignment."""
    receipt = scenario.database.read_now(_receipt, assignment_id)
    assert receipt is not None
    return receipt.feedback


def _receipt(session: Session, assignment_id: int) -> next_task.Receipt | None:
    (task,) = shown_tasks.shown_tasks(session, [assignment_id])
    return next_task.receipt_of(session, task) if task else None


def _assignment(session: Session, assignment_id: int) -> Assignment:
    assignment = tasks.assignment_by_id(session, assignment_id)
    assert assignment is not None
    return assignment


def practice_items(scenario: Scenario, expert_id: int = 1) -> list[int]:
    """Return the items that an expert practiced with, in order."""
    by_task = {row.task_id: row for row in scenario.rows(Assignment)}
    return [
        task.item_id
        for task in scenario.rows(Task)
        if task.practice_attempt is not None and by_task[task.id].expert_id == expert_id
    ]


def status(scenario: Scenario) -> PracticeStatus | None:
    """Return the practice in the campaign's status."""
    return scenario.run_for_campaign("tone", campaign_status.status_of).practice


def test_expert_who_passes_gets_the_first_task(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = answer_next(scenario, ADA, is_right=True)
    last = answer_next(scenario, ADA, is_right=True)
    assert first is not None
    assert last is not None
    assert (first.number, first.total, first.is_right, first.outcome) == (1, 2, True, None)
    assert first.explanation.startswith("Because of ")
    assert (last.number, last.outcome, last.correct) == (2, "passed", 2)
    assert len(set(practice_items(scenario))) == 2
    assert scenario.answer_all(ADA, verdict="a") == 4
    assert status(scenario) == PracticeStatus(2, 1.0, 2, 4, passed=1, failed=0, in_practice=2)
    assert ("passed the practice", "campaign tone") in scenario.audit_log()


def test_right_answer_is_named_as_the_expert_saw_it(scenario: Scenario) -> None:
    create_campaign(scenario, gold=16, practice_questions=16)
    seen = set()
    while len(practice_items(scenario)) < 16:
        feedback = answer_next(scenario, ADA, is_right=True)
        assert feedback is not None
        assert feedback.is_right
        task_id = scenario.rows(Task)[-1].id
        (row,) = [row for row in scenario.rows(Assignment) if row.task_id == task_id]
        assert feedback.right_answer.startswith("A" if row.value["verdict"] == "a" else "B")
        seen.add(row.value["verdict"])
    assert seen == {"a", "b"}


def test_failed_attempt_is_followed_by_other_items_and_then_by_none(scenario: Scenario) -> None:
    create_campaign(scenario)
    answer_next(scenario, ADA, is_right=True)
    wrong = answer_next(scenario, ADA, is_right=False)
    assert wrong is not None
    assert (wrong.is_right, wrong.outcome, wrong.correct) == (False, "retry", 1)
    answer_next(scenario, ADA, is_right=False)
    last = answer_next(scenario, ADA, is_right=True)
    assert last is not None
    assert last.outcome == "failed"
    assert len(set(practice_items(scenario))) == 4
    assert scenario.assign_next(ADA) is None
    assert status(scenario) == PracticeStatus(2, 1.0, 2, 4, passed=0, failed=1, in_practice=2)


def test_items_return_if_there_are_no_others(scenario: Scenario) -> None:
    create_campaign(scenario, gold=3)
    for _ in range(4):
        answer_next(scenario, ADA, is_right=False)
    items = practice_items(scenario)
    assert len(set(items)) == 3
    assert items[2] not in items[:2]
    assert items[3] in items[:2]


def test_coordinators_are_told_once_and_let_the_expert_in(scenario: Scenario) -> None:
    create_campaign(scenario, practice_attempts=1)
    for _ in range(2):
        answer_next(scenario, ADA, is_right=False)
    for expected in (1, 0):
        count = scenario.database.write_now(
            qualification.report_failures, [COORDINATOR], scenario.now
        )
        assert count == expected
    told = [row for row in scenario.rows(OutboxMessage) if row.message_type == "practice_failure"]
    assert [row.recipient for row in told] == [COORDINATOR]
    scenario.run_for_campaign("tone", qualification.qualify, ADA, scenario.actor)
    assert scenario.answer_all(ADA, verdict="a") == 4
    with pytest.raises(AlreadyQualifiedError):
        scenario.run_for_campaign("tone", qualification.qualify, ADA, scenario.actor)
    with pytest.raises(NotPracticingError):
        scenario.run_for_campaign("tone", qualification.qualify, "U0NOBODY", scenario.actor)


def test_campaign_without_practice_lets_nobody_in(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    with pytest.raises(PracticeNotRequiredError):
        scenario.run_for_campaign("tone", qualification.qualify, ADA, scenario.actor)


def test_answered_question_is_final(scenario: Scenario) -> None:
    create_campaign(scenario)
    assignment_id = scenario.assign_next(ADA)
    assert assignment_id is not None
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    with pytest.raises(FinalAnswerError):
        scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    with pytest.raises(FinalAnswerError):
        scenario.submit_answer(ADA, assignment_id, verdict="b")


def test_skipped_question_counts_as_not_right_and_stays_skipped(scenario: Scenario) -> None:
    create_campaign(scenario, practice_attempts=1)
    answer_next(scenario, ADA, is_right=True)
    skipped = scenario.assign_next(ADA)
    assert skipped is not None
    scenario.database.write_now(submit.skip_task, skipped, "broken", scenario.interaction(ADA))
    feedback = feedback_on(scenario, skipped)
    assert feedback is not None
    assert (feedback.is_right, feedback.outcome, feedback.correct) == (False, "failed", 1)
    with pytest.raises(FinalAnswerError):
        scenario.database.write_now(submit.undo, skipped, scenario.interaction(ADA))
    assert not any(task.on_hold_since for task in scenario.rows(Task))


def test_practice_waits_for_enough_gold_items(scenario: Scenario) -> None:
    create_campaign(scenario, gold=1)
    assert scenario.assign_next(ADA) is None
    assert status(scenario) == PracticeStatus(2, 1.0, 2, 1, passed=0, failed=0, in_practice=3)
    scenario.import_rows("tone", [pair(50, gold="left")], columns=WITH_GOLD)
    assert scenario.assign_next(ADA) is not None


def test_expired_question_returns_to_its_expert(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = scenario.assign_next(ADA)
    scenario.advance_clock(days=30)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.assign_next(ADA) == first
    assert scenario.assign_next(BOB) != first
    assert len(practice_items(scenario)) == 1


def test_item_of_the_practice_is_no_hidden_gold_for_its_expert(scenario: Scenario) -> None:
    create_campaign(scenario, gold_share=0.5)
    for _ in range(2):
        answer_next(scenario, ADA, is_right=True)
    practiced = set(practice_items(scenario))
    scenario.answer_all(ADA, verdict="a")
    by_id = {task.id: task for task in scenario.rows(Task)}
    given = [by_id[row.task_id] for row in scenario.rows(Assignment) if row.expert_id == 1]
    hidden = {task.item_id for task in given if task.is_gold}
    assert hidden
    assert not hidden & practiced


def test_nobody_is_assigned_tasks_by_hand_before_they_passed(scenario: Scenario) -> None:
    create_campaign(scenario)
    request, actor = AssignmentRequest(count=2), scenario.actor
    result = scenario.run_for_campaign("tone", manual_assignment.assign_tasks, ADA, request, actor)
    assert (result.assigned_count, result.reason) == (0, PRACTICE_NOT_PASSED)


def test_practice_leaks_into_no_query(scenario: Scenario) -> None:
    create_campaign(scenario, practice_attempts=1)
    before = scenario.database.read_now(everything_that_reads_answers)
    for _ in range(2):
        answer_next(scenario, ADA, is_right=False)
    skipped = scenario.assign_next(BOB)
    assert skipped is not None
    scenario.database.write_now(submit.skip_task, skipped, "broken", scenario.interaction(BOB))
    assert scenario.assign_next(CYD) is not None
    assert scenario.database.read_now(everything_that_reads_answers) == before
    experts = scenario.run_for_campaign("tone", campaign_status.expert_statuses)
    assert [(row.answered, row.open, row.skipped) for row in experts] == [(0, 0, 0)] * 3


def test_practice_works_with_confirmation_by_a_second_expert(scenario: Scenario) -> None:
    create_campaign(scenario, settings={"levels": 2}, overlap=1)
    for _ in range(2):
        answer_next(scenario, ADA, is_right=True)
    assert scenario.rows(Membership)[0].qualified_at == scenario.now
    assert all(
        task.practice_attempt
        for task in scenario.rows(Task)
        if task.confirms_assignment_id is not None
    )
    assert scenario.run_for_campaign("tone", campaign_status.status_of).answered == 0


def test_actor_and_time_are_recorded(scenario: Scenario) -> None:
    create_campaign(scenario)
    actor = Actor(COORDINATOR, "Slack", NOW)
    scenario.run_for_campaign("tone", qualification.qualify, ADA, actor)
    assert ("admitted an expert without practice", "campaign tone") in scenario.audit_log()
    campaign = scenario.rows(Campaign)[0]
    assert scenario.rows(Membership)[0].campaign_id == id_of(campaign)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "demonstration", "practice_questions": 2}, "has no practice"),
        ({"practice_questions": 21}, "practice questions must be from 0 to 20, not 21"),
        ({"practice_pass_mark": 0.0}, "pass mark must be from 0.01 to 1, not 0.0"),
        ({"practice_attempts": 6}, "attempts must be from 1 to 5, not 6"),
    ],
)
def test_bad_practice_is_refused(scenario: Scenario, options: dict[str, Any], message: str) -> None:
    with pytest.raises(BotError, match=message):
        scenario.create_campaign(**options)


@pytest.mark.parametrize(
    ("pass_mark", "questions", "needed"), [(0.8, 5, 4), (1.0, 3, 3), (0.7, 10, 7), (0.5, 3, 2)]
)
def test_pass_mark_is_a_share_of_the_questions(
    pass_mark: float, questions: int, needed: int
) -> None:
    rules = PracticeRules(questions, pass_mark, 1)
    assert [rules.is_passed(correct, questions) for correct in (needed - 1, needed)] == [
        False,
        True,
    ]


def change(
    scenario: Scenario,
    questions: int | None = None,
    pass_mark: float | None = None,
    attempts: int | None = None,
) -> PracticeRules:
    """Change the practice of the campaign."""
    changed = PracticeChange(questions, pass_mark, attempts)
    return scenario.run_for_campaign("tone", qualification.change_practice, changed, scenario.actor)


def test_shorter_practice_passes_or_fails_complete_attempts(scenario: Scenario) -> None:
    create_campaign(scenario, practice_questions=3)
    answer_next(scenario, ADA, is_right=True)
    for is_right in (True, False):
        answer_next(scenario, BOB, is_right=is_right)
    assert change(scenario, questions=1) == PracticeRules(1, 1.0, 2)
    counts = status(scenario)
    assert counts is not None
    assert (counts.passed, counts.failed, counts.in_practice) == (1, 0, 2)
    memberships = {row.expert_id: row for row in scenario.rows(Membership)}
    assert [memberships[expert].practice_failures for expert in (1, 2, 3)] == [0, 1, 0]


def test_longer_practice_asks_more_questions(scenario: Scenario) -> None:
    create_campaign(scenario, practice_questions=2)
    answer_next(scenario, ADA, is_right=True)
    change(scenario, questions=3, pass_mark=0.6)
    feedback = answer_next(scenario, ADA, is_right=True)
    assert feedback is not None
    assert (feedback.number, feedback.total, feedback.outcome) == (2, 3, None)
    feedback = answer_next(scenario, ADA, is_right=False)
    assert feedback is not None
    assert (feedback.outcome, feedback.correct) == ("passed", 2)


def test_more_attempts_let_experts_try_again(scenario: Scenario) -> None:
    create_campaign(scenario, practice_questions=1, practice_attempts=1)
    answer_next(scenario, ADA, is_right=False)
    report = partial(qualification.report_failures, coordinators=[COORDINATOR], now=scenario.now)
    assert scenario.database.write_now(report) == 1
    assert scenario.assign_next(ADA) is None
    change(scenario, attempts=2)
    answer_next(scenario, ADA, is_right=False)
    assert scenario.database.write_now(report) == 1


def test_campaign_without_practice_gives_tasks_at_once(scenario: Scenario) -> None:
    create_campaign(scenario, practice_questions=2)
    answer_next(scenario, ADA, is_right=False)
    change(scenario, questions=0)
    assert status(scenario) is None
    assignment_id = scenario.assign_next(ADA)
    assert assignment_id is not None
    task_id = scenario.database.read_now(_assignment, assignment_id).task_id
    (task,) = [row for row in scenario.rows(Task) if row.id == task_id]
    assert task.practice_attempt is None
