"""Two levels: another expert confirms an answer or sends it back, in every order of events."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.services.answers import labels, submit
from bot.services.answers.confirmation import FINALIZED_BY_CONFIRMATION
from bot.services.answers.submit import FinalAnswerError, TaskFullError
from bot.services.assignments import direct
from bot.services.campaigns import campaigns
from bot.services.reports import campaign_status
from bot.services.tasks import next_task, recent_answers
from storage.queries.experts import expert_by_slack_id
from storage.tables import Assignment, Expert, Task
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

CLEAR = [{"key": "clear", "label": "Clear", "anchors": ["no", "yes"]}]
ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


@pytest.fixture
def two_levels(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign of two levels, one item and three experts."""
    scenario.create_campaign(
        kind="validation", overlap=1, experts=[ADA, BOB, EVE], settings={"levels": 2}
    )
    row = {"id": "1", "source": "It may rain.", "paraphrase": "It will rain.", "model": "wren"}
    scenario.import_rows("tone", [row])
    return scenario


def answer_as_ada(scenario: Scenario, verdict: str = "yes") -> int:
    """Answer Ada's next task; return the assignment id."""
    assignment_id = scenario.assign_next(ADA)
    assert assignment_id is not None
    scenario.submit_answer(ADA, assignment_id, verdict=verdict)
    return assignment_id


def open_confirmation(scenario: Scenario, person: str = BOB) -> int:
    """Assign an expert the confirmation of an answer; return the assignment id."""
    assignment_id = scenario.assign_next(person)
    assert assignment_id is not None
    return assignment_id


def assignment_by_id(scenario: Scenario, assignment_id: int) -> Assignment:
    """Return the current state of an assignment."""
    assignments = {assignment.id: assignment for assignment in scenario.rows(Assignment)}
    return assignments[assignment_id]  # type: ignore[no-any-return]  # `rows` returns rows of any table


def original_assignment(scenario: Scenario, assignment_id: int) -> int:
    """Return the id of the assignment whose answer this one confirms."""
    task_id = assignment_by_id(scenario, assignment_id).task_id
    (task,) = [task for task in scenario.rows(Task) if task.id == task_id]
    return int(task.confirms_assignment_id)


def confirm_or_send_back(
    scenario: Scenario, person: str, assignment_id: int, choice: str, **values: object
) -> None:
    """Confirm the current version of an answer, or send it back."""
    version = assignment_by_id(scenario, original_assignment(scenario, assignment_id)).version
    scenario.submit_answer(person, assignment_id, confirm=f"{choice}_{version}", **values)


def progress(scenario: Scenario) -> tuple[int, int, int]:
    """Return the numbers of answers wanted, answers given, and complete items."""
    status = scenario.run_for_campaign("tone", campaign_status.status_of)
    return status.wanted, status.answered, status.complete


def reached_levels(scenario: Scenario) -> list[tuple[int, int]]:
    """Return the level that each label has reached, and the required one."""

    def read_levels(session: Session) -> list[tuple[int, int]]:
        campaign = campaigns.campaign_by_name(session, "tone")
        records = labels.iter_labels(session, campaign)
        return [(record.level, record.required_levels) for record in records]

    return scenario.database.read_now(read_levels)


def test_confirmed_answer_is_final(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels)
    assert two_levels.assign_next(ADA) is None
    assert (progress(two_levels), reached_levels(two_levels)) == ((2, 1, 0), [(1, 2)])
    confirm_or_send_back(two_levels, BOB, open_confirmation(two_levels), "confirm")
    assert assignment_by_id(two_levels, first).finalized_by == FINALIZED_BY_CONFIRMATION
    assert (progress(two_levels), reached_levels(two_levels)) == ((2, 2, 1), [(2, 2)])
    assert two_levels.assign_next(EVE) is None
    with pytest.raises(FinalAnswerError, match="made final by another expert's confirmation"):
        two_levels.submit_answer(ADA, first, verdict="no")
    with pytest.raises(FinalAnswerError):
        two_levels.database.write_now(submit.undo, first, two_levels.interaction(ADA))


def test_confirmation_is_a_recent_answer(two_levels: Scenario) -> None:
    answer_as_ada(two_levels)
    confirm_or_send_back(two_levels, BOB, open_confirmation(two_levels), "confirm")
    (bob,) = [expert for expert in two_levels.rows(Expert) if expert.slack_id == BOB]
    (recent,) = two_levels.database.read_now(recent_answers.list_recent_answers, bob.id)
    assert (recent.summary, recent.can_change) == ("confirmed", True)


