"""What comes in, unpacked: the one place that knows the shape of Slack's payloads."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeAlias

import orjson

from bot.desk import Desk
from bot.services.acting import Click
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.slack import ids
from bot.slack.cards import Drawn
from bot.slack.spoken import Spoken, understand
from storage.tables import Role

Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button pressed: what it says, who pressed it on which message, and how to open a modal."""

    button: ids.Press
    click: Click
    trigger_id: str
    view: Body | None
    is_ephemeral: bool = False

    @property
    def by(self) -> By:
        """Return the hand that pressed it."""
        return _hand(self.click)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A modal sent: what is in it, and who sent it."""

    values: Mapping[str, Any]
    metadata: str
    click: Click

    @property
    def by(self) -> By:
        """Return the hand that sent it."""
        return _hand(self.click)


def _hand(click: Click) -> By:
    return By(click.person, SLACK, click.at)


@dataclass(frozen=True, slots=True)
class Commanded:
    """`/label` with its words, and who typed it where.

    `words` begin with the word behind `/label`; `text` is all that stands behind that one,
    `spoken` what it means. `known` are all words there are; `trigger_id` lets a modal open.
    """

    words: tuple[str, ...]
    text: str
    person: str
    channel: str
    at: datetime
    trigger_id: str
    response_url: str | None
    known: Mapping[str, Word]

    @property
    def spoken(self) -> Spoken:
        """Return what stands behind the word, understood."""
        return understand(self.text)

    @property
    def by(self) -> By:
        """Return the hand that typed it."""
        return By(self.person, SLACK, self.at)


Answer: TypeAlias = Mapping[str, Any] | None
"""What a modal becomes once it was sent (Slack's `response_action`); None: it closes."""

Said: TypeAlias = str | Drawn | None
"""What is answered to a command, seen by whoever typed it alone; None: a modal says it."""

Press: TypeAlias = Callable[[Desk, Pressed], Awaitable[None]]
Submit: TypeAlias = Callable[[Desk, Submitted], Awaitable[Answer]]
Command: TypeAlias = Callable[[Desk, Commanded], Awaitable[Said]]
Hear: TypeAlias = Callable[[Desk, Body], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word behind `/label`: what it does, who may use it (None: anybody), how help tells of it.

    `usage` is what may stand behind it, `example` one way to write that, `more` what else there is
    to know; `deed` completes “Only coordinators can …”.
    """

    does: Command
    says: str
    usage: str = ""
    example: str = ""
    more: str = ""
    role: Role | None = None
    deed: str = ""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Who may press a button or send a modal; `deed` completes “Only coordinators can …”."""

    role: Role
    deed: str


def pressed_from(body: Body, now: datetime) -> Pressed:
    """Unpack a block_actions payload.

    Raises:
        UnknownButtonError: the button is none of ours.
    """
    action = body["actions"][0]
    trigger_id = body.get("trigger_id", "")
    container, message = body.get("container") or {}, body.get("message") or {}
    click = Click(
        person=body["user"]["id"],
        nonce=str(action.get("action_ts") or trigger_id or secrets.token_hex(8)),
        at=now,
        response_url=body.get("response_url"),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        message_ts=container.get("message_ts") or message.get("ts"),
    )
    return Pressed(
        button=ids.press_from(action),
        click=click,
        trigger_id=trigger_id,
        view=body.get("view"),
        is_ephemeral=bool(container.get("is_ephemeral")),
    )


def submitted_from(body: Body, now: datetime) -> Submitted:
    """Unpack a view_submission payload."""
    view = body["view"]
    values = (view.get("state") or {}).get("values") or {}
    # The same modal may be sent twice with different words: both must count, so the words are part
    # of what tells one sending from another.
    digest = blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
    click = Click(body["user"]["id"], f"{view.get('id', '')}:{digest}", now)
    return Submitted(values, view.get("private_metadata") or "{}", click)


def commanded_from(body: Body, now: datetime, known: Mapping[str, Word]) -> Commanded:
    """Unpack a slash command."""
    words = tuple(str(body.get("text") or "").split()) or ("help",)
    _word, *rest = str(body.get("text") or "").strip().split(maxsplit=1) or [""]
    return Commanded(
        words=(words[0].lower(), *words[1:]),
        text=rest[0] if rest else "",
        person=body["user_id"],
        channel=body.get("channel_id", ""),
        at=now,
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url"),
        known=known,
    )
