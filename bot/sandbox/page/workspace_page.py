"""What stands around a conversation: people, other conversations, the clock, faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.sandbox.actions.actor import Actor
from bot.sandbox.delivery.http import HttpTransport
from bot.sandbox.do_not_disturb import is_dnd_active, next_dnd_period
from bot.sandbox.json_codec import Json
from bot.sandbox.page.emoji import emoji_character
from bot.sandbox.page.messages import Author, build_author, channel_posts
from bot.sandbox.workspace import Channel, TimeRange, User
from bot.sandbox.world import SLACKBOT, World

FAULT_SWITCHES: tuple[tuple[str, str, str, Json], ...] = (
    ("ratelimit", "Rate limits", "Every call is answered 429", {"seconds": 5}),
    ("fail", "Slack is down", "Every call is answered 503", {"status": 503}),
    ("slow", "Slow answers", "Every call takes two seconds longer", {"seconds": 2}),
    ("lost", "Lost acknowledgements", "The app answers, and nobody hears it", {}),
)
"""Faults that can be switched on: kind, name, what it means, and what else is asked for."""


@dataclass(frozen=True, slots=True)
class PageLocation:
    """What is looked at: a conversation, a thread in it, or the Home tab."""

    channel: str
    thread: str = ""
    tab: str = "messages"
    before: str = ""


@dataclass
class WorkspacePage:
    """What one person has around what she looks at."""

    actor: Actor
    location: PageLocation

    @property
    def me(self) -> User:
        """Whoever looks."""
        return self.actor.user

    @property
    def app(self) -> Author:
        """The app."""
        return build_author(self.actor.workspace.users[self.actor.world.app.bot_user_id])

    @property
    def workspace_name(self) -> str:
        """What the workspace is called."""
        return self.actor.workspace.name

    @property
    def channel(self) -> str:
        """The conversation that is open."""
        return self.location.channel

    @property
    def dm(self) -> str:
        """The direct message with the app."""
        return self.actor.client.dm

    @property
    def thread(self) -> str:
        """The thread that is open, "" if none is."""
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
        """What a newcomer might try."""
        return self.actor.world.guide

    # --- around it ---

    @property
    def users(self) -> list[Json]:
        """Everybody one can act as."""
        world, entries = self.actor.world, []
        for one in world.workspace.clients:
            user = world.workspace.users[one]
            local = world.clock.now().astimezone(ZoneInfo(user.tz))
            city = user.tz.rpartition("/")[2].replace("_", " ")
            entries.append(
                {
                    "href": f"/?{urlencode({'as': one})}",
                    "is_me": one == self.actor.id,
                    "who": build_author(user),
                    "title": user.title,
                    "clock": f"{local:%H:%M} {city}",
                    "status": status_json(user, world),
                    "unread": 0 if one == self.actor.id else count_unread(Actor(world, one)),
                }
            )
        return entries

    @property
    def conversations(self) -> list[Json]:
        """The conversations this person is in."""
        return [self._conversation_entry(room) for room in self._ordered_channels()]

    def _ordered_channels(self) -> Iterator[Channel]:
        channels = self.actor.workspace.channels.values()
        yield from (one for one in channels if one.id == self.actor.client.dm)
        mine = [one for one in channels if self.actor.id in one.members]
        yield from (one for one in mine if one.id != self.actor.client.dm)

    def _conversation_entry(self, channel: Channel) -> Json:
        is_current = channel.id == self.location.channel
        icon = {"im": "●", "private": "🔒", "public": "#"}[channel.kind]
        return {
            "href": f"/?{urlencode({'as': self.actor.id, 'in': channel.id})}",
            "name": self._channel_name(channel),
            "sign": icon,
            "is_here": is_current,
            "unread": 0
            if is_current and self.tab == "messages"
            else count_unread_in(self.actor, channel),
        }

    def _channel_name(self, channel: Channel) -> str:
        if channel.kind != "im":
            return channel.name
        return "Slackbot" if SLACKBOT in channel.members else self.app.name

    @property
    def my_status(self) -> Json:
        """How this person is, and until when she is not to be disturbed."""
        world, user = self.actor.world, self.me
        period = next_dnd_period(user, world.clock.now())
        begin, end = user.quiet_hours or (None, None)
        return {
            "status": status_json(user, world),
            "snoozes": user.snooze is not None and user.snooze.end > world.clock.now(),
            "quiet": self._format_dnd_period(period) if period else "",
            "begin": f"{begin:%H:%M}" if begin else "",
            "end": f"{end:%H:%M}" if end else "",
        }

    def _format_dnd_period(self, period: TimeRange) -> str:
        zone = ZoneInfo(self.me.tz)
        begin, end = (one.astimezone(zone).strftime("%a %H:%M") for one in period)
        is_now = period.start <= self.actor.world.clock.now()
        return f"until {end}" if is_now else f"{begin} to {end}"

    @property
    def members(self) -> list[Json]:
        """Everybody who is in this channel, or could be asked in; the app first."""
        users = self.actor.workspace.users
        bot = self.actor.world.app.bot_user_id
        user_ids = [bot, *(one for one in self.actor.workspace.clients if not users[one].deleted)]
        return [
            {
                "id": one,
                "who": build_author(users[one]),
                "is_in": one in self._channel.members,
                "is_me": one == self.actor.id,
            }
            for one in user_ids
        ]

    @property
    def joinable_channels(self) -> list[Channel]:
        """Channels that this person could join."""
        channels = self.actor.workspace.channels.values()
        mine = self.actor.id
        return [one for one in channels if one.kind == "public" and mine not in one.members]

    @property
    def clock_day(self) -> str:
        """The pretend day."""
        return self._local_now().strftime("%a %-d %b")

    @property
    def clock_time(self) -> str:
        """The pretend time of day."""
        return self._local_now().strftime("%H:%M")

    @property
    def clock_city(self) -> str:
        """Whose time it is."""
        return self.actor.user.tz.rpartition("/")[2].replace("_", " ")

    def _local_now(self) -> datetime:
        return self.actor.world.clock.now().astimezone(ZoneInfo(self.actor.user.tz))

    @property
    def faults(self) -> list[Json]:
        """The faults that can be switched on, and whether they are."""
        on = {one.kind for one in self.actor.world.faults.active()}
        return [
            {"kind": kind, "words": words, "means": means, "on": kind in on, "more": json.dumps(o)}
            for kind, words, means, o in FAULT_SWITCHES
        ]

    @property
    def active_fault_count(self) -> int:
        """How many faults are switched on."""
        return sum(one["on"] for one in self.faults)

    @property
    def connection_count(self) -> int:
        """How many sockets are open."""
        return self.actor.world.sockets.connection_count

    @property
    def is_connected(self) -> bool:
        """Whether there is an app that can be told anything."""
        return self.connection_count > 0 or isinstance(self.actor.world.transport, HttpTransport)

    def _href(self, **changes: str) -> str:
        location = replace(self.location, **changes)
        if "tab" in changes:
            location = replace(location, thread="", before="")
        query = {"as": self.actor.id, "in": location.channel, "tab": location.tab}
        query |= {"thread": location.thread} if location.thread else {}
        query |= {"before": location.before} if location.before else {}
        return f"/?{urlencode(query)}"


def status_json(user: User, world: World) -> Json | None:
    """Return the status of `user` and whether she is not to be disturbed; None for neither."""
    text, now = user.status_text, world.clock.now()
    is_quiet_now = is_dnd_active(user, now)
    if not (text or user.status_emoji or is_quiet_now):
        return None
    emoji = emoji_character(user.status_emoji.strip(":")) if user.status_emoji else ""
    return {"text": text, "sign": emoji, "is_quiet": is_quiet_now}


def count_unread_in(actor: Actor, channel: Channel) -> int:
    """Return how many messages of others in `room` this person has not seen."""
    last = actor.client.last_read.get(channel.id, "")
    count = 0
    for post in channel_posts(actor, channel):
        if post.ts <= last:
            break
        count += post.user != actor.id
    return count


def count_unread(actor: Actor) -> int:
    """Return how many messages this person has not seen at all."""
    channels = actor.workspace.channels.values()
    return sum(count_unread_in(actor, room) for room in channels if actor.id in room.members)
