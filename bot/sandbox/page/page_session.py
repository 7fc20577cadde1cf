"""A browser window on the workspace: who looks, at what, and what she was shown last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.ids import random_hex
from bot.sandbox.json_codec import Json
from bot.sandbox.page.messages import (
    MessageItem,
    ReplyCounts,
    build_message_items,
    channel_posts,
    take_newest,
    thread_posts,
)
from bot.sandbox.page.page_templates import render_part
from bot.sandbox.page.render_context import build_render_context
from bot.sandbox.page.workspace_page import WorkspacePage
from bot.sandbox.workspace import Post, View

MAX_MESSAGES = 100
"""Messages that are drawn at once; a link leads to earlier ones."""

MAX_SESSIONS = 200
"""Windows whose state is kept; the oldest go first and are drawn anew when they come back."""


@dataclass
class PageSession(WorkspacePage):
    """One window. What it was shown last is kept, so that only changes are sent."""

    id: str = field(default_factory=lambda: random_hex(16))
    _sent_regions: dict[str, str] = field(default_factory=dict)
    _sent_versions: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _sent_order: dict[str, list[str]] = field(default_factory=dict)

    @property
    def conversation_name(self) -> str:
        """What the conversation is called."""
        return self.app.name if self._is_app_dm else self._channel_name(self._channel)

    @property
    def member_count_text(self) -> str:
        """Who is in it."""
        count = len(self._channel.members)
        return f"{count} member{'s' * (count != 1)}"

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel, which people come into and go out of."""
        return self._channel.kind != "im"

    @property
    def tabs(self) -> list[Json]:
        """The tabs of the app."""
        manifest = self.actor.world.manifest
        known = [("home", "Home", manifest.home_tab), ("messages", "Messages", True)]
        return [
            {"name": name, "is_here": self.tab == tab, "href": self._href(tab=tab)}
            for tab, name, is_there in known
            if is_there and self._is_app_dm
        ]

    @property
    def is_writable(self) -> bool:
        """Whether messages can be written here."""
        manifest, channel = self.actor.world.manifest, self._channel
        if channel.kind == "im":
            return manifest.messages_tab and not manifest.messages_read_only and self._is_app_dm
        return not channel.is_archived and self.actor.id in channel.members

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
    def messages(self) -> list[MessageItem]:
        """The messages of this page of the conversation."""
        href = self._href(thread="")
        thread_href = f"{href}&thread="
        return build_message_items(
            self.actor, self._page_posts(), ReplyCounts.count_in(self._channel), thread_href
        )

    def _page_posts(self) -> list[Post]:
        posts = channel_posts(self.actor, self._channel)
        before = self.location.before
        older = (one for one in posts if one.ts < before) if before else posts
        return take_newest(older, MAX_MESSAGES)

    @property
    def thread_messages(self) -> list[MessageItem]:
        """The messages of the thread that is open."""
        posts = thread_posts(self.actor, self._channel, self.thread)
        return build_message_items(self.actor, posts, ReplyCounts({}, {}))

    @property
    def earlier_href(self) -> str:
        """Where earlier messages are, "" if there are none."""
        posts = self._page_posts()
        oldest = posts[0].ts if posts else ""
        older = next(
            (one for one in channel_posts(self.actor, self._channel) if one.ts < oldest), None
        )
        return self._href(before=oldest) if older else ""

    @property
    def newest_href(self) -> str:
        """Where the newest messages are, "" if they are here."""
        return self._href(before="") if self.location.before else ""

    @property
    def empty_text(self) -> str:
        """What is said in a conversation without messages."""
        who = "you and " + self.app.name if self._is_app_dm else self.conversation_name
        return f"This is the very beginning of the conversation of {who}."

    @property
    def thread_close_href(self) -> str:
        """Where the thread is closed."""
        return self._href(thread="")

    # --- views ---

    @property
    def modal(self) -> Json | None:
        """The modal on top."""
        modals = self.actor.client.modals
        return self._view_json(modals[-1], len(modals)) if modals else None

    @property
    def home(self) -> Json | None:
        """The Home tab."""
        home = self.actor.client.home
        return self._view_json(home, 1) if home else None

    def _view_json(self, view: View, depth: int) -> Json:
        canvas = build_render_context(self.actor, view)
        texts = {
            key: canvas.render_text(view.body.get(key)) for key in ("title", "submit", "close")
        }
        more = {"id": f"v{view.id}", "view": view.id, "depth": depth, "who": self.app}
        return texts | more | {"blocks": view.blocks, "canvas": canvas}

    # --- live ---

    def mark_read(self) -> None:
        """Note that this person has read what is here."""
        if self.tab == "messages" and not self.location.before:
            last = next(channel_posts(self.actor, self._channel), None)
            if last is not None:
                self.actor.client.last_read[self.location.channel] = last.ts

    def mark_all_sent(self) -> None:
        """Note that all of this was drawn with the page, and need not be sent again."""
        self._sent_regions = dict(self._render_regions())
        for name, messages in self._message_lists():
            self._sent_order[name] = [one.id for one in messages]
            self._sent_versions |= {one.id: one.version_key for one in messages}

    def reset(self) -> None:
        """Send everything the next time: nobody knows what arrived."""
        self._sent_regions, self._sent_versions, self._sent_order = {}, {}, {}

    def take_changes(self) -> Json:
        """Return what changed since the last time: regions, and messages of lists."""
        changed = {
            name: html
            for name, html in self._render_regions()
            if self._sent_regions.get(name) != html
        }
        self._sent_regions |= changed
        changes = {
            name: self._list_changes(name, messages) for name, messages in self._message_lists()
        }
        lists = {name: found for name, found in changes.items() if found}
        return {key: one for key, one in (("regions", changed), ("lists", lists)) if one}

    def _render_regions(self) -> Iterator[tuple[str, str]]:
        for name in ("side", "clock", "faults", "fault_sign", "connected"):
            yield name.replace("_", "-"), render_part(name, self)
        yield "modal", render_part("modal", self.modal)
        if self.is_channel:
            yield "members-count", self.member_count_text
            yield "members", render_part("members", self)
        if self.tab == "home":
            yield "home", render_part("home", self.home, self.app.name)

    def _message_lists(self) -> Iterator[tuple[str, list[MessageItem]]]:
        if self.tab == "messages":
            yield "messages", self.messages
        if self.thread:
            yield "thread-messages", self.thread_messages

    def _list_changes(self, name: str, messages: list[MessageItem]) -> Json:
        order = [one.id for one in messages]
        html = {
            one.id: self._render_message(one)
            for one in messages
            if self._sent_versions.get(one.id) != one.version_key
        }
        if not html and order == self._sent_order.get(name):
            return {}
        self._sent_order[name] = order
        return {"order": order, "html": html}

    def _render_message(self, message: MessageItem) -> str:
        self._sent_versions[message.id] = message.version_key
        return render_part("message", message)


class PageSessions:
    """The windows that are open."""

    def __init__(self) -> None:
        """Start with none."""
        self._sessions: OrderedDict[str, PageSession] = OrderedDict()

    def add(self, session: PageSession) -> None:
        """Remember `window`, and forget the oldest."""
        self._sessions[session.id] = session
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)

    def find(self, session_id: str) -> PageSession | None:
        """Return the window called so."""
        return self._sessions.get(session_id)
