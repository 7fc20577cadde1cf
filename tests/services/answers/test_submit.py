"""Submitting, undoing, skipping and reading: what each stores, and which messages it queues."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from bot.kinds.base import InvalidAnswerError
from bot.messages.tasks import NewTaskMessage
from bot.services.answers import submit
from bot.services.answers.skip import SKIP_LABELS, SkipReason
from bot.services.answers.submit import (
    UnknownSkipReasonError,
)
from bot.services.assignments import assign
from bot.services.availability.reachability import ContactResult
from bot.services.reminders import scheduled
from bot.services.tasks import scheduled_delivery
from storage.tables import Annotation, Assignment, Expert, OutboxMessage, OutboxState
from tests.services.answers.task_actions import (
    ADA,
    BOB,
    Action,
    answer_b,
    expire,
    expire_and_reassign,
    skip,
    skip_as_broken,
    versions,
)
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts


def test_each_change_is_a_new_version(scenario: Scenario, assignment_id: int) -> None:
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.submit_answer(ADA, assignment_id, verdict="b")
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    scenario.submit_answer(ADA, assignment_id, verdict="tie")
    scenario.submit_answer(ADA, assignment_id, reason="Both are true.")
    assert versions(scenario) == [
        (1, {"verdict": "a"}, True),
        (2, {"verdict": "b"}, True),
        (3, None, False),
        (4, {"verdict": "tie"}, True),
        (5, {"verdict": "tie", "reason": "Both are true."}, True),
    ]
    assert scenario.rows(Assignment)[0].version == 5


def test_repeated_click_is_stored_once(scenario: Scenario, assignment_id: int) -> None:
    interaction = scenario.interaction(ADA)
    for _ in range(3):
        scenario.database.write_now(answer_b, assignment_id, interaction)
    assert versions(scenario) == [(1, {"verdict": "b"}, True)]


def test_redelivered_answer_after_undo_is_ignored(scenario: Scenario, assignment_id: int) -> None:
    interaction = scenario.interaction(ADA)
    scenario.database.write_now(answer_b, assignment_id, interaction)
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    scenario.database.write_now(answer_b, assignment_id, interaction)
    assert [value for _, value, _ in versions(scenario)] == [{"verdict": "b"}, None]
    assert scenario.rows(Assignment)[0].state == "delivered"
    check_counts(scenario)


def test_redelivered_undo_after_answer_is_ignored(scenario: Scenario, assignment_id: int) -> None:
    undo = scenario.interaction(ADA)
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.database.write_now(submit.undo, assignment_id, undo)
    scenario.submit_answer(ADA, assignment_id, verdict="b")
    scenario.database.write_now(submit.undo, assignment_id, undo)
    assert scenario.rows(Assignment)[0].value == {"verdict": "b"}
    assert len(versions(scenario)) == 3


def test_unchanged_answer_adds_no_version(scenario: Scenario, assignment_id: int) -> None:
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    assert versions(scenario) == [(1, {"verdict": "a"}, True)]


def test_same_value_after_skip_is_a_new_version(scenario: Scenario, assignment_id: int) -> None:
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    skip(scenario)
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    assert len(versions(scenario)) == 3
    assert scenario.rows(Assignment)[0].state == "answered"
    check_counts(scenario)


def test_partial_answer_is_stored_and_task_stays_open(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [{"id": "1", "prompt": "Topic", "text": "Joke."}])
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, assignment_id, humor="4")
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.value, assignment.complete) == (
        "delivered",
        {"humor": 4},
        False,
    )
    assert assignment.answered_at is None
    scenario.submit_answer(ADA, assignment_id, relevance="5")
    scenario.submit_answer(ADA, assignment_id, clarity="3")
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.complete) == ("answered", True)
    assert assignment.answered_at == scenario.now
    assert [complete for _, _, complete in versions(scenario)] == [False, False, True]


@pytest.mark.parametrize("wrong", ["c", "", "a3", "no"])
def test_invalid_answer_is_not_stored(scenario: Scenario, assignment_id: int, wrong: str) -> None:
    with pytest.raises(InvalidAnswerError):
        scenario.submit_answer(ADA, assignment_id, verdict=wrong)
    assert versions(scenario) == []
    assert scenario.count("outbox") == 0


def test_version_stores_its_circumstances(scenario: Scenario, assignment_id: int) -> None:
    interaction = scenario.interaction(ADA)
    shown = {"a": {"characters": 9, "shown": 9}}

    def show(session: Session) -> None:
        session.get_one(Assignment, assignment_id).shown = shown

    scenario.database.write_now(show)
    scenario.database.write_now(answer_b, assignment_id, interaction)
    scenario.database.write_now(
        submit.mark_full_text_read, assignment_id, scenario.interaction(ADA)
    )
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    first, second = scenario.rows(Annotation)
    assert (first.shown, first.read_in_full, first.interaction_id) == (shown, False, interaction.id)
    assert first.created_at == scenario.now
    assert first.guidelines_version == 1
    assert second.read_in_full


def test_first_reading_of_the_full_text_is_recorded(scenario: Scenario, assignment_id: int) -> None:
    first_read_at = scenario.now
    scenario.database.write_now(
        submit.mark_full_text_read, assignment_id, scenario.interaction(ADA)
    )
    scenario.advance_clock(hours=1)
    scenario.database.write_now(
        submit.mark_full_text_read, assignment_id, scenario.interaction(ADA)
    )
    assert scenario.rows(Assignment)[0].read_in_full_at == first_read_at


def test_skip_reason_is_stored_and_audited(scenario: Scenario, assignment_id: int) -> None:
    scenario.database.write_now(
        submit.skip_task, assignment_id, "conflict", scenario.interaction(ADA)
    )
    assert scenario.rows(Assignment)[0].skip_reason == "conflict"
    assert scenario.audit_log()[-1] == ("skipped a task", f"assignment {assignment_id}")


@pytest.mark.parametrize("reason", ["", "bored", "UNCLEAR", "unclear "])
def test_unknown_skip_reason_is_refused(
    scenario: Scenario, assignment_id: int, reason: str
) -> None:
    with pytest.raises(UnknownSkipReasonError):
        scenario.database.write_now(
            submit.skip_task, assignment_id, reason, scenario.interaction(ADA)
        )
    assert scenario.rows(Assignment)[0].state == "delivered"


def test_every_skip_reason_has_a_unique_label() -> None:
    assert list(SKIP_LABELS) == list(SkipReason)
    assert len(set(SKIP_LABELS.values())) == len(SkipReason)


def test_skipped_task_goes_to_another_expert(scenario: Scenario, assignment_id: int) -> None:
    skip(scenario)
    assert scenario.assign_next(ADA) is None
    other = scenario.assign_next(BOB)
    assert other not in (None, assignment_id)


def test_any_action_ends_absence(scenario: Scenario, assignment_id: int) -> None:
    expire(scenario)
    assert scenario.rows(Expert)[0].away_since is not None
    scenario.database.write_now(
        submit.mark_full_text_read, assignment_id, scenario.interaction(ADA)
    )
    assert scenario.rows(Expert)[0].away_since is None


def test_task_request_ends_absence(scenario: Scenario, assignment_id: int) -> None:
    expire_and_reassign(scenario)
    assert assignment_id == 1
    scenario.database.write_now(
        assign.request_next_task, NewTaskMessage(), recipient=ADA, now=scenario.now
    )
    assert scenario.rows(Expert)[0].away_since is None
    scenario.import_rows("tone", [pair(2)])


def test_undo_restarts_lease_and_reminders(scenario: Scenario, assignment_id: int) -> None:
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.advance_clock(days=1.5)
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    assignment = scenario.rows(Assignment)[0]
    two_days_later = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)  # undone on Tuesday at 09:00
    assert assignment.leased_until == two_days_later
    assert assignment.delivered_at == scenario.now
    assert scenario.database.write_now(scheduled.send_due_reminders, scenario.now) == ContactResult(
        0
    )
    assert scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now) == 0


def queued_messages(scenario: Scenario) -> list[tuple[str, dict[str, object], str | None]]:
    """Return type, payload and response URL of all outbox messages."""
    return [
        (row.message_type, row.payload, row.response_url) for row in scenario.rows(OutboxMessage)
    ]


@pytest.mark.parametrize("action", [answer_b, skip_as_broken, submit.undo])
def test_action_queues_next_message_in_its_transaction(
    scenario: Scenario, assignment_id: int, action: Action
) -> None:
    interaction = replace(
        scenario.interaction(ADA), response_url="https://x", channel="D1", message_ts="1.2"
    )
    scenario.database.write_now(action, assignment_id, interaction)
    payload = {"assignment_id": assignment_id, "channel": "D1", "message_ts": "1.2"}
    assert queued_messages(scenario) == [("task_page", payload, "https://x")]
    assert scenario.rows(OutboxMessage)[0].recipient == ADA


def test_repeated_answer_queues_one_message(scenario: Scenario, assignment_id: int) -> None:
    first, second_tap = scenario.interaction(ADA), scenario.interaction(ADA)
    for interaction in (first, first, second_tap):
        scenario.database.write_now(answer_b, assignment_id, interaction)
    assert len(queued_messages(scenario)) == 1

    def deliver_all(session: Session) -> None:
        for row in session.exec(select(OutboxMessage)):
            row.state = OutboxState.SENT

    scenario.database.write_now(deliver_all)
    scenario.database.write_now(answer_b, assignment_id, first)
    assert len(queued_messages(scenario)) == 1, "Slack delivered the first tap again"
    scenario.database.write_now(answer_b, assignment_id, scenario.interaction(ADA))
    assert len(queued_messages(scenario)) == 2, "Slack still shows the buttons"


def test_answer_in_thread_queues_new_task_message(scenario: Scenario, assignment_id: int) -> None:
    def mark_has_thread(session: Session) -> None:
        session.get_one(Assignment, assignment_id).has_thread = True

    scenario.database.write_now(mark_has_thread)
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    message_types = [message_type for message_type, _, _ in queued_messages(scenario)]
    assert message_types == ["task_page", "new_task"]
