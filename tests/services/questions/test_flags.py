"""Flags: coordinators are notified, the expert is told the outcome, a task can be put on hold."""

from __future__ import annotations

import pytest

from bot.services.questions import flags as flag_service
from bot.services.questions.flags import AlreadyResolvedError, UnknownFlagError
from bot.services.questions.questions import EmptyTextError
from storage.queries import on_hold_tasks, questions_and_flags
from storage.tables import Flag, OutboxMessage
from tests.services.conftest import Scenario, pair

ADA, BOB, CORA = "U0ADA", "U0BOB", "U0CORA"


@pytest.fixture
def assignment_id(scenario: Scenario) -> int:
    """Return the id of Ada's assignment; Bob can get the same item."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=2)
    scenario.import_rows("tone", [pair(1)])
    return scenario.assign_next(ADA) or 0


def flag(scenario: Scenario, assignment_id: int, reason: str = "Both are empty.") -> None:
    """Flag an item as Ada."""
    scenario.database.write_now(
        flag_service.flag_item, assignment_id, reason, scenario.interaction(ADA), [CORA]
    )


def test_flag_is_reported_once_and_task_stays_open(scenario: Scenario, assignment_id: int) -> None:
    flag(scenario, assignment_id)
    flag(scenario, assignment_id)
    assert [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)] == [
        ("text", ADA),
        ("flag", CORA),
    ]
    assert len(scenario.rows(Flag)) == 1
    flag_view = scenario.database.read_now(questions_and_flags.flag_by_id, 1)
    assert flag_view is not None
    assert (flag_view.text, flag_view.item_key, flag_view.campaign_name) == (
        "Both are empty.",
        "pair-1",
        "tone",
    )
    scenario.submit_answer(ADA, assignment_id, verdict="a")


def test_resolution_is_sent_to_expert(scenario: Scenario, assignment_id: int) -> None:
    flag(scenario, assignment_id)
    scenario.database.write_now(flag_service.resolve_flag, 1, "Fixed.", scenario.actor)
    resolved = scenario.database.read_now(questions_and_flags.flag_by_id, 1)
    assert resolved is not None
    assert resolved.outcome == "Fixed."
    message = scenario.rows(OutboxMessage)[-1]
    assert (message.recipient, message.payload["text"]) == (
        ADA,
        "You flagged: Both are empty.\nA coordinator resolved this: Fixed.",
    )
    with pytest.raises(AlreadyResolvedError, match="resolved by you: “Fixed"):
        scenario.database.write_now(flag_service.resolve_flag, 1, "Again.", scenario.actor)


def test_flagged_task_can_be_put_on_hold(scenario: Scenario, assignment_id: int) -> None:
    flag(scenario, assignment_id)
    assert scenario.database.write_now(flag_service.put_on_hold, 1, scenario.actor)
    assert not scenario.database.write_now(flag_service.put_on_hold, 1, scenario.actor)
    assert scenario.assign_next(BOB) is None
    (on_hold_task,) = scenario.database.read_now(on_hold_tasks.on_hold_tasks, 1)
    assert (on_hold_task.item_key, on_hold_task.reason) == ("pair-1", "flagged: Both are empty.")
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    assert scenario.database.write_now(on_hold_tasks.return_to_queue, on_hold_task.task_id)
    assert scenario.assign_next(BOB) is not None


def test_empty_reason_and_unknown_flag_are_rejected(scenario: Scenario, assignment_id: int) -> None:
    with pytest.raises(EmptyTextError):
        flag(scenario, assignment_id, "  ")
    with pytest.raises(UnknownFlagError):
        scenario.database.write_now(flag_service.resolve_flag, 1, "Fixed.", scenario.actor)
    flag(scenario, assignment_id)
    with pytest.raises(EmptyTextError):
        scenario.database.write_now(flag_service.resolve_flag, 1, " ", scenario.actor)
