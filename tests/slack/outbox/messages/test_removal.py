"""Removing the bot's own messages and files from Slack: only what is done, and only once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.messages.removal import MessageRemoval
from bot.sandbox import SimulatedUser
from bot.services.answers import submit
from bot.services.outbox import message_removal
from bot.services.outbox.contact_log import contact_log_of
from storage.database import Database
from storage.row_id import id_of
from storage.tables import AssignmentState, Campaign, MediaFile, OutboxState, ThreadReply
from tests.slack.outbox.messages.test_media import IMAGE, MEDIA, import_tasks, show_task
from tests.slack.slack_fixture import SlackFixture, open_slack

DAYS = 7


@pytest.fixture
async def slack(database: Database, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return a workspace, once with each database: which messages are due is a question to it."""
    async with open_slack(database, tmp_path) as opened:
        yield opened


def set_days(session: Session, days: int) -> None:
    """Let the campaign remove messages."""
    campaign = session.exec(select(Campaign)).one()
    campaign.removal_days = days
    session.add(campaign)


async def answer_task(slack: SlackFixture, person: SimulatedUser) -> None:
    """Let somebody answer the task that they see."""
    rows = await slack.assignments()
    shown = (person.dm, AssignmentState.DELIVERED)
    row = next(row for row in rows if (row.channel, row.state) == shown)
    place = {"channel": row.channel, "message_ts": row.message_ts}
    tap = slack.interaction(person, f"tap-{row.id}", **place)
    await slack.sender.db.write(submit.submit_answer, id_of(row), {"verdict": "a"}, tap)
    await slack.deliver_with_retries()


async def answer_all(slack: SlackFixture, *people: SimulatedUser, **columns: str) -> None:
    """Create a campaign of two items that removes messages, and let everybody answer them."""
    import_tasks(slack, *people, **columns)
    await slack.database.write(set_days, DAYS)
    for person in people:
        await show_task(slack, person)
        await answer_task(slack, person)
        await answer_task(slack, person)


async def remove_due(slack: SlackFixture) -> int:
    """Queue what is due, as the scheduled job does, and deliver it; return how much was queued."""
    queued = await slack.database.write(message_removal.queue_due_removals, slack.now)
    await slack.deliver_with_retries()
    return queued


async def test_messages_replies_and_files_are_removed_and_what_people_wrote_stays(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    await answer_all(slack, ada, **MEDIA)
    ada.send_message("My note.", thread=ada.messages[0])
    log = await slack.database.read(contact_log_of, ada.id, 50)
    assert len(slack.scenario.rows(ThreadReply)) == 6
    slack.advance_clock(days=DAYS, hours=-1)
    assert await remove_due(slack) == 0
    slack.advance_clock(hours=2)
    assert await slack.database.read(message_removal.has_due_messages, slack.now)
    assert await remove_due(slack) == 2 + 6
    assert [message.plain_text for message in ada.messages] == ["My note."]
    assert len(slack.api_calls("chat.delete")) == 8
    assert len(slack.api_calls("files.delete")) == 3
    assert {row.slack_file_id for row in slack.scenario.rows(MediaFile)} == {None}
    assert slack.scenario.rows(ThreadReply) == []
    assert await slack.database.read(contact_log_of, ada.id, 50) == log
    assert await remove_due(slack) == 0


async def test_message_that_shows_an_open_task_stays(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada)
    await slack.database.write(set_days, DAYS)
    await show_task(slack, ada)
    await answer_task(slack, ada)
    slack.advance_clock(days=2 * DAYS)
    assert await remove_due(slack) == 0
    await answer_task(slack, ada)
    assert await remove_due(slack) == 0
    slack.advance_clock(days=2 * DAYS)
    await slack.database.write(set_days, 0)
    assert await remove_due(slack) == 0
    await slack.database.write(set_days, DAYS)
    assert await remove_due(slack) == 1
    assert ada.messages == []


async def test_message_that_shows_a_task_again_before_its_removal_stays(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    await answer_all(slack, ada)
    slack.advance_clock(days=2 * DAYS)
    await slack.database.write(message_removal.queue_due_removals, slack.now)
    (row, *_others) = await slack.assignments()
    place = {"channel": row.channel, "message_ts": row.message_ts}
    change = slack.interaction(ada, "change", **place)
    await slack.database.write(submit.submit_answer, id_of(row), {"verdict": "b"}, change)
    await slack.deliver_with_retries()
    assert len(ada.messages) == 1
    assert slack.api_calls("chat.delete") == []


async def test_file_that_a_task_of_somebody_else_shows_stays(slack: SlackFixture) -> None:
    ada, ben = slack.add_expert(), slack.add_expert("ben")
    import_tasks(slack, ada, ben, **IMAGE)
    await slack.database.write(set_days, DAYS)
    for person in (ada, ben):
        await show_task(slack, person)
        await answer_task(slack, person)
    await answer_task(slack, ada)
    slack.advance_clock(days=2 * DAYS)
    assert await remove_due(slack) == 1
    assert ada.messages == []
    assert slack.api_calls("files.delete") == []
    await answer_task(slack, ben)
    slack.advance_clock(days=2 * DAYS)
    assert await remove_due(slack) == 1
    assert len(slack.api_calls("files.delete")) == 1


@pytest.mark.parametrize("code", ["message_not_found", "cant_delete_message", "no_permission"])
async def test_what_slack_refuses_to_delete_is_not_tried_again(
    slack: SlackFixture, code: str
) -> None:
    ada = slack.add_expert()
    await answer_all(slack, ada)
    slack.advance_clock(days=2 * DAYS)
    slack.sandbox.faults.error("chat.delete", code)
    assert await remove_due(slack) == 1
    slack.sandbox.faults.clear()
    assert await remove_due(slack) == 0
    (removal,) = [
        row for row in await slack.outbox() if row.message_type == MessageRemoval.message_type
    ]
    assert removal.state == OutboxState.SENT


async def test_removal_is_repeated_after_an_outage(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await answer_all(slack, ada)
    slack.advance_clock(days=2 * DAYS)
    slack.sandbox.faults.error("chat.delete", "internal_error", times=2)
    assert await remove_due(slack) == 1
    assert ada.messages == []
