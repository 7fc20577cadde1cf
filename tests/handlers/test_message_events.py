"""What people write in the DM is kept in their own lane; what is no message of theirs is not."""

from __future__ import annotations

from typing import Any

import pytest

from storage.tables import OutboxMessage
from tests.handlers.bolt_app import BoltApp, event_payload

TYPED = {
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


async def heard(bolt: BoltApp, event: dict[str, Any]) -> list[OutboxMessage]:
    """Return what is kept of an event."""
    assert (await bolt.send(event_payload(event))).status == 200
    return await bolt.slack.outbox()


async def test_a_message_is_kept_in_its_lane(bolt: BoltApp) -> None:
    (row,) = await heard(bolt, TYPED)
    assert (row.message_type, row.recipient) == ("incoming_message", "U1")
    assert row.payload == {
        "channel": "D1",
        "user": "U1",
        "ts": "1700000001.000001",
        "thread_ts": "1700000000.000100",
        "text": "So.",
        "changed_key": "",
    }


async def test_blocks_and_files_are_kept_too(bolt: BoltApp) -> None:
    files = [{"id": "F1", "name": "a.txt", "url_private": "https://files.slack.com/a"}]
    blocks = [{"type": "rich_text", "elements": []}]
    event = {**TYPED, "subtype": "file_share", "files": files, "blocks": blocks}
    (row,) = await heard(bolt, event)
    assert (row.payload["files"], row.payload["blocks"]) == (files, blocks)


async def test_an_edit_is_kept_as_what_the_message_says_now(bolt: BoltApp) -> None:
    now = {key: TYPED[key] for key in ("type", "user", "ts", "thread_ts")} | {"text": "So!"}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "D1",
        "hidden": True,
        "message": now,
        "previous_message": {**now, "text": "So."},
    }
    (row,) = await heard(bolt, event)
    assert (row.payload["text"], row.payload["channel"]) == ("So!", "D1")
    assert row.payload["changed_key"] == "message"


async def test_a_deletion_is_kept_with_what_the_message_said(bolt: BoltApp) -> None:
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "D1",
        "deleted_ts": TYPED["ts"],
        "previous_message": {key: value for key, value in TYPED.items() if key != "channel"},
    }
    (row,) = await heard(bolt, event)
    assert (row.recipient, row.payload["ts"], row.payload["channel"]) == ("U1", TYPED["ts"], "D1")
    assert row.payload["changed_key"] == "previous_message"


NOT_THEIRS: dict[str, dict[str, Any]] = {
    "our own": {**TYPED, "bot_id": "B0BOT"},
    "another app's": {**TYPED, "bot_id": "B9", "subtype": "bot_message"},
    "nobody's": {key: value for key, value in TYPED.items() if key != "user"},
    "a join": {**TYPED, "subtype": "channel_join"},
    "a deletion of ours": {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "D1",
        "deleted_ts": "1.2",
        "previous_message": {**TYPED, "bot_id": "B0BOT"},
    },
    "a deletion of something unknown": {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "D1",
        "deleted_ts": "1.2",
    },
    "an edit of ours": {
        "type": "message",
        "subtype": "message_changed",
        "channel": "D1",
        "message": {**TYPED, "bot_id": "B0BOT"},
    },
}


@pytest.mark.parametrize("event", NOT_THEIRS.values(), ids=NOT_THEIRS.keys())
async def test_what_is_no_message_of_a_person_is_not_kept(
    bolt: BoltApp, event: dict[str, Any]
) -> None:
    assert await heard(bolt, event) == []
