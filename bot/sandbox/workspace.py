"""What there is in a workspace: people, channels, messages, views and files."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal, NamedTuple

from bot.sandbox.json_codec import Json

InputEntries = dict[tuple[str, str], Json]
"""What a person entered so far: the value by (block_id, action_id), as in `state.values`."""


class TimeRange(NamedTuple):
    """A time from `start` (aware) until `end`."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class User:
    """A person, or the app's bot user.

    `status_until` is in seconds since 1970, 0 for a status that stays. `quiet_hours` are the times
    of day between which she never wants to be disturbed, by her own clock.
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
    """A message as Slack keeps it.

    `blocks` and `files` are never changed in place, only replaced, so that whoever looked at a
    post keeps what it showed then. `only_for` names the one person who sees an ephemeral one.
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
    cached_text: str | None = None  # the readable text, once somebody asked for it


@dataclass(slots=True)
class Channel:
    """A direct message with the app, or a room."""

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
    """A modal or a Home tab. `body` is what the app sent, in stored form; replaced, not changed."""

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
        """The blocks it shows."""
        blocks: list[Json] = self.body["blocks"]
        return blocks


@dataclass(slots=True)
class File:
    """A file and its bytes. Not `complete` until the upload was finished."""

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
    """People who are named together, as @handle; `deleted` is when it was disabled, or 0."""

    id: str
    handle: str
    name: str
    members: list[str]
    created: int
    updated: int
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class ScheduledMessage:
    """A message that waits for its time; `post_at` is in seconds since 1970, as it was sent."""

    id: str
    channel: str
    post_at: str
    text: str


@dataclass(slots=True)
class ClientState:
    """What one person has in front of her: her modals, her Home tab, her half-filled inputs.

    `offered` holds what the app last offered in each menu it is asked about while somebody types;
    `read` the last message that she saw in each channel.
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
        """Wake whoever waits for something to be on this desk."""
        for watcher in self.change_events:
            watcher.set()


@dataclass(slots=True)
class App:
    """The app under test, as installed."""

    id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    is_installed: bool = True


@dataclass(slots=True)
class Workspace:
    """The whole of it."""

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
        """Wake whoever looks at `channel`."""
        for member in channel.members:
            client = self.clients.get(member)
            if client is not None:
                client.notify_change()

    def notify_all(self) -> None:
        """Wake everybody."""
        for client in self.clients.values():
            client.notify_change()

    def all_views(self) -> list[View]:
        """Return every open modal and every Home tab."""
        modals = [view for client in self.clients.values() for view in client.modals]
        return modals + [desk.home for desk in self.clients.values() if desk.home]
