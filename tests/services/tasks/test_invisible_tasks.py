"""Tasks that nobody can see are counted after a minute, and sent again or given to others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.messages.tasks import NewTaskMessage
from bot.sandbox import SimulatedUser
from bot.scheduled_jobs import PERMANENT_ERRORS
from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from bot.services.tasks import invisible_tasks, scheduled_delivery
from bot.services.tasks.invisible_tasks import MAX_FAILED_MESSAGES
from storage.database import Database
from storage.queries import undelivered_messages
from storage.queries.invisible_tasks import count_invisible_tasks
from storage.row_id import id_of
from storage.tables import OutboxState, Task
from tests.conftest import empty_tables
from tests.slack.slack_fixture import SlackFixture, open_slack


@pytest.fixture
async def slack(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return a sandbox workspace with a database and a sender."""
    sqlite_database.write_now(empty_tables)
    async with open_slack(sqlite_database, tmp_path) as opened:
        yield opened


async def count(slack: SlackFixture) -> int:
    """Return how many tasks are invisible now."""
    return await slack.database.read(count_invisible_tasks, slack.now)


async def repair(slack: SlackFixture) -> int:
    """Repair invisible tasks as the scheduled job does."""
    return await slack.database.write(
        invisible_tasks.repair_invisible_tasks, slack.now, PERMANENT_ERRORS
    )


async def fail_next_task(slack: SlackFixture, person: SimulatedUser, code: str) -> None:
    """Let the message with a person's next task fail."""
    slack.sandbox.faults.error("chat.postMessage", code)
    await slack.enqueue(NewTaskMessage(is_requested=True), person.id)
    await slack.deliver_all()
    slack.sandbox.faults.clear()


async def states(slack: SlackFixture) -> list[str]:
    """Return the state of each assignment."""
    return [assignment.state for assignment in await slack.assignments()]


async def test_visible_and_queued_tasks_are_not_counted(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    slack.advance_clock(hours=1)
    assert await count(slack) == 0
    assert await repair(slack) == 0


async def test_task_is_counted_after_a_minute_and_sent_again(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await fail_next_task(slack, ada, "channel_not_found")
    assert await count(slack) == 0
    slack.advance_clock(seconds=61)
    assert await count(slack) == 1
    await slack.database.write(_drop_reason)
    assert await repair(slack) == 1
    assert await count(slack) == 0, "its message is queued"
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[-1].plain_text
    slack.advance_clock(hours=1)
    assert await count(slack) == 0
    assert await states(slack) == ["delivered"]


def _drop_reason(session: Session) -> None:
    """Let the failed message look as if a bug had failed it."""
    for row in undelivered_messages.list_messages(session, [OutboxState.FAILED], 10):
        row.error = "KeyError"
        session.add(row)


async def test_task_of_somebody_who_gets_no_messages_goes_to_others(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.create_campaign(ada, grace, items=1)
    await fail_next_task(slack, ada, "user_disabled")
    slack.advance_clock(seconds=61)
    assert await repair(slack) == 1
    assert await states(slack) == ["released"]
    assert (await slack.expert_row(ada)).away_since is not None
    await slack.show_task(grace)
    assert "Question 1?" in grace.messages[-1].plain_text
    assert await count(slack) == 0


async def test_task_whose_message_slack_refuses_is_put_on_hold(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=2)
    await fail_next_task(slack, ada, "msg_blocks_too_long")
    slack.advance_clock(seconds=61)
    assert await repair(slack) == 1
    await slack.deliver_all()
    assert "Question 2?" in ada.messages[-1].plain_text
    task = await slack.database.read(lambda session: session.get_one(Task, 1))
    assert task.on_hold_reason == "Slack refuses its message: msg_blocks_too_long"
    assert (await slack.expert_row(ada)).away_since is None


async def test_task_goes_to_others_after_several_failed_messages(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=1)
    for _ in range(MAX_FAILED_MESSAGES):
        await fail_next_task(slack, ada, "channel_not_found")
        await slack.database.write(_drop_reason)
    slack.advance_clock(seconds=61)
    await repair(slack)
    assert await states(slack) == ["released"]


async def test_messages_that_an_operator_dropped_make_nobody_away(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=1)
    await fail_next_task(slack, ada, "channel_not_found")
    await slack.database.write(_drop_reason)
    for _ in range(MAX_FAILED_MESSAGES):
        await slack.enqueue(NewTaskMessage(is_requested=True), ada.id)
        await slack.database.write(_drop_waiting, slack.now)
    slack.advance_clock(seconds=61)
    assert await repair(slack) == 1
    assert (await slack.expert_row(ada)).away_since is None
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[-1].plain_text


def _drop_waiting(session: Session, now: datetime) -> None:
    rows = undelivered_messages.list_messages(session, [OutboxState.WAITING], 10)
    undelivered_messages.drop_messages(session, [id_of(row) for row in rows], now)


async def test_dispatched_task_is_not_sent_at_night(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=1)
    profile = Profile("Ada", "Europe/London")
    await slack.database.write(profiles.save_profile, ada.id, profile, slack.now)
    await slack.database.write(profiles.save_dnd, ada.id, {}, slack.now)
    await slack.database.write(scheduled_delivery.dispatch_tasks, slack.now)
    slack.sandbox.faults.error("chat.postMessage", "channel_not_found")
    await slack.deliver_all()
    await slack.database.write(_drop_reason)
    slack.advance_clock(hours=14)
    assert await repair(slack) == 1
    await slack.deliver_all()
    assert ada.messages == []
    assert await states(slack) == ["released"]
