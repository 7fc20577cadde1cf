"""Flagging: coordinators look, the expert hears of it, and the item can be set aside."""

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
def held(scenario: Scenario) -> int:
    """Return Ada's assignment; Bob would get the same item."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=2)
    scenario.import_rows("tone", [pair(1)])
    return scenario.assign_next(ADA) or 0


def flags(scenario: Scenario, assignment: int, reason: str = "Both are empty.") -> None:
    """Let Ada flag."""
    scenario.database.write_now(
        flag_service.flag_item, assignment, reason, scenario.interaction(ADA), [CORA]
    )


def test_a_flag_is_told_once_and_the_expert_goes_on(scenario: Scenario, held: int) -> None:
    flags(scenario, held)
    flags(scenario, held)
    assert [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)] == [
        ("text", ADA),
        ("flag", CORA),
    ]
    assert len(scenario.rows(Flag)) == 1
    found = scenario.database.read_now(questions_and_flags.flag_by_id, 1)
    assert found is not None
    assert (found.text, found.item_key, found.campaign_name) == (
        "Both are empty.",
        "pair-1",
        "tone",
    )
    scenario.submit_answer(ADA, held, verdict="a")


def test_what_became_of_it_reaches_whoever_raised_it(scenario: Scenario, held: int) -> None:
    flags(scenario, held)
    scenario.database.write_now(flag_service.resolve_flag, 1, "Fixed.", scenario.actor)
    resolved = scenario.database.read_now(questions_and_flags.flag_by_id, 1)
    assert resolved is not None
    assert resolved.outcome == "Fixed."
    told = scenario.rows(OutboxMessage)[-1]
    assert (told.recipient, told.payload["text"]) == (
        ADA,
        "You flagged: Both are empty.\nA coordinator resolved this: Fixed.",
    )
    with pytest.raises(AlreadyResolvedError, match="as “Fixed"):
        scenario.database.write_now(flag_service.resolve_flag, 1, "Again.", scenario.actor)


def test_a_flagged_item_can_be_set_aside(scenario: Scenario, held: int) -> None:
    flags(scenario, held)
    assert scenario.database.write_now(flag_service.put_on_hold, 1, scenario.actor)
    assert not scenario.database.write_now(flag_service.put_on_hold, 1, scenario.actor)
    assert scenario.assign_next(BOB) is None
    (aside,) = scenario.database.read_now(on_hold_tasks.on_hold_tasks, 1)
    assert (aside.item_key, aside.reason) == ("pair-1", "flagged: Both are empty.")
    scenario.submit_answer(ADA, held, verdict="a")
    assert scenario.database.write_now(on_hold_tasks.return_to_queue, aside.task_id)
    assert scenario.assign_next(BOB) is not None


def test_what_cannot_be_flagged_or_resolved(scenario: Scenario, held: int) -> None:
    with pytest.raises(EmptyTextError):
        flags(scenario, held, "  ")
    with pytest.raises(UnknownFlagError):
        scenario.database.write_now(flag_service.resolve_flag, 1, "Fixed.", scenario.actor)
    flags(scenario, held)
    with pytest.raises(EmptyTextError):
        scenario.database.write_now(flag_service.resolve_flag, 1, " ", scenario.actor)
