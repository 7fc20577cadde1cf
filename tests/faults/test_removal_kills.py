"""The bot is killed while it removes its messages from Slack, and removes the others afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from bot.messages.removal import MessageRemoval
from storage.tables import Campaign, OutboxMessage, OutboxState
from tests.faults.bot_process import BotProcess
from tests.faults.fault_case import FaultCase
from tests.faults.kill_run import START_SECONDS, free_port

DAYS = 7
EXPERTS, REMOVED_BEFORE_KILL = 6, 3

SLOW_SECONDS = 30.0
"""How long Slack takes to delete the other messages before the kill: longer than the test waits."""


def _set_days(session: Session) -> None:
    campaign = session.exec(select(Campaign)).one()
    campaign.removal_days = DAYS
    session.add(campaign)


def _removals(session: Session) -> list[OutboxMessage]:
    kind = MessageRemoval.message_type
    return list(session.exec(select(OutboxMessage).where(OutboxMessage.message_type == kind)))


def _answer_everything(case: FaultCase) -> None:
    """Let each expert answer the only item, and turn the clock until the removal is due."""
    case.create_comparison(case.add_people(*(f"expert{n}" for n in range(EXPERTS))), items=1)
    case.database.write_now(_set_days)
    case.start_bot()
    case.answer_all(lambda: case.answered_count() == EXPERTS)
    case.sandbox.wait_until(lambda: _count_closings(case) == EXPERTS)
    case.stop_bot()
    case.advance_clock(days=DAYS, hours=1)


def _count_closings(case: FaultCase) -> int:
    """Return how many people see that there are no more tasks."""
    texts = [message.plain_text for person in case.people for message in person.messages]
    return sum("No more tasks for now" in text for text in texts)


def _count_messages(case: FaultCase) -> int:
    return sum(len(person.messages) for person in case.people)


@pytest.mark.sample
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_kill_in_a_removal_leaves_no_message_and_loses_no_answer(
    case: FaultCase, *, is_performed: bool
) -> None:
    """Slack has deleted some messages: the bot has recorded it, or is killed before it does."""
    _answer_everything(case)
    answers, left = case.answer_values(), EXPERTS - REMOVED_BEFORE_KILL
    offset, port = case.clock.now() - datetime.now(UTC), free_port()
    if is_performed:  # Slack deletes the messages, and the bot never gets the responses
        case.sandbox.faults.drop("chat.delete", REMOVED_BEFORE_KILL, is_performed=True)
    else:
        case.sandbox.faults.slow("chat.delete", SLOW_SECONDS, left)
    with BotProcess(case.settings(), offset, port) as process:
        assert process.has_started(START_SECONDS)
        case.sandbox.wait_until(lambda: _count_messages(case) <= left, within=START_SECONDS)
    case.sandbox.faults.clear()
    waiting = [row for row in case.database.read_now(_removals) if row.state != OutboxState.SENT]
    assert waiting, "the bot was killed before it had recorded every removal"
    with BotProcess(case.settings(), offset, port) as process:
        assert process.has_started(START_SECONDS)

        def is_finished() -> bool:
            states = {row.state for row in case.database.read_now(_removals)}
            return not _count_messages(case) and states == {OutboxState.SENT}

        case.sandbox.wait_until(is_finished, within=60)
        process.stop()
    assert case.answer_values() == answers
    assert len(case.database.read_now(_removals)) == EXPERTS
