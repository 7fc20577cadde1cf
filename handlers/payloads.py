"""Slack's payloads, parsed. No other module knows their structure."""

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
from bot.slack.blockkit.entries import StateValues
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ClearResponse, OptionsResponse, ViewResponse
from bot.slack.parsing import action_ids
from bot.slack.parsing.command_arguments import CommandArguments, parse_arguments
from bot.slack.parsing.modal_metadata import UnreadableDialogError
from handlers.payload_shapes import (
    BlockActionsShape,
    BlockSuggestionShape,
    CommandShape,
    ViewSubmissionShape,
    check_shape,
)
from storage.tables import Role

Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActionPayload:
    """A button click or menu choice: the action, the interaction, and the view it came from.

    `trigger_id` opens a modal, within three seconds. `view` is None for a message.
    """

    action: action_ids.Action
    interaction: Interaction
    trigger_id: str
    view: Body | None
    is_ephemeral: bool = False

    @property
    def modal(self) -> dict[str, Any]:
        """Return the open modal that the button is in.

        Raises:
            UnreadableDialogError: it is not in a modal.
        """
        view = self.view or {}
        if not view.get("id"):
            raise UnreadableDialogError
        values = (view.get("state") or {}).get("values") or {}
        metadata = view.get("private_metadata") or ""
        return {**view, "private_metadata": metadata, "state": {"values": values}}

    @property
    def actor(self) -> Actor:
        """Return the person who clicked, as the actor of the action."""
        return _actor_of(self.interaction)


@dataclass(frozen=True, slots=True)
class SubmissionPayload:
    """A submitted modal: its state values, its private metadata, and the interaction.

    `view_hash` identifies the version of the modal.
    """

    values: StateValues
    metadata: str
    interaction: Interaction
    view_hash: str = ""

    @property
    def actor(self) -> Actor:
        """Return the person who submitted the modal, as the actor of the action."""
        return _actor_of(self.interaction)


def _actor_of(interaction: Interaction) -> Actor:
    return Actor(interaction.slack_id, SLACK, interaction.at)


@dataclass(frozen=True, slots=True)
class SuggestionPayload:
    """What a person types into a menu of a modal, the menu's name, and the modal's metadata."""

    name: str
    typed: str
    slack_id: str
    metadata: str


@dataclass(frozen=True, slots=True)
class CommandPayload:
    """A `/label` command, and who typed it in which channel.

    `tokens` starts with the subcommand; `argument_text` is all text after it. `subcommands` are all
    known subcommands. `trigger_id` opens a modal, within three seconds.
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
        """Return the parsed arguments of the subcommand."""
        return parse_arguments(self.argument_text)

    @property
    def actor(self) -> Actor:
        """Return the person who typed the command, as the actor of the action."""
        return Actor(self.slack_id, SLACK, self.at)


SubmissionResponse: TypeAlias = ViewResponse | ClearResponse | None
"""Slack's `response_action` for a submitted modal; None closes the modal."""

CommandResponse: TypeAlias = str | Message | None
"""An ephemeral reply to a command; None if a modal or nothing is shown instead."""

ActionHandler: TypeAlias = Callable[[AppContext, ActionPayload], Awaitable[None]]
SubmissionHandler: TypeAlias = Callable[
    [AppContext, SubmissionPayload], Awaitable[SubmissionResponse]
]
CommandHandler: TypeAlias = Callable[[AppContext, CommandPayload], Awaitable[CommandResponse]]
SuggestionHandler: TypeAlias = Callable[[AppContext, SuggestionPayload], Awaitable[OptionsResponse]]
EventHandler: TypeAlias = Callable[[AppContext, Body], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A subcommand of `/label`: its handler, the required role (None: everyone), and help texts.

    `summary` is an imperative without a full stop. `usage` lists the arguments, `example` shows
    them in use, and `details` adds sentences. `activity` completes “Only coordinators can …”.
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
    """The role that an action or modal requires; `activity` completes “Only coordinators can …”."""

    role: Role
    activity: str


def parse_action(body: Body, now: datetime) -> ActionPayload:
    """Parse a block_actions payload.

    Raises:
        UnreadableRequestError: the payload has another shape.
        UnknownActionError: the id or value of the action is not one of ours.
    """
    check_shape(BlockActionsShape, body)
    element = body["actions"][0]
    trigger_id = body.get("trigger_id") or ""
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
    """Parse a view_submission payload.

    The interaction id contains a digest of the values: Slack may deliver a submission twice, but
    the same modal submitted with other values is a new interaction.

    Raises:
        UnreadableRequestError: the payload has another shape.
    """
    check_shape(ViewSubmissionShape, body)
    view = body["view"]
    values = (view.get("state") or {}).get("values") or {}
    digest = blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
    interaction = Interaction(body["user"]["id"], f"{view.get('id', '')}:{digest}", now)
    metadata, view_hash = view.get("private_metadata") or "{}", view.get("hash") or ""
    return SubmissionPayload(values, metadata, interaction, view_hash)


def parse_suggestion(body: Body) -> SuggestionPayload:
    """Parse a block_suggestion payload.

    Raises:
        UnreadableRequestError: the payload has another shape.
    """
    check_shape(BlockSuggestionShape, body)
    metadata = (body.get("view") or {}).get("private_metadata") or ""
    typed = " ".join(str(body.get("value") or "").split())
    return SuggestionPayload(body["action_id"], typed, body["user"]["id"], metadata)


def parse_command(
    body: Body, now: datetime, subcommands: Mapping[str, Subcommand]
) -> CommandPayload:
    """Parse a slash command. Without a subcommand it is `help`.

    Raises:
        UnreadableRequestError: the payload has another shape.
    """
    check_shape(CommandShape, body)
    tokens = tuple(str(body.get("text") or "").split()) or ("help",)
    _subcommand, *rest = str(body.get("text") or "").strip().split(maxsplit=1) or [""]
    return CommandPayload(
        tokens=(tokens[0].lower(), *tokens[1:]),
        argument_text=rest[0] if rest else "",
        slack_id=body["user_id"],
        channel=body.get("channel_id") or "",
        at=now,
        trigger_id=body.get("trigger_id") or "",
        response_url=body.get("response_url"),
        subcommands=subcommands,
    )
