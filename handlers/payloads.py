"""What comes in, unpacked: the one place that knows the shape of Slack's payloads."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeAlias

import orjson

from bot.app_context import AppContext
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.actors.interaction import Interaction
from bot.slack.parsing import action_ids
from bot.slack.parsing.command_arguments import CommandArguments, parse_arguments
from bot.slack.views.task_message import Message
from storage.tables import Role

Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActionPayload:
    """A button pressed: what it says, who pressed it on which message, and how to open a modal."""

    action: action_ids.Action
    interaction: Interaction
    trigger_id: str
    view: Body | None
    is_ephemeral: bool = False

    @property
    def actor(self) -> Actor:
        """Return the hand that pressed it."""
        return _actor_of(self.interaction)


@dataclass(frozen=True, slots=True)
class SubmissionPayload:
    """A modal sent: what is in it, and who sent it."""

    values: Mapping[str, Any]
    metadata: str
    interaction: Interaction

    @property
    def actor(self) -> Actor:
        """Return the hand that sent it."""
        return _actor_of(self.interaction)


def _actor_of(interaction: Interaction) -> Actor:
    return Actor(interaction.slack_id, SLACK, interaction.at)


@dataclass(frozen=True, slots=True)
class CommandPayload:
    """`/label` with its words, and who typed it where.

    `words` begin with the word behind `/label`; `text` is all that stands behind that one,
    `spoken` what it means. `known` are all words there are; `trigger_id` lets a modal open.
    """

    tokens: tuple[str, ...]
    argument_text: str
    slack_id: str
    channel: str
    at: datetime
    trigger_id: str
    response_url: str | None
    subcommands: Mapping[str, Subcommand]

    @property
    def arguments(self) -> CommandArguments:
        """Return what stands behind the word, understood."""
        return parse_arguments(self.argument_text)

    @property
    def actor(self) -> Actor:
        """Return the hand that typed it."""
        return Actor(self.slack_id, SLACK, self.at)


SubmissionResponse: TypeAlias = Mapping[str, Any] | None
"""What a modal becomes once it was sent (Slack's `response_action`); None: it closes."""

CommandResponse: TypeAlias = str | Message | None
"""What is answered to a command, seen by whoever typed it alone; None: a modal says it."""

ActionHandler: TypeAlias = Callable[[AppContext, ActionPayload], Awaitable[None]]
SubmissionHandler: TypeAlias = Callable[
    [AppContext, SubmissionPayload], Awaitable[SubmissionResponse]
]
CommandHandler: TypeAlias = Callable[[AppContext, CommandPayload], Awaitable[CommandResponse]]
EventHandler: TypeAlias = Callable[[AppContext, Body], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word behind `/label`: what it does, who may use it (None: anybody), how help tells of it.

    `usage` is what may stand behind it, `example` one way to write that, `more` what else there is
    to know; `deed` completes “Only coordinators can …”.
    """

    handler: CommandHandler
    summary: str
    usage: str = ""
    example: str = ""
    details: str = ""
    role: Role | None = None
    activity: str = ""


@dataclass(frozen=True, slots=True)
class RoleRequirement:
    """Who may press a button or send a modal; `deed` completes “Only coordinators can …”."""

    role: Role
    activity: str


def parse_action(body: Body, now: datetime) -> ActionPayload:
    """Unpack a block_actions payload.

    Raises:
        UnknownButtonError: the button is none of ours.
    """
    element = body["actions"][0]
    trigger_id = body.get("trigger_id", "")
    container, message = body.get("container") or {}, body.get("message") or {}
    interaction = Interaction(
        slack_id=body["user"]["id"],
        id=str(element.get("action_ts") or trigger_id or secrets.token_hex(8)),
        at=now,
        response_url=body.get("response_url"),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        message_ts=container.get("message_ts") or message.get("ts"),
    )
    return ActionPayload(
        action=action_ids.parse_block_action(element),
        interaction=interaction,
        trigger_id=trigger_id,
        view=body.get("view"),
        is_ephemeral=bool(container.get("is_ephemeral")),
    )


def parse_submission(body: Body, now: datetime) -> SubmissionPayload:
    """Unpack a view_submission payload."""
    view = body["view"]
    values = (view.get("state") or {}).get("values") or {}
    # The same modal may be sent twice with different words: both must count, so the words are part
    # of what tells one sending from another.
    digest = blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
    interaction = Interaction(body["user"]["id"], f"{view.get('id', '')}:{digest}", now)
    return SubmissionPayload(values, view.get("private_metadata") or "{}", interaction)


def parse_command(
    body: Body, now: datetime, subcommands: Mapping[str, Subcommand]
) -> CommandPayload:
    """Unpack a slash command."""
    tokens = tuple(str(body.get("text") or "").split()) or ("help",)
    _word, *rest = str(body.get("text") or "").strip().split(maxsplit=1) or [""]
    return CommandPayload(
        tokens=(tokens[0].lower(), *tokens[1:]),
        argument_text=rest[0] if rest else "",
        slack_id=body["user_id"],
        channel=body.get("channel_id", ""),
        at=now,
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url"),
        subcommands=subcommands,
    )
