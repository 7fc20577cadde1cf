"""The data of a workspace: users, channels, messages, views and files."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal, NamedTuple

from .json_codec import Json

InputEntries = dict[tuple[str, str], Json]
"""Values that a user entered, as entries of `state.values` by (block_id, action_id)."""


class TimeRange(NamedTuple):
    """A period from `start` until `end`, both timezone-aware."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class User:
    """A user, or the app's bot user.

    `status_expiration` is in seconds since 1970, 0 for a status that does not expire.
    `quiet_hours` are the start and end of daily Do Not Disturb, in the user's time zone.
    """

    id: str
    name: str
    real_name: str
    tz: str
    email: str
    updated: int
    is_admin: bool = False
    is_bot: bool = False
    title: str = ""
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    snooze: TimeRange | None = None
    quiet_hours: tuple[time, time] | None = None


@dataclass(slots=True)
class Post:
    """A stored message.

    `blocks` and `files` are replaced, never changed in place, so that snapshots stay valid.
    `ephemeral_user_id` is the only user who sees an ephemeral message.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    client_msg_id: str | None = None
    username: str | None = None
    icons: Json | None = None
    ephemeral_user_id: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    cached_text: str | None = None  # the visible text, once it was rendered


@dataclass(slots=True)
class Channel:
    """A channel, or a DM between a user and the app or Slackbot."""

    id: str
    name: str
    kind: Literal["im", "public", "private"]
    members: set[str]
    created: int
    user_id: str = ""
    is_archived: bool = False
    is_open: bool = False
    posts: dict[str, Post] = field(default_factory=dict)


@dataclass(slots=True)
class View:
    """A modal or Home tab; `body` is in stored form and is replaced, never changed in place."""

    id: str
    user_id: str
    kind: Literal["modal", "home"]
    body: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    inputs: InputEntries = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks."""
        blocks: list[Json] = self.body["blocks"]
        return blocks


@dataclass(slots=True)
class File:
    """A file; `is_complete` once its upload has finished."""

    id: str
    name: str
    title: str
    user_id: str
    created: int
    upload_key: str
    length: int
    content: bytes | None = None
    is_complete: bool = False
    mimetype: str = "application/octet-stream"
    alt_txt: str = ""
    channels: set[str] = field(default_factory=set)


@dataclass(slots=True)
class UserGroup:
    """A user group, mentioned as @handle; `deleted` is when it was disabled, or 0."""

    id: str
    handle: str
    name: str
    members: list[str]
    created: int
    updated: int
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class ScheduledMessage:
    """A scheduled message; `post_at` is in seconds since 1970, as the app sent it."""

    id: str
    channel: str
    post_at: str
    text: str


@dataclass(slots=True)
class ClientState:
    """The state of one user's Slack client: modals, Home tab, unsent inputs, ephemeral messages.

    `external_options` holds the options that the app last returned for each external select,
    `last_read` the ts of the last message read in each channel, and `change_events` the events of
    coroutines that wait for a change on the screen.
    """

    dm: str
    modals: list[View] = field(default_factory=list)
    home: View | None = None
    is_home_open: bool = False
    ephemeral_posts: dict[str, Post] = field(default_factory=dict)
    inputs: defaultdict[str, InputEntries] = field(default_factory=lambda: defaultdict(dict))
    external_options: dict[tuple[str, str, str], list[Json]] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)
    change_events: list[asyncio.Event] = field(default_factory=list)

    def notify_change(self) -> None:
        """Wake the coroutines that wait for a change on this screen."""
        for event in self.change_events:
            event.set()


@dataclass(slots=True)
class App:
    """The installed app under test.

    With token rotation, `token_ends` has the end of each bot token, and `refresh_token` is the one
    that is valid, once.
    """

    id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    token_ends: dict[str, datetime] = field(default_factory=dict)
    is_installed: bool = True


@dataclass(slots=True)
class Workspace:
    """A workspace with its app, users, channels and files."""

    team_id: str
    name: str
    domain: str
    app: App
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    clients: dict[str, ClientState] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    scheduled: dict[str, ScheduledMessage] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)

    def notify_channel(self, channel: Channel) -> None:
        """Wake the members of `channel` that wait for a change on their screen."""
        for member in channel.members:
            client = self.clients.get(member)
            if client is not None:
                client.notify_change()

    def notify_all(self) -> None:
        """Wake all users that wait for a change on their screen."""
        for client in self.clients.values():
            client.notify_change()

    def all_views(self) -> list[View]:
        """Return every open modal and every Home tab."""
        modals = [view for client in self.clients.values() for view in client.modals]
        return modals + [client.home for client in self.clients.values() if client.home]
