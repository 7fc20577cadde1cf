"""Submitting, undoing, skipping and reading: each action in each state, and its effects."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.kinds.base import InvalidAnswerError
from bot.messages.tasks import NewTaskMessage
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.answers.skip import SKIP_LABELS, SkipReason
from bot.services.answers.submit import (
    AnswerAfterCloseError,
    NotAssigneeError,
    TaskFullError,
    UnknownSkipReasonError,
    UnknownTaskError,
)
from bot.services.assignments import assign, selection
from bot.services.availability.reachability import ContactResult
from bot.services.campaigns import campaigns
from bot.services.reminders import scheduled
from bot.services.tasks import scheduled_delivery
from storage.database import Database
from storage.queries.assignments import HeldTask
from storage.tables import Annotation, Assignment, Expert, OutboxMessage, OutboxState, Task
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


@pytest.fixture
def assignment_id(scenario: Scenario) -> int:
    """Return Ada's delivered assignment; the campaign has an overlap of 1, and Bob is a member."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    assignment = scenario.assign_next(ADA)
    assert assignment is not None
    return assignment


def assign_next(session: Session, expert: int, now: datetime) -> HeldTask | None:
    """Assign an expert the next task without delivering it."""
    return assign.next_assignment(
        session, selection.build_search(session, expert, locked=True), now
    )


def requeue(scenario: Scenario) -> None:
    """Reassign the expired task to Ada without delivering it."""
    expire(scenario)
    ada = scenario.rows(Expert)[0]
    scenario.database.write_now(assign_next, ada.id, scenario.now)


def keep_delivered(_scenario: Scenario) -> None:
    """Leave the task delivered."""


def answer_a(scenario: Scenario) -> None:
    """Answer as Ada that A is better."""
    scenario.submit_answer(ADA, 1, verdict="a")


def skip(scenario: Scenario) -> None:
    """Skip as Ada."""
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))


def expire(scenario: Scenario) -> None:
    """Expire the lease."""
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)


def expire_and_reassign(scenario: Scenario) -> None:
    """Expire the lease, and assign the task to Bob."""
    expire(scenario)
    assert scenario.assign_next(BOB) is not None


def skip_and_reassign(scenario: Scenario) -> None:
    """Skip as Ada, and assign the task to Bob."""
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))
    assert scenario.assign_next(BOB) is not None


def close(scenario: Scenario) -> None:
    """Close the campaign while the task is open."""
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)


def answer_and_close(scenario: Scenario) -> None:
    """Close the campaign after the task was answered."""
    answer_a(scenario)
    close(scenario)


def pause(scenario: Scenario) -> None:
    """Pause the campaign."""
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)


Action = Callable[[Session, int, Interaction], object]


def answer_b(session: Session, assignment: int, interaction: Interaction) -> object:
    """Submit the answer that B is better."""
    return submit.submit_answer(session, assignment, {"verdict": "b"}, interaction)


def skip_as_broken(session: Session, assignment: int, interaction: Interaction) -> None:
    """Skip the task as broken."""
    submit.skip_task(session, assignment, "broken", interaction)


