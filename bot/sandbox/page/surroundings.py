"""What stands around a conversation: people, other conversations, the clock, faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.delivery.http import Poster
from bot.sandbox.page.emoji import shown_emoji
from bot.sandbox.page.messages import Who, in_channel, who_is
from bot.sandbox.quiet import is_quiet, next_quiet
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Spell, User
from bot.sandbox.world import SLACKBOT, World

SWITCHES: tuple[tuple[str, str, str, Json], ...] = (
    ("ratelimit", "Rate limits", "Every call is answered 429", {"seconds": 5}),
    ("fail", "Slack is down", "Every call is answered 503", {"status": 503}),
    ("slow", "Slow answers", "Every call takes two seconds longer", {"seconds": 2}),
    ("lost", "Lost acknowledgements", "The app answers, and nobody hears it", {}),
)
"""Faults that can be switched on: kind, name, what it means, and what else is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is looked at: a conversation, a thread in it, or the Home tab."""

    channel: str
    thread: str = ""
    tab: str = "messages"
    before: str = ""


@dataclass
class Surroundings:
    """What one person has around what she looks at."""

    actor: Actor
    place: Place

    @property
    def me(self) -> User:
        """Whoever looks."""
        return self.actor.user

    @property
    def app(self) -> Who:
        """The app."""
        return who_is(self.actor.workspace.users[self.actor.world.app.bot_user])

    @property
    def workspace_name(self) -> str:
        """What the workspace is called."""
        return self.actor.workspace.name

    @property
    def channel(self) -> str:
        """The conversation that is open."""
        return self.place.channel

    @property
    def dm(self) -> str:
        """The direct message with the app."""
        return self.actor.desk.dm

    @property
    def thread(self) -> str:
        """The thread that is open, "" if none is."""
        return self.place.thread

    @property
    def tab(self) -> str:
        """`home` or `messages`."""
        return self.place.tab

    @property
    def _room(self) -> Channel:
        return self.actor.workspace.channels[self.place.channel]

    @property
    def _is_app(self) -> bool:
        return self._room.id == self.actor.desk.dm

    @property
    def guide(self) -> tuple[str, ...]:
        """What a newcomer might try."""
        return self.actor.world.guide

    # --- around it ---

    @property
    def people(self) -> list[Json]:
        """Everybody one can act as."""
        world, found = self.actor.world, []
        for one in world.workspace.desks:
            user = world.workspace.users[one]
            local = world.clock.now().astimezone(ZoneInfo(user.tz))
            city = user.tz.rpartition("/")[2].replace("_", " ")
            found.append(
                {
                    "href": f"/?{urlencode({'as': one})}",
                    "is_me": one == self.actor.id,
                    "who": who_is(user),
                    "title": user.title,
                    "clock": f"{local:%H:%M} {city}",
                    "status": how_is(user, world),
                    "unread": 0 if one == self.actor.id else unread_of(Actor(world, one)),
                }
            )
        return found

    @property
    def rooms(self) -> list[Json]:
        """The conversations this person is in."""
        return [self._entry(room) for room in self._rooms()]

    def _rooms(self) -> Iterator[Channel]:
        channels = self.actor.workspace.channels.values()
        yield from (one for one in channels if one.id == self.actor.desk.dm)
        mine = [one for one in channels if self.actor.id in one.members]
        yield from (one for one in mine if one.id != self.actor.desk.dm)

    def _entry(self, room: Channel) -> Json:
        is_here = room.id == self.place.channel
        sign = {"im": "●", "private": "🔒", "public": "#"}[room.kind]
        return {
            "href": f"/?{urlencode({'as': self.actor.id, 'in': room.id})}",
            "name": self._name_of(room),
            "sign": sign,
            "is_here": is_here,
            "unread": 0 if is_here and self.tab == "messages" else unread_in(self.actor, room),
        }

    def _name_of(self, room: Channel) -> str:
        if room.kind != "im":
            return room.name
        return "Slackbot" if SLACKBOT in room.members else self.app.name

    @property
    def about_me(self) -> Json:
        """How this person is, and until when she is not to be disturbed."""
        world, user = self.actor.world, self.me
        spell = next_quiet(user, world.clock.now())
        begin, end = user.quiet_hours or (None, None)
        return {
            "status": how_is(user, world),
            "snoozes": user.snooze is not None and user.snooze.end > world.clock.now(),
            "quiet": self._spell_words(spell) if spell else "",
            "begin": f"{begin:%H:%M}" if begin else "",
            "end": f"{end:%H:%M}" if end else "",
        }

    def _spell_words(self, spell: Spell) -> str:
        zone = ZoneInfo(self.me.tz)
        begin, end = (one.astimezone(zone).strftime("%a %H:%M") for one in spell)
        is_now = spell.start <= self.actor.world.clock.now()
        return f"until {end}" if is_now else f"{begin} to {end}"

    @property
    def members(self) -> list[Json]:
        """Everybody who is in this channel, or could be asked in; the app first."""
        users = self.actor.workspace.users
        bot = self.actor.world.app.bot_user
        people = [bot, *(one for one in self.actor.workspace.desks if not users[one].deleted)]
        return [
            {
                "id": one,
                "who": who_is(users[one]),
                "is_in": one in self._room.members,
                "is_me": one == self.actor.id,
            }
            for one in people
        ]

    @property
    def others(self) -> list[Channel]:
        """Channels that this person could join."""
        channels = self.actor.workspace.channels.values()
        mine = self.actor.id
        return [one for one in channels if one.kind == "public" and mine not in one.members]

    @property
    def now_day(self) -> str:
        """The pretend day."""
        return self._now().strftime("%a %-d %b")

    @property
    def now_time(self) -> str:
        """The pretend time of day."""
        return self._now().strftime("%H:%M")

    @property
    def now_place(self) -> str:
        """Whose time it is."""
        return self.actor.user.tz.rpartition("/")[2].replace("_", " ")

    def _now(self) -> datetime:
        return self.actor.world.clock.now().astimezone(ZoneInfo(self.actor.user.tz))

    @property
    def faults(self) -> list[Json]:
        """The faults that can be switched on, and whether they are."""
        on = {one.kind for one in self.actor.world.faults.standing()}
        return [
            {"kind": kind, "words": words, "means": means, "on": kind in on, "more": json.dumps(o)}
            for kind, words, means, o in SWITCHES
        ]

    @property
    def wrong(self) -> int:
        """How many faults are switched on."""
        return sum(one["on"] for one in self.faults)

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return self.actor.world.sockets.connected

    @property
    def is_connected(self) -> bool:
        """Whether there is an app that can be told anything."""
        return self.connections > 0 or isinstance(self.actor.world.carrier, Poster)

    def _href(self, **changes: str) -> str:
        place = replace(self.place, **changes)
        if "tab" in changes:
            place = replace(place, thread="", before="")
        query = {"as": self.actor.id, "in": place.channel, "tab": place.tab}
        query |= {"thread": place.thread} if place.thread else {}
        query |= {"before": place.before} if place.before else {}
        return f"/?{urlencode(query)}"


def how_is(user: User, world: World) -> Json | None:
    """Return the status of `user` and whether she is not to be disturbed; None for neither."""
    text, now = user.status_text, world.clock.now()
    quiet = is_quiet(user, now)
    if not (text or user.status_emoji or quiet):
        return None
    sign = shown_emoji(user.status_emoji.strip(":")) if user.status_emoji else ""
    return {"text": text, "sign": sign, "is_quiet": quiet}


def unread_in(actor: Actor, room: Channel) -> int:
    """Return how many messages of others in `room` this person has not seen."""
    last = actor.desk.read.get(room.id, "")
    count = 0
    for post in in_channel(actor, room):
        if post.ts <= last:
            break
        count += post.user != actor.id
    return count


def unread_of(actor: Actor) -> int:
    """Return how many messages this person has not seen at all."""
    rooms = actor.workspace.channels.values()
    return sum(unread_in(actor, room) for room in rooms if actor.id in room.members)
