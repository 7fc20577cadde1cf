"""A browser window on the workspace: who looks, at what, and what she was shown last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.ids import secret
from bot.sandbox.page.canvas import canvas_of
from bot.sandbox.page.drawing import draw
from bot.sandbox.page.messages import (
    Replies,
    Shown,
    in_channel,
    in_thread,
    newest,
    shown,
)
from bot.sandbox.page.surroundings import Surroundings
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Post, View

MOST_MESSAGES = 100
"""Messages that are drawn at once; a link leads to earlier ones."""

MOST_WINDOWS = 200
"""Windows whose state is kept; the oldest go first and are drawn anew when they come back."""


@dataclass
class Window(Surroundings):
    """One window. What it was shown last is kept, so that only changes are sent."""

    id: str = field(default_factory=lambda: secret(16))
    _regions: dict[str, str] = field(default_factory=dict)
    _drawn: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _order: dict[str, list[str]] = field(default_factory=dict)

    @property
    def place_name(self) -> str:
        """What the conversation is called."""
        return self.app.name if self._is_app else self._name_of(self._room)

    @property
    def place_about(self) -> str:
        """Who is in it."""
        count = len(self._room.members)
        return f"{count} member{'s' * (count != 1)}"

    @property
    def is_room(self) -> bool:
        """Whether it is a channel, which people come into and go out of."""
        return self._room.kind != "im"

    @property
    def tabs(self) -> list[Json]:
        """The tabs of the app."""
        manifest = self.actor.world.manifest
        known = [("home", "Home", manifest.home_tab), ("messages", "Messages", True)]
        return [
            {"name": name, "is_here": self.tab == tab, "href": self._href(tab=tab)}
            for tab, name, is_there in known
            if is_there and self._is_app
        ]

    @property
    def writable(self) -> bool:
        """Whether messages can be written here."""
        manifest, room = self.actor.world.manifest, self._room
        if room.kind == "im":
            return manifest.messages_tab and not manifest.messages_read_only and self._is_app
        return not room.is_archived and self.actor.id in room.members

    @property
    def commands(self) -> list[Any]:
        """The slash commands of the app."""
        return list(self.actor.world.manifest.commands.values())

    @property
    def shortcuts(self) -> list[Any]:
        """The global shortcuts of the app."""
        every = self.actor.world.manifest.shortcuts.values()
        return [one for one in every if one.type == "global"]

    # --- the conversation ---

    @property
    def messages(self) -> list[Shown]:
        """The messages of this page of the conversation."""
        href = self._href(thread="")
        thread_href = f"{href}&thread="
        return shown(self.actor, self._posts(), Replies.of(self._room), thread_href)

    def _posts(self) -> list[Post]:
        posts = in_channel(self.actor, self._room)
        before = self.place.before
        older = (one for one in posts if one.ts < before) if before else posts
        return newest(older, MOST_MESSAGES)

    @property
    def thread_messages(self) -> list[Shown]:
        """The messages of the thread that is open."""
        posts = in_thread(self.actor, self._room, self.thread)
        return shown(self.actor, posts, Replies({}, {}))

    @property
    def earlier(self) -> str:
        """Where earlier messages are, "" if there are none."""
        posts = self._posts()
        oldest = posts[0].ts if posts else ""
        older = next((one for one in in_channel(self.actor, self._room) if one.ts < oldest), None)
        return self._href(before=oldest) if older else ""

    @property
    def later(self) -> str:
        """Where the newest messages are, "" if they are here."""
        return self._href(before="") if self.place.before else ""

    @property
    def beginning(self) -> str:
        """What is said in a conversation without messages."""
        who = "you and " + self.app.name if self._is_app else self.place_name
        return f"This is the very beginning of the conversation of {who}."

    @property
    def thread_close(self) -> str:
        """Where the thread is closed."""
        return self._href(thread="")

    # --- views ---

    @property
    def modal(self) -> Json | None:
        """The modal on top."""
        modals = self.actor.desk.modals
        return self._view(modals[-1], len(modals)) if modals else None

    @property
    def home(self) -> Json | None:
        """The Home tab."""
        home = self.actor.desk.home
        return self._view(home, 1) if home else None

    def _view(self, view: View, depth: int) -> Json:
        canvas = canvas_of(self.actor, view)
        texts = {key: canvas.words(view.body.get(key)) for key in ("title", "submit", "close")}
        more = {"id": f"v{view.id}", "view": view.id, "depth": depth, "who": self.app}
        return texts | more | {"blocks": view.blocks, "canvas": canvas}

    # --- live ---

    def seen(self) -> None:
        """Note that this person has read what is here."""
        if self.tab == "messages" and not self.place.before:
            last = next(in_channel(self.actor, self._room), None)
            if last is not None:
                self.actor.desk.read[self.place.channel] = last.ts

    def begin(self) -> None:
        """Note that all of this was drawn with the page, and need not be sent again."""
        self._regions = dict(self._draw_regions())
        for name, messages in self._lists():
            self._order[name] = [one.id for one in messages]
            self._drawn |= {one.id: one.key for one in messages}

    def forget(self) -> None:
        """Send everything the next time: nobody knows what arrived."""
        self._regions, self._drawn, self._order = {}, {}, {}

    def update(self) -> Json:
        """Return what changed since the last time: regions, and messages of lists."""
        changed = {
            name: html for name, html in self._draw_regions() if self._regions.get(name) != html
        }
        self._regions |= changed
        changes = {name: self._changes(name, messages) for name, messages in self._lists()}
        lists = {name: found for name, found in changes.items() if found}
        return {key: one for key, one in (("regions", changed), ("lists", lists)) if one}

    def _draw_regions(self) -> Iterator[tuple[str, str]]:
        for name in ("side", "clock", "faults", "fault_sign", "connected"):
            yield name.replace("_", "-"), draw(name, self)
        yield "modal", draw("modal", self.modal)
        if self.is_room:
            yield "members-count", self.place_about
            yield "members", draw("members", self)
        if self.tab == "home":
            yield "home", draw("home", self.home, self.app.name)

    def _lists(self) -> Iterator[tuple[str, list[Shown]]]:
        if self.tab == "messages":
            yield "messages", self.messages
        if self.thread:
            yield "thread-messages", self.thread_messages

    def _changes(self, name: str, messages: list[Shown]) -> Json:
        order = [one.id for one in messages]
        html = {one.id: self._draw(one) for one in messages if self._drawn.get(one.id) != one.key}
        if not html and order == self._order.get(name):
            return {}
        self._order[name] = order
        return {"order": order, "html": html}

    def _draw(self, message: Shown) -> str:
        self._drawn[message.id] = message.key
        return draw("message", message)


class Windows:
    """The windows that are open."""

    def __init__(self) -> None:
        """Start with none."""
        self._known: OrderedDict[str, Window] = OrderedDict()

    def keep(self, window: Window) -> None:
        """Remember `window`, and forget the oldest."""
        self._known[window.id] = window
        while len(self._known) > MOST_WINDOWS:
            self._known.popitem(last=False)

    def find(self, window_id: str) -> Window | None:
        """Return the window called so."""
        return self._known.get(window_id)