def test_confirmation_shows_the_answer_without_its_author(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels, "fix")
    two_levels.submit_answer(ADA, first, corrected="Perhaps it rains.")
    second = open_confirmation(two_levels)
    view = two_levels.database.write_now(next_task.open_task, second, two_levels.interaction(BOB))
    passages = {passage.key: passage.text for passage in view.form.passages}
    assert passages["answer"] == "corrected"
    assert passages["answer_corrected"] == "Perhaps it rains."
    assert passages["text"] == "It will rain."
    (field,) = view.form.message_fields
    assert [option.value for option in field.options] == ["confirm_2", "send_back_2"]  # type: ignore[union-attr]  # a ChoiceField
    assert ADA not in repr(view)


def test_answer_sent_back_is_open_again_and_needs_confirmation(
    two_levels: Scenario,
) -> None:
    first = answer_as_ada(two_levels)
    second = open_confirmation(two_levels)
    confirm_or_send_back(two_levels, BOB, second, "send_back")
    assert assignment_by_id(two_levels, first).state == "answered", (
        "it is sent back once there is a reason"
    )
    two_levels.submit_answer(BOB, second, sent_back_reason="May is not will.")
    assert (
        assignment_by_id(two_levels, first).state,
        assignment_by_id(two_levels, first).sent_back_reason,
    ) == (
        "queued",
        "May is not will.",
    )
    assert (progress(two_levels), reached_levels(two_levels)) == ((2, 0, 0), [])
    assert two_levels.assign_next(ADA) == first
    view = two_levels.database.write_now(next_task.open_task, first, two_levels.interaction(ADA))
    assert view.form.passages[0].text == "May is not will."
    two_levels.submit_answer(ADA, first, verdict="no", categories=["changes_meaning"])
    assert assignment_by_id(two_levels, first).sent_back_reason is None
    assert progress(two_levels) == (2, 1, 0)
    third = open_confirmation(two_levels, EVE)
    assert third != second
    confirm_or_send_back(two_levels, EVE, third, "confirm")
    assert (progress(two_levels), reached_levels(two_levels)) == ((2, 2, 1), [(2, 2)])


def test_unchanged_answer_can_be_submitted_after_it_was_sent_back(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels)
    confirm_or_send_back(
        two_levels, BOB, open_confirmation(two_levels), "send_back", sent_back_reason="Sure?"
    )
    two_levels.submit_answer(ADA, first, verdict="yes")
    assert assignment_by_id(two_levels, first).state == "answered"
    confirm_or_send_back(two_levels, BOB, open_confirmation(two_levels), "confirm")
    assert assignment_by_id(two_levels, first).finalized_by == FINALIZED_BY_CONFIRMATION


def test_undoing_an_answer_releases_its_confirmation(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels)
    second = open_confirmation(two_levels)
    two_levels.database.write_now(submit.undo, first, two_levels.interaction(ADA))
    assert assignment_by_id(two_levels, second).state == "released"
    assert two_levels.assign_next(BOB) is None
    two_levels.submit_answer(ADA, first, verdict="yes")
    assert open_confirmation(two_levels) == second


def test_changed_answer_is_not_confirmed_unseen(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels)
    second = open_confirmation(two_levels)
    two_levels.submit_answer(ADA, first, verdict="fix", corrected="It might rain.")
    open_confirmation(two_levels)
    two_levels.submit_answer(BOB, second, confirm="confirm_1")
    assert assignment_by_id(two_levels, first).finalized_by is None
    confirm_or_send_back(two_levels, BOB, second, "confirm")
    assert assignment_by_id(two_levels, first).finalized_by == FINALIZED_BY_CONFIRMATION


def test_confirmation_can_be_undone_and_changed(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels)
    second = open_confirmation(two_levels)
    confirm_or_send_back(two_levels, BOB, second, "confirm")
    two_levels.database.write_now(submit.undo, second, two_levels.interaction(BOB))
    assert (assignment_by_id(two_levels, first).finalized_by, progress(two_levels)) == (
        None,
        (2, 1, 0),
    )
    confirm_or_send_back(two_levels, BOB, second, "send_back", sent_back_reason="Look again.")
    assert assignment_by_id(two_levels, first).state == "queued"
    two_levels.database.write_now(submit.undo, second, two_levels.interaction(BOB))
    assert (
        assignment_by_id(two_levels, first).state,
        assignment_by_id(two_levels, first).sent_back_reason,
    ) == ("answered", None)
    confirm_or_send_back(two_levels, BOB, second, "send_back", sent_back_reason="Look again.")
    confirm_or_send_back(two_levels, BOB, second, "confirm")
    assert (assignment_by_id(two_levels, first).finalized_by, progress(two_levels)) == (
        FINALIZED_BY_CONFIRMATION,
        (2, 2, 1),
    )


