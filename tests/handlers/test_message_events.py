"""Tests of message events: messages of people are queued, all others ignored."""

from __future__ import annotations

from typing import Any

import pytest

from storage.tables import OutboxMessage
from tests.handlers.bolt_app import BoltApp, event_payload

MESSAGE_EVENT = {
    "type": "message",
    "channel": "D1",
    "channel_type": "im",
    "user": "U1",
    "ts": "1700000001.000001",
    "thread_ts": "1700000000.000100",
    "text": "So.",
    "client_msg_id": "x",
    "team": "T1",
}


async def queued_messages(bolt: BoltApp, event: dict[str, Any]) -> list[OutboxMessage]:
    """Send an event and return the outbox."""
    assert (await bolt.send(event_payload(event))).status == 200
    return await bolt.slack.outbox()


async def test_message_is_queued_for_its_author(bolt: BoltApp) -> None:
    (row,) = await queued_messages(bolt, MESSAGE_EVENT)
    assert (row.message_type, row.recipient) == ("incoming_message", "U1")
    assert row.payload == {
        "channel": "D1",
        "user": "U1",
        "ts": "1700000001.000001",
        "thread_ts": "1700000000.000100",
        "text": "So.",
        "changed_key": "",
    }


async def test_blocks_and_files_are_stored(bolt: BoltApp) -> None:
    files = [{"id": "F1", "name": "a.txt", "url_private": "https://files.slack.com/a"}]
    blocks = [{"type": "rich_text", "elements": []}]
    event = {**MESSAGE_EVENT, "subtype": "file_share", "files": files, "blocks": blocks}
    (row,) = await queued_messages(bolt, event)
    assert (row.payload["files"], row.payload["blocks"]) == (files, blocks)


async def test_edit_stores_the_new_text(bolt: BoltApp) -> None:
    message = {key: MESSAGE_EVENT[key] for key in ("type", "user", "ts", "thread_ts")} | {
        "text": "So!"
    }
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "D1",
        "hidden": True,
        "message": message,
        "previous_message": {**message, "text": "So."},
    }
    (row,) = await queued_messages(bolt, event)
    assert (row.payload["text"], row.payload["channel"]) == ("So!", "D1")
    assert row.payload["changed_key"] == "message"


async def test_deletion_stores_the_deleted_message(bolt: BoltApp) -> None:
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "D1",
        "deleted_ts": MESSAGE_EVENT["ts"],
        "previous_message": {
            key: value for key, value in MESSAGE_EVENT.items() if key != "channel"
        },
    }
    (row,) = await queued_messages(bolt, event)
    assert (row.recipient, row.payload["ts"], row.payload["channel"]) == (
        "U1",
        MESSAGE_EVENT["ts"],
        "D1",
    )
    assert row.payload["changed_key"] == "previous_message"


IGNORED: dict[str, dict[str, Any]] = {
    "the bot's own": {**MESSAGE_EVENT, "bot_id": "B0BOT"},
    "another app's": {**MESSAGE_EVENT, "bot_id": "B9", "subtype": "bot_message"},
    "without a user": {key: value for key, value in MESSAGE_EVENT.items() if key != "user"},
    "a join": {**MESSAGE_EVENT, "subtype": "channel_join"},
    "a deletion of the bot's": {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "D1",
        "deleted_ts": "1.2",
        "previous_message": {**MESSAGE_EVENT, "bot_id": "B0BOT"},
    },
    "a deletion without the message": {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "D1",
        "deleted_ts": "1.2",
    },
    "an edit of the bot's": {
        "type": "message",
        "subtype": "message_changed",
        "channel": "D1",
        "message": {**MESSAGE_EVENT, "bot_id": "B0BOT"},
    },
}


@pytest.mark.parametrize("event", IGNORED.values(), ids=IGNORED.keys())
async def test_other_messages_are_ignored(bolt: BoltApp, event: dict[str, Any]) -> None:
    assert await queued_messages(bolt, event) == []
