"""Flagging: coordinators look, the expert hears of it, and the item can be set aside."""

from __future__ import annotations

import pytest

from bot.services.questions import flags as flag_service
from bot.services.questions.flags import AlreadyResolvedError, UnknownFlagError
from bot.services.questions.questions import EmptyTextError
from storage.queries import on_hold_tasks, questions_and_flags
from storage.tables import OutboxMessage
from tests.services.conftest import Scenario, pair

ADA, BOB, CORA = "U0ADA", "U0BOB", "U0CORA"


@pytest.fixture
def held(workshop: Scenario) -> int:
    """Return Ada's assignment; Bob would get the same item."""
    workshop.create_campaign(experts=[ADA, BOB], overlap=2)
    workshop.import_rows("tone", [pair(1)])
    return workshop.assign_next(ADA) or 0


def flags(workshop: Scenario, assignment: int, reason: str = "Both are empty.") -> None:
    """Let Ada flag."""
    workshop.database.write_now(
        flag_service.flag_item, assignment, reason, workshop.interaction(ADA), [CORA]
    )


def test_a_flag_is_told_once_and_the_expert_goes_on(workshop: Scenario, held: int) -> None:
    flags(workshop, held)
    flags(workshop, held)
    assert [(row.message_type, row.recipient) for row in workshop.rows(OutboxMessage)] == [
        ("words", ADA),
        ("flagged", CORA),
    ]
    (found,) = workshop.database.read_now(questions_and_flags.open_flags, 1)
    assert (found.text, found.item_key, found.campaign_name) == (
        "Both are empty.",
        "pair-1",
        "tone",
    )
    workshop.submit_answer(ADA, held, verdict="a")


def test_what_became_of_it_reaches_whoever_raised_it(workshop: Scenario, held: int) -> None:
    flags(workshop, held)
    workshop.database.write_now(flag_service.resolve_flag, 1, "Fixed.", workshop.by)
    assert workshop.database.read_now(questions_and_flags.open_flags) == []
    told = workshop.rows(OutboxMessage)[-1]
    assert (told.recipient, told.payload["words"]) == (
        ADA,
        "You flagged: Both are empty.\nA coordinator looked at it: Fixed.",
    )
    with pytest.raises(AlreadyResolvedError, match="as “Fixed"):
        workshop.database.write_now(flag_service.resolve_flag, 1, "Again.", workshop.by)


def test_a_flagged_item_can_be_set_aside(workshop: Scenario, held: int) -> None:
    flags(workshop, held)
    assert workshop.database.write_now(flag_service.put_on_hold, 1, workshop.by)
    assert not workshop.database.write_now(flag_service.put_on_hold, 1, workshop.by)
    assert workshop.assign_next(BOB) is None
    (aside,) = workshop.database.read_now(on_hold_tasks.on_hold_tasks, 1)
    assert (aside.item_key, aside.reason) == ("pair-1", "flagged: Both are empty.")
    workshop.submit_answer(ADA, held, verdict="a")
    assert workshop.database.write_now(on_hold_tasks.return_to_queue, aside.task_id)
    assert workshop.assign_next(BOB) is not None


def test_what_cannot_be_flagged_or_resolved(workshop: Scenario, held: int) -> None:
    with pytest.raises(EmptyTextError):
        flags(workshop, held, "  ")
    with pytest.raises(UnknownFlagError):
        workshop.database.write_now(flag_service.resolve_flag, 1, "Fixed.", workshop.by)
    flags(workshop, held)
    with pytest.raises(EmptyTextError):
        workshop.database.write_now(flag_service.resolve_flag, 1, " ", workshop.by)
