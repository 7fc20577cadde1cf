"""What comes in, unpacked: the one place that knows the shape of Slack's payloads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeAlias

import orjson

from bot.desk import Desk
from bot.services.acting import Click
from bot.slack import ids

Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button pressed: what it says, who pressed it on which message, and how to open a modal."""

    button: ids.Press
    click: Click
    trigger_id: str
    view: Body | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A modal sent: what is in it, and who sent it."""

    values: Mapping[str, Any]
    metadata: str
    click: Click


@dataclass(frozen=True, slots=True)
class Commanded:
    """`/label` with its words, and who typed it."""

    words: tuple[str, ...]
    person: str
    nonce: str
    at: datetime


Press: TypeAlias = Callable[[Desk, Pressed], Awaitable[None]]
Submit: TypeAlias = Callable[[Desk, Submitted], Awaitable[None]]
Command: TypeAlias = Callable[[Desk, Commanded], Awaitable[str]]
Hear: TypeAlias = Callable[[Desk, Body], Awaitable[None]]


def pressed_from(body: Body, now: datetime) -> Pressed:
    """Unpack a block_actions payload.

    Raises:
        UnknownButtonError: the button is none of ours.
    """
    action = body["actions"][0]
    trigger_id = body.get("trigger_id", "")
    container = body.get("container") or {}
    click = Click(
        person=body["user"]["id"],
        nonce=str(action.get("action_ts") or trigger_id),
        at=now,
        response_url=body.get("response_url"),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        message_ts=container.get("message_ts"),
    )
    return Pressed(ids.press_from(action), click, trigger_id, body.get("view"))


def submitted_from(body: Body, now: datetime) -> Submitted:
    """Unpack a view_submission payload."""
    view = body["view"]
    values = (view.get("state") or {}).get("values") or {}
    # The same modal may be sent twice with different words: both must count, so the words are part
    # of what tells one sending from another.
    digest = blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
    click = Click(body["user"]["id"], f"{view.get('id', '')}:{digest}", now)
    return Submitted(values, view.get("private_metadata") or "{}", click)


def commanded_from(body: Body, now: datetime) -> Commanded:
    """Unpack a slash command."""
    words = tuple(str(body.get("text") or "").split())
    return Commanded(words, body["user_id"], body.get("trigger_id", ""), now)