def test_answer_restarted_after_being_sent_back_stays_with_its_author(two_levels: Scenario) -> None:
    first = answer_as_ada(two_levels)
    second = open_confirmation(two_levels)
    confirm_or_send_back(two_levels, BOB, second, "send_back", sent_back_reason="Look again.")
    two_levels.submit_answer(ADA, first, verdict="no")
    with pytest.raises(TaskFullError):
        two_levels.database.write_now(submit.undo, second, two_levels.interaction(BOB))
    assert assignment_by_id(two_levels, first).state == "delivered"
    assert assignment_by_id(two_levels, first).value == {"verdict": "no"}


def test_confirmation_shows_better_response(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(1)])
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, verdict="both_bad")
    scenario.submit_answer(ADA, first, better_response="Mine is better.", started_from="blank")
    second = open_confirmation(scenario)
    view = scenario.database.write_now(next_task.open_task, second, scenario.interaction(BOB))
    passages = {passage.key: passage.text for passage in view.form.passages}
    assert passages["answer_better_response"] == "Mine is better."
    confirm_or_send_back(scenario, BOB, second, "confirm")
    assert reached_levels(scenario) == [(2, 2)]
    with pytest.raises(FinalAnswerError):
        scenario.submit_answer(ADA, first, better_response="Another.", started_from="blank")


def test_rating_per_turn_is_confirmed_as_a_whole(scenario: Scenario) -> None:
    settings = {"levels": 2, "per_turn": True, "criteria": CLEAR}
    scenario.create_campaign(kind="rating", overlap=1, experts=[ADA, BOB], settings=settings)
    turns = [{"role": role, "content": role} for role in ("user", "assistant") * 2]
    scenario.import_rows("tone", [{"id": "1", "messages": turns}])
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, turn1of2_clear=1)
    assert scenario.assign_next(BOB) is None, "the answer is not complete"
    scenario.submit_answer(ADA, first, turn2of2_clear=2)
    second = open_confirmation(scenario)
    view = scenario.database.write_now(next_task.open_task, second, scenario.interaction(BOB))
    keys = [passage.key for passage in view.form.passages]
    assert keys == ["turn1", "turn2", "turn3", "turn4", "answer"]
    assert view.form.passages_for({}) == view.form.passages, "the message shows all turns"
    confirm_or_send_back(scenario, BOB, second, "confirm")
    assert reached_levels(scenario) == [(2, 2)]


def test_concurrent_change_and_confirmation_are_consistent(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(number) for number in range(1, 9)])
    scenario.answer_all(ADA, verdict="a")
    with ThreadPoolExecutor(2) as executor:
        for _ in range(8):
            second = open_confirmation(scenario)
            first = original_assignment(scenario, second)
            futures = [
                executor.submit(scenario.submit_answer, ADA, first, verdict="b"),
                executor.submit(scenario.submit_answer, BOB, second, confirm="confirm_1"),
            ]
            errors = [future.exception() for future in futures]
            assert all(error is None or isinstance(error, BotError) for error in errors), errors
            answer = assignment_by_id(scenario, first)
            is_confirmed = answer.finalized_by == FINALIZED_BY_CONFIRMATION
            assert is_confirmed == (answer.value == {"verdict": "a"})
    while assignment_id := scenario.assign_next(BOB):
        confirm_or_send_back(scenario, BOB, assignment_id, "confirm")
    assert progress(scenario) == (16, 16, 8)
    check_counts(scenario)


def test_one_level_needs_no_confirmation(scenario: Scenario) -> None:
    scenario.create_campaign(kind="validation", overlap=1, experts=[ADA, BOB])
    scenario.import_rows("tone", [{"id": "1", "source": "It may rain.", "paraphrase": "It rains."}])
    answer_as_ada(scenario)
    assert scenario.assign_next(BOB) is None
    assert progress(scenario) == (1, 1, 1)


def test_manually_assigned_confirmation_keeps_candidate_order(
    scenario: Scenario,
) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(number) for number in range(1, 9)])
    for _ in range(8):
        assignment_id = scenario.assign_next(ADA)
        assert assignment_id is not None
        scenario.submit_answer(ADA, assignment_id, verdict="a")

    def assign_confirmations(session: Session) -> None:
        bob = expert_by_slack_id(session, BOB)
        assert bob is not None
        campaign = campaigns.campaign_by_name(session, "tone")
        assert len(direct.assign_next_tasks(session, campaign, bob, 8, scenario.now)) == 8

    scenario.database.write_now(assign_confirmations)
    answers, confirmations = scenario.rows(Assignment)[:8], scenario.rows(Assignment)[8:]
    orders = {answer.id: answer.candidate_order for answer in answers}
    for confirmation in confirmations:
        original_id = original_assignment(scenario, confirmation.id)
        assert confirmation.candidate_order == orders[original_id]
