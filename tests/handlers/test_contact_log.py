"""Tests of the contact log: what Slack got as new is listed, for the person and coordinators."""

from __future__ import annotations

from bot.cadence.reminders import ReminderStage
from bot.messages.reminders import TaskReminderMessage
from bot.messages.texts import TextMessage
from bot.services.outbox.contact_log import contact_log_of
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp, view_button_payload


async def test_only_what_was_new_in_slack_is_listed(bolt: BoltApp) -> None:
    ada, eve = bolt.slack.add_expert("ada"), bolt.slack.add_expert("eve")
    bolt.slack.create_campaign(ada)
    bolt.slack.scenario.sync_profiles()
    await bolt.slack.show_task(ada)
    (task,) = ada.messages
    reminder = TaskReminderMessage((1,), ReminderStage.FIRST)
    await bolt.slack.enqueue(reminder, ada.id)
    await bolt.slack.deliver_all()
    place = {"channel": {"id": ada.dm}, "message": {"ts": task.ts}}
    await bolt.click_button(ada.id, Action("answer", 1, "verdict", "a"), **place)
    await bolt.slack.deliver_all()
    await bolt.slack.enqueue(reminder, ada.id)  # not sent: the task is answered
    await bolt.slack.enqueue(TextMessage("Secret."), ada.id)
    await bolt.slack.deliver_all()
    log = bolt.slack.database.read_now(contact_log_of, ada.id, 10)
    assert [entry.message_type for entry in log.entries] == ["text", "reminder", "new_task"]
    assert log.total == len(ada.messages) == 3
    reply = await bolt.send_command(ada.id, "messages")
    assert "The bot has sent you 3 messages" in reply
    assert await bolt.send_command(COORDINATOR, f"messages <@{ada.id}|ada>") != reply
    assert bolt.slack.database.read_now(contact_log_of, eve.id, 10).entries == ()


async def test_only_coordinators_see_the_messages_to_others(bolt: BoltApp) -> None:
    ada, eve = bolt.slack.add_expert("ada"), bolt.slack.add_expert("eve")
    await bolt.slack.enqueue(TextMessage("Secret."), ada.id)
    await bolt.slack.deliver_all()
    request = f"messages <@{ada.id}|ada>"
    assert "Only coordinators can see the messages to others" in await bolt.send_command(
        eve.id, request
    )
    assert "1 message" in await bolt.send_command(COORDINATOR, request)
    assert "1 message" in await bolt.send_command(ada.id, request)


async def test_pages_are_shown_in_place_to_the_person_and_to_coordinators(bolt: BoltApp) -> None:
    ada, eve = bolt.slack.add_expert("ada"), bolt.slack.add_expert("eve")
    bolt.slack.create_campaign(ada, eve)
    for number in range(3):
        await bolt.slack.enqueue(TextMessage(f"Text {number}."), ada.id)
        await bolt.slack.deliver_all()
    first = bolt.slack.database.read_now(contact_log_of, ada.id, 2)
    ids = [entry.id for entry in first.entries]
    assert (first.has_older, first.total) == (True, 3)
    older = bolt.slack.database.read_now(contact_log_of, ada.id, 2, ids[-1])
    assert (older.has_older, len(older.entries)) == (False, 1)
    assert older.entries[0].id not in ids

    await bolt.send(view_button_payload(ada.id, Action("show_messages"), {"type": "home"}))
    (opened,) = bolt.api_calls("views.open")
    assert "3 messages" in str(opened["view"])
    page = Action("show_messages", 0, ada.id, str(ids[0]))
    await bolt.send(view_button_payload(ada.id, page, {"type": "modal", "callback_id": "notice"}))
    (updated,) = bolt.api_calls("views.update")
    assert str(updated["view"]).count("because") == 2
    assert "Show newest messages" in str(updated["view"])
    await bolt.click_button(COORDINATOR, page)
    assert "has sent somebody 3 messages" in bolt.ephemeral_texts()[-1]
    await bolt.click_button(eve.id, page)
    assert "Only coordinators can see the messages to others" in bolt.ephemeral_texts()[-1]
    for forgotten in ("999", "nonsense", "0"):
        await bolt.click_button(ada.id, Action("show_messages", 0, ada.id, forgotten))
        assert bolt.ephemeral_texts()[-1] == "The bot has sent you no older messages."
