"""What is stored with an assignment, and which message follows a request for a task."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot.messages.tasks import NewTaskMessage
from bot.services.answers import submit
from bot.services.assignments import assign, selection
from bot.services.campaigns import guidelines
from bot.services.tasks import scheduled_delivery
from storage.tables import Assignment, Expert, Membership, OutboxMessage, Task
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def update_row(scenario: Scenario, table: Any, key: object, **columns: object) -> None:  # noqa: ANN401 - any table
    """Change columns of a row."""

    def update_columns(session: Session) -> None:
        row = session.get_one(table, key)
        for name, value in columns.items():
            setattr(row, name, value)

    scenario.database.write_now(update_columns)


def test_request_by_a_tap_is_answered_in_place_of_the_tapped_message(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB])
    for expert in (1, 2):
        update_row(scenario, Expert, expert, away_since=NOW)
    interaction = replace(
        scenario.interaction(ADA), channel="D1", message_ts="1.2", response_url="https://x"
    )
    scenario.database.write_now(assign.request_next_task_in_place, interaction)
    (row,) = scenario.rows(OutboxMessage)
    assert (row.message_type, row.recipient, row.response_url, row.due_at) == (
        "task_page",
        ADA,
        "https://x",
        scenario.now,
    )
    assert row.payload == {"assignment_id": None, "channel": "D1", "message_ts": "1.2"}
    assert [row.away_since for row in scenario.rows(Expert)] == [None, NOW]


def test_request_by_a_command_keeps_its_response_url(scenario: Scenario) -> None:
    scenario.database.write_now(
        assign.request_next_task,
        NewTaskMessage(is_requested=True),
        recipient=ADA,
        now=scenario.now,
        response_url="https://x",
    )
    assert scenario.rows(OutboxMessage)[0].response_url == "https://x"


def test_first_task_after_a_change_of_the_guidelines_announces_it(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(1, 4)])
    scenario.answer_all(ADA, verdict="a")
    for text in ("Be kind.", "Be brief."):
        scenario.run_for_campaign(
            "tone", guidelines.change_guidelines, text, "New rule", scenario.actor
        )
    scenario.import_rows("tone", [pair(number) for number in range(4, 7)])
    scenario.answer_all(ADA, verdict="a")
    announced = [row.guidelines_changed_since for row in scenario.rows(Assignment)]
    assert announced == [None, None, None, 1, None, None]


def test_reason_for_the_selection_is_stored_beside_the_fit(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(1)])

    def assign_with_reason(session: Session) -> None:
        search = selection.build_search(session, 1, scenario.now, locked=True)
        assign.next_assignment(session, search, scenario.now, {"is_dispatched": True})

    scenario.database.write_now(assign_with_reason)
    (row,) = scenario.rows(Assignment)
    assert row.selection_reason == {"domains": [], "language": None, "is_dispatched": True}
    assert (row.state, row.delivered_at, row.created_at) == ("queued", None, scenario.now)
    assert (row.task_id, row.campaign_id, row.expert_id) == (1, 1, 1)


def test_confirmation_shows_the_candidates_in_the_order_of_the_answer(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB], overlap=1, settings={"levels": 2})
    scenario.import_rows("tone", [pair(number) for number in range(1, 41)])
    scenario.answer_all(ADA, verdict="a")
    while confirmation := scenario.assign_next(BOB):
        scenario.submit_answer(BOB, confirmation, confirm="confirm_1")
    tasks = {row.id: row.confirms_assignment_id for row in scenario.rows(Task)}
    rows = {row.id: row for row in scenario.rows(Assignment)}
    confirmed = [(row, rows[tasks[row.task_id]]) for row in rows.values() if tasks[row.task_id]]
    assert len(confirmed) == 40
    assert all(mine.candidate_order == original.candidate_order for mine, original in confirmed)
    assert len({tuple(mine.candidate_order) for mine, _ in confirmed}) == 2


def expire_all(scenario: Scenario) -> None:
    """Let the leases of all tasks expire."""
    scenario.advance_clock(days=30)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)


def test_expired_task_is_queued_again_with_a_whole_lease_and_its_slot(scenario: Scenario) -> None:
    lease = timedelta(hours=3)
    scenario.create_campaign(experts=[ADA], overlap=1, lease=lease, reminders=())
    scenario.import_rows("tone", [pair(1)])
    scenario.assign_next(ADA)
    expire_all(scenario)
    scenario.now = NOW + timedelta(days=35)
    assert scenario.rows(Task)[0].slots_taken == 0

    def assign_again(session: Session) -> int | None:
        search = selection.build_search(session, 1, scenario.now, locked=True)
        assignment = assign.next_assignment(session, search, scenario.now)
        return assignment.id if assignment else None

    assert scenario.database.write_now(assign_again) == 1
    (row,) = scenario.rows(Assignment)
    assert (row.state, row.leased_until) == ("queued", scenario.now + lease)
    assert scenario.rows(Task)[0].slots_taken == 1


def test_expired_task_that_a_colleague_has_is_not_assigned_again(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    scenario.assign_next(ADA)
    expire_all(scenario)
    assert scenario.assign_next(BOB) is not None
    assert scenario.assign_next(ADA) is None
    assert scenario.rows(Assignment)[0].state == "expired"
    assert scenario.rows(Task)[0].slots_taken == 1


def test_released_slot_of_the_last_task_is_found_at_once(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    first = scenario.assign_next(ADA) or 0
    assert scenario.assign_next(BOB) is None
    interaction = scenario.interaction(ADA)
    scenario.database.write_now(submit.skip_task, first, "conflict", interaction)
    assert scenario.assign_next(BOB) is not None


def test_time_of_a_search_without_a_result_is_stored(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.advance_clock(minutes=5)
    assert scenario.assign_next(ADA) is None
    assert scenario.rows(Membership)[0].last_full_scan_at == scenario.now
    scenario.now -= timedelta(hours=2)  # the clock was set back
    assert scenario.assign_next(ADA) is None
    assert scenario.rows(Membership)[0].last_full_scan_at == scenario.now
