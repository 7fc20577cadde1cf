"""Reminders and texts."""

from __future__ import annotations

from bot.cadence.reminders import ReminderStage
from bot.messages.reminders import TaskReminderMessage
from bot.messages.texts import TextMessage
from bot.services.answers import submit
from storage.row_id import id_of
from tests.slack.slack_fixture import SlackFixture


async def test_reminder_names_only_open_tasks(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.scenario.sync_profiles()
    await slack.show_task(ada)
    (assignment,) = await slack.assignments()
    await slack.enqueue(TaskReminderMessage((id_of(assignment),), ReminderStage.FIRST), ada.id)
    await slack.deliver_all()
    assert "You have 1 open task" in ada.messages[-1].plain_text
    slack.database.write_now(
        submit.submit_answer,
        id_of(assignment),
        {"verdict": "a"},
        slack.interaction(ada, channel=ada.dm),
    )
    await slack.enqueue(TaskReminderMessage((id_of(assignment),), ReminderStage.FIRST), ada.id)
    await slack.deliver_all()
    assert sum("1 open task" in message.plain_text for message in ada.messages) == 1


async def test_text_is_posted_in_its_thread(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await slack.enqueue(TextMessage("One."), ada.id)
    await slack.deliver_all()
    ts = ada.messages[0].ts
    await slack.enqueue(TextMessage("Two <!channel>.", ada.dm, ts), ada.id)
    await slack.deliver_all()
    assert [(message.plain_text, message.thread_ts) for message in ada.messages] == [
        ("One.", None),
        ("Two <!channel>.", ts),
    ]
