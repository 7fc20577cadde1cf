"""The workspace page around a conversation: sidebar, clock, faults and connection state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from ..actions.actor import Actor
from ..delivery.http import HttpTransport
from ..do_not_disturb import is_dnd_active, next_dnd_period
from ..emoji import emoji_character
from ..json_codec import Json
from ..workspace import Channel, TimeRange, User
from ..world import SLACKBOT, World
from .messages import Author, build_author, channel_posts

FAULT_SWITCHES: tuple[tuple[str, str, str, Json], ...] = (
    ("ratelimit", "Rate limits", "Every API call returns 429.", {"seconds": 5}),
    ("fail", "Slack is down", "Every API call returns 503.", {"status": 503}),
    ("slow", "Slow responses", "Every API call takes 2 seconds longer.", {"seconds": 2}),
    ("lost_ack", "Lost acknowledgments", "The app's acknowledgments do not arrive.", {}),
)
"""Faults with a switch on the page: kind, label, description and control API arguments."""


@dataclass(frozen=True, slots=True)
class PageLocation:
    """What the page shows: a conversation, optionally with a thread, or the Home tab.

    `before` is the ts before which messages are shown, or "" for the newest ones.
    """

    channel: str
    thread: str = ""
    tab: str = "messages"
    before: str = ""


@dataclass
class WorkspacePage:
    """The workspace page as one user sees it."""

    actor: Actor
    location: PageLocation

    @property
    def me(self) -> User:
        """The user of this page."""
        return self.actor.user

    @property
    def app(self) -> Author:
        """The app."""
        return build_author(self.actor.workspace.users[self.actor.world.app.bot_user_id])

    @property
    def workspace_name(self) -> str:
        """The name of the workspace."""
        return self.actor.workspace.name

    @property
    def channel(self) -> str:
        """The id of the open conversation."""
        return self.location.channel

    @property
    def dm(self) -> str:
        """The id of the direct message with the app."""
        return self.actor.client.dm

    @property
    def thread(self) -> str:
        """The ts of the open thread, or "" if none is open."""
        return self.location.thread

    @property
    def tab(self) -> str:
        """`home` or `messages`."""
        return self.location.tab

    @property
    def _channel(self) -> Channel:
        return self.actor.workspace.channels[self.location.channel]

    @property
    def _is_app_dm(self) -> bool:
        return self._channel.id == self.actor.client.dm

    @property
    def guide_steps(self) -> tuple[str, ...]:
        """Suggestions for new users."""
        return self.actor.world.guide

    # --- sidebar ---

    @property
    def users(self) -> list[Json]:
        """Entries for every user that the visitor can act as."""
        world, entries = self.actor.world, []
        for user_id in world.workspace.clients:
            user = world.workspace.users[user_id]
            local_time = world.clock.now().astimezone(ZoneInfo(user.tz))
            is_me = user_id == self.actor.id
            entries.append(
                {
                    "href": f"/?{urlencode({'as': user_id})}",
                    "is_me": is_me,
                    "author": build_author(user),
                    "title": user.title,
                    "local_time": f"{local_time:%H:%M} {_city(user.tz)}",
                    "status": status_json(user, world),
                    "unread": 0 if is_me else count_unread(Actor(world, user_id)),
                }
            )
        return entries

    @property
    def conversations(self) -> list[Json]:
        """Entries for the user's conversations, the direct message with the app first."""
        return [self._conversation_entry(channel) for channel in self._ordered_channels()]

    def _ordered_channels(self) -> Iterator[Channel]:
        channels = self.actor.workspace.channels.values()
        dm = self.actor.client.dm
        yield from (channel for channel in channels if channel.id == dm)
        mine = [channel for channel in channels if self.actor.id in channel.members]
        yield from (channel for channel in mine if channel.id != dm)

    def _conversation_entry(self, channel: Channel) -> Json:
        is_current = channel.id == self.location.channel
        is_read = is_current and self.tab == "messages"
        return {
            "href": f"/?{urlencode({'as': self.actor.id, 'in': channel.id})}",
            "name": self._channel_name(channel),
            "icon": {"im": "●", "private": "🔒", "public": "#"}[channel.kind],
            "is_current": is_current,
            "unread": 0 if is_read else count_unread_in(self.actor, channel),
        }

    def _channel_name(self, channel: Channel) -> str:
        if channel.kind != "im":
            return channel.name
        return "Slackbot" if SLACKBOT in channel.members else self.app.name

    @property
    def my_status(self) -> Json:
        """The user's own status, snooze and daily quiet hours."""
        world, user = self.actor.world, self.me
        period = next_dnd_period(user, world.clock.now())
        quiet_from, quiet_to = user.quiet_hours or (None, None)
        return {
            "status": status_json(user, world),
            "is_snoozed": user.snooze is not None and user.snooze.end > world.clock.now(),
            "dnd_period": self._format_dnd_period(period) if period else "",
            "quiet_from": f"{quiet_from:%H:%M}" if quiet_from else "",
            "quiet_to": f"{quiet_to:%H:%M}" if quiet_to else "",
        }

    def _format_dnd_period(self, period: TimeRange) -> str:
        zone = ZoneInfo(self.me.tz)
        start, end = (time.astimezone(zone).strftime("%a %H:%M") for time in period)
        is_now = period.start <= self.actor.world.clock.now()
        return f"until {end}" if is_now else f"{start} to {end}"

    @property
    def members(self) -> list[Json]:
        """Entries for the app and all users, whether or not they are in this channel."""
        users = self.actor.workspace.users
        bot_id = self.actor.world.app.bot_user_id
        active = [user for user in self.actor.workspace.clients if not users[user].deleted]
        return [
            {
                "id": user_id,
                "author": build_author(users[user_id]),
                "is_member": user_id in self._channel.members,
                "is_me": user_id == self.actor.id,
            }
            for user_id in (bot_id, *active)
        ]

    @property
    def joinable_channels(self) -> list[Channel]:
        """The public channels that the user is not in."""
        return [
            channel
            for channel in self.actor.workspace.channels.values()
            if channel.kind == "public" and self.actor.id not in channel.members
        ]

    # --- clock, faults and connection ---

    @property
    def clock_day(self) -> str:
        """The sandbox date in the user's time zone."""
        return self._local_now().strftime("%a %-d %b")

    @property
    def clock_time(self) -> str:
        """The sandbox time of day in the user's time zone."""
        return self._local_now().strftime("%H:%M")

    @property
    def clock_city(self) -> str:
        """The city of the user's time zone."""
        return _city(self.actor.user.tz)

    def _local_now(self) -> datetime:
        return self.actor.world.clock.now().astimezone(ZoneInfo(self.actor.user.tz))

    @property
    def faults(self) -> list[Json]:
        """The fault switches and whether they are on."""
        active = {fault.kind for fault in self.actor.world.faults.active()}
        return [
            {
                "kind": kind,
                "label": label,
                "description": description,
                "is_on": kind in active,
                "arguments": json.dumps(arguments),
            }
            for kind, label, description, arguments in FAULT_SWITCHES
        ]

    @property
    def active_fault_count(self) -> int:
        """How many faults are on."""
        return sum(fault["is_on"] for fault in self.faults)

    @property
    def connection_count(self) -> int:
        """How many Socket Mode connections are open."""
        return self.actor.world.sockets.connection_count

    @property
    def is_connected(self) -> bool:
        """Whether an app can receive payloads: over a socket or at a request URL."""
        return self.connection_count > 0 or isinstance(self.actor.world.transport, HttpTransport)

    def _href(self, **changes: str) -> str:
        location = replace(self.location, **changes)
        if "tab" in changes:
            location = replace(location, thread="", before="")
        query = {"as": self.actor.id, "in": location.channel, "tab": location.tab}
        query |= {"thread": location.thread} if location.thread else {}
        query |= {"before": location.before} if location.before else {}
        return f"/?{urlencode(query)}"


def _city(tz: str) -> str:
    return tz.rpartition("/")[2].replace("_", " ")


def status_json(user: User, world: World) -> Json | None:
    """Return the status of `user` and whether Do Not Disturb is active; None without either."""
    has_dnd = is_dnd_active(user, world.clock.now())
    if not (user.status_text or user.status_emoji or has_dnd):
        return None
    emoji = emoji_character(user.status_emoji.strip(":")) if user.status_emoji else ""
    return {"text": user.status_text, "emoji": emoji, "is_dnd_active": has_dnd}


def count_unread_in(actor: Actor, channel: Channel) -> int:
    """Return how many messages of others in `channel` the user has not read."""
    last_read = actor.client.last_read.get(channel.id, "")
    count = 0
    for post in channel_posts(actor, channel):
        if post.ts <= last_read:
            break
        count += post.user != actor.id
    return count


def count_unread(actor: Actor) -> int:
    """Return how many messages the user has not read, in all conversations."""
    channels = actor.workspace.channels.values()
    return sum(
        count_unread_in(actor, channel) for channel in channels if actor.id in channel.members
    )
