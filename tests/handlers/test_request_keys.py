"""Tests of repeated deliveries: whatever Slack sends twice takes effect once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot import retention_jobs
from bot.slack.parsing.action_ids import Action
from storage.database import Database
from tests.handlers.bolt_app import (
    COORDINATOR,
    BoltApp,
    button_payload,
    command_payload,
    event_payload,
    open_bolt_app,
    submission_payload,
)

MESSAGE = {
    "type": "message",
    "channel": "D1",
    "channel_type": "im",
    "user": "U1",
    "ts": "1700000001.000001",
    "thread_ts": "1700000000.000100",
    "text": "Yes, it is.",
    "client_msg_id": "a8744611-0210-4f85-9f15-5faf7fb225c8",
}
FILE = {"id": "F1", "name": "a.csv", "url_private": "https://files.slack.com/a"}
DROPPED_FILE = {
    "type": "message",
    "subtype": "file_share",
    "channel": "D1",
    "user": COORDINATOR,
    "ts": "1700000001.000002",
    "text": "",
    "files": [FILE],
}


@pytest.fixture
async def bots(database_url: str, tmp_path: Path) -> AsyncIterator[list[BoltApp]]:
    """Return two bots that share one database, as two processes do."""
    async with AsyncExitStack() as stack:
        opened = []
        for name in ("one", "two"):
            database = Database(database_url)
            stack.callback(database.close)
            folder = tmp_path / name
            folder.mkdir()
            opened.append(await stack.enter_async_context(open_bolt_app(database, folder)))
        yield opened


def payloads_of(bolt: BoltApp) -> dict[str, dict[str, Any]]:
    """Return requests that each queue a message, by a name."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    return {
        "message": event_payload({**MESSAGE, "user": ada.id}),
        "dropped file": event_payload(DROPPED_FILE),
        "command": command_payload(ada.id, "next"),
        "import command": command_payload(COORDINATOR, "import tone https://x.example/a"),
        "submission": submission_payload(COORDINATOR, "import_source", "")
        | {"view": import_view()},
        "button": button_payload(COORDINATOR, Action("chart", 1)),
    }


def import_view() -> dict[str, Any]:
    """Return the submitted dialog that imports a URL."""
    values = {
        "url": {"url": {"type": "url_text_input", "value": "https://x.example/a.csv"}},
        "select_import_campaign": {
            "select_import_campaign": {
                "type": "static_select",
                "selected_option": {"value": "0::1"},
            }
        },
    }
    return {
        "id": "V1",
        "hash": "1.x",
        "type": "modal",
        "callback_id": "import_source",
        "private_metadata": "",
        "state": {"values": values},
    }


NAMES = ("message", "dropped file", "command", "import command", "submission", "button")


@pytest.mark.parametrize("name", NAMES)
async def test_request_delivered_twice_takes_effect_once(bots: list[BoltApp], name: str) -> None:
    body = await asyncio.to_thread(payloads_of, bots[0])
    for bolt in (bots[0], bots[1], bots[0]):  # the second is another process
        assert (await bolt.send(body[name])).status == 200
    assert len(await bots[0].slack.outbox()) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_request_delivered_to_two_processes_at_once_takes_effect_once(
    bots: list[BoltApp], name: str
) -> None:
    body = await asyncio.to_thread(payloads_of, bots[0])
    responses = await asyncio.gather(*(bolt.send(body[name]) for bolt in bots * 3))
    assert {response.status for response in responses} == {200}
    assert len(await bots[0].slack.outbox()) == 1


async def test_other_request_of_the_same_kind_is_not_a_repeat(bolt: BoltApp) -> None:
    for number in range(2):
        message = {**MESSAGE, "ts": f"1700000001.00000{number}", "client_msg_id": str(number)}
        await bolt.send(event_payload(message))
    assert len(await bolt.slack.outbox()) == 2


Change = Callable[[dict[str, Any]], dict[str, Any]]
OTHER_EVENTS: dict[str, Change] = {
    "another event id": lambda event: event,
    "another place": lambda event: {**event, "ts": "1700000009.000009"},
    "no client id": lambda event: {k: v for k, v in event.items() if k != "client_msg_id"},
}


@pytest.mark.parametrize("change", OTHER_EVENTS.values(), ids=OTHER_EVENTS.keys())
async def test_two_events_for_one_message_count_once(bolt: BoltApp, change: Change) -> None:
    await bolt.send(event_payload(MESSAGE))
    await bolt.send(event_payload(change(MESSAGE)))
    assert len(await bolt.slack.outbox()) == 1


async def test_edit_of_a_message_is_not_a_repeat_of_it(bolt: BoltApp) -> None:
    """Slack sends the client id of the message with each of its edits."""
    await bolt.send(event_payload(MESSAGE))
    edits = [
        event_payload(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "D1",
                "message": {**MESSAGE, "text": text},
            }
        )
        for text in ("Yes!", "No.")
    ]
    for edit in (*edits, edits[0]):
        await bolt.send(edit)
    assert [row.payload["text"] for row in await bolt.slack.outbox()] == [
        "Yes, it is.",
        "Yes!",
        "No.",
    ]


async def test_old_profile_event_does_not_come_back(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    events = [
        event_payload({"type": "user_change", "user": {"id": ada.id, "real_name": name, "tz": tz}})
        for name, tz in (("Ada", "Europe/London"), ("Countess", "Asia/Tokyo"))
    ]
    for event in (*events, events[0]):
        assert (await bolt.send(event)).status == 200
    row = await bolt.slack.expert_row(ada)
    assert (row.name, row.tz) == ("Countess", "Asia/Tokyo")


async def test_old_do_not_disturb_event_does_not_come_back(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    now = int(bolt.slack.now.timestamp())
    dnd = {"dnd_enabled": True, "next_dnd_start_ts": now - 60, "next_dnd_end_ts": now + 3600}
    on, off = (
        event_payload({"type": "dnd_updated_user", "user": ada.id, "dnd_status": status})
        for status in (dnd, {"dnd_enabled": False})
    )
    for event in (on, off, on):
        await bolt.send(event)
    assert (await bolt.slack.expert_row(ada)).dnd_until is None


async def test_refused_request_may_be_sent_again(bolt: BoltApp) -> None:
    """Nothing was stored the first time, so the second delivery is not a repeat."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    body = command_payload(ada.id, "import tone https://x.example/a")
    assert "Only coordinators" in (await bolt.send(body)).body
    await bolt.send({**body, "user_id": COORDINATOR})
    assert len(await bolt.slack.outbox()) == 1


async def test_answer_adds_no_row(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await asyncio.to_thread(bolt.slack.scenario.assign_next, ada.id)
    assert assignment_id is not None
    await bolt.click_button(ada.id, Action("answer", assignment_id, "verdict", "a"))
    assert bolt.slack.scenario.count("annotation") == 1
    assert bolt.slack.scenario.count("received_request") == 0


async def test_old_requests_are_forgotten(bolt: BoltApp) -> None:
    await bolt.send(event_payload(MESSAGE))
    bolt.slack.advance_clock(days=1)
    await retention_jobs.forget_requests(bolt.app)
    assert bolt.slack.scenario.count("received_request") == 3
    bolt.slack.advance_clock(days=1, seconds=1)
    await retention_jobs.forget_requests(bolt.app)
    assert bolt.slack.scenario.count("received_request") == 0