ALLOWED_ACTIONS = [
    # set_up, action, then state, value and slots taken afterwards
    (requeue, answer_b, "answered", {"verdict": "b"}, 1),
    (requeue, submit.undo, "queued", None, 1),
    (requeue, skip_as_broken, "skipped", None, 0),
    (requeue, submit.mark_full_text_read, "queued", None, 1),
    (keep_delivered, answer_b, "answered", {"verdict": "b"}, 1),
    (keep_delivered, submit.undo, "delivered", None, 1),
    (keep_delivered, skip_as_broken, "skipped", None, 0),
    (keep_delivered, submit.mark_full_text_read, "delivered", None, 1),
    (answer_a, answer_b, "answered", {"verdict": "b"}, 1),
    (answer_a, submit.undo, "delivered", None, 1),
    (answer_a, skip_as_broken, "answered", {"verdict": "a"}, 1),
    (answer_a, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
    (skip, answer_b, "answered", {"verdict": "b"}, 1),
    (skip, submit.undo, "delivered", None, 1),
    (skip, skip_as_broken, "skipped", None, 0),
    (skip, submit.mark_full_text_read, "skipped", None, 0),
    (expire, answer_b, "answered", {"verdict": "b"}, 1),
    (expire, submit.undo, "delivered", None, 1),
    (expire, skip_as_broken, "expired", None, 0),
    (expire, submit.mark_full_text_read, "expired", None, 0),
    (expire_and_reassign, skip_as_broken, "expired", None, 1),
    (expire_and_reassign, submit.mark_full_text_read, "expired", None, 1),
    (skip_and_reassign, skip_as_broken, "skipped", None, 1),
    (pause, answer_b, "answered", {"verdict": "b"}, 1),
    (pause, submit.undo, "delivered", None, 1),
    (pause, skip_as_broken, "skipped", None, 0),
    (close, submit.mark_full_text_read, "released", None, 0),
    (answer_and_close, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
]


def function_name(parameter: object) -> str | None:
    """Return the name of a function, for a test id."""
    return getattr(parameter, "__name__", None)


@pytest.mark.parametrize(
    ("set_up", "action", "state", "value", "slots_taken"), ALLOWED_ACTIONS, ids=function_name
)
def test_action_in_each_state(  # noqa: PLR0913, PLR0917 - the columns of the table
    scenario: Scenario,
    assignment_id: int,
    set_up: Callable[[Scenario], None],
    action: Action,
    state: str,
    value: dict[str, object] | None,
    slots_taken: int,
) -> None:
    set_up(scenario)
    scenario.database.write_now(action, assignment_id, scenario.interaction(ADA))
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.value) == (state, value)
    assert scenario.rows(Task)[0].slots_taken == slots_taken
    check_counts(scenario)


REFUSED_ACTIONS = [
    (expire_and_reassign, answer_b, ADA, TaskFullError),
    (expire_and_reassign, submit.undo, ADA, TaskFullError),
    (skip_and_reassign, answer_b, ADA, TaskFullError),
    (skip_and_reassign, submit.undo, ADA, TaskFullError),
    *(
        (state, action, ADA, AnswerAfterCloseError)
        for state in (close, answer_and_close)
        for action in (answer_b, skip_as_broken, submit.undo)
    ),
    *(
        (state, action, person, NotAssigneeError)
        for state in (keep_delivered, answer_a, skip, expire)
        for action in (answer_b, skip_as_broken, submit.undo, submit.mark_full_text_read)
        for person in (BOB, "U0NOBODY")
    ),
]


@pytest.mark.parametrize(
    ("set_up", "action", "person", "error"), REFUSED_ACTIONS, ids=function_name
)
def test_refused_action_changes_nothing(  # noqa: PLR0913, PLR0917 - the columns of the table
    scenario: Scenario,
    assignment_id: int,
    set_up: Callable[[Scenario], None],
    action: Action,
    person: str,
    error: type[BotError],
) -> None:
    set_up(scenario)
    tables = ("annotation", "outbox", "audit_event")
    counts = [scenario.count(table) for table in tables]
    assignment = scenario.rows(Assignment)[0]
    with pytest.raises(error):
        scenario.database.write_now(action, assignment_id, scenario.interaction(person))
    assert [scenario.count(table) for table in tables] == counts
    assert scenario.rows(Assignment)[0] == assignment
    check_counts(scenario)


@pytest.mark.parametrize(
    "action", [answer_b, skip_as_broken, submit.undo, submit.mark_full_text_read]
)
@pytest.mark.parametrize("number", [0, 404, 2**31 - 1])
def test_unknown_task_is_refused(
    scenario: Scenario, assignment_id: int, action: Action, number: int
) -> None:
    assert number != assignment_id
    with pytest.raises(UnknownTaskError):
        scenario.database.write_now(action, number, scenario.interaction(ADA))


def versions(scenario: Scenario) -> list[tuple[int, object, bool]]:
    """Return every version of Ada's annotation."""
    return [(row.version, row.value, row.complete) for row in scenario.rows(Annotation)]


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
