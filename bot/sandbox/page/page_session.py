"""Open workspace pages and what each of them was sent, so that only changes are sent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..ids import random_hex
from ..json_codec import Json
from ..workspace import Post, View
from .messages import (
    MessageItem,
    ReplyCounts,
    build_message_items,
    channel_posts,
    take_newest,
    thread_posts,
)
from .page_templates import render_part
from .render_context import build_render_context
from .workspace_page import WorkspacePage

MAX_MESSAGES = 100
"""Messages on one page; a link leads to earlier ones."""

MAX_SESSIONS = 200
"""Sessions kept in memory; a page whose session is gone reloads itself."""


@dataclass
class PageSession(WorkspacePage):
    """One open page, with the regions and messages that were sent to it."""

    id: str = field(default_factory=lambda: random_hex(16))
    _sent_regions: dict[str, str] = field(default_factory=dict)
    _sent_versions: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _sent_order: dict[str, list[str]] = field(default_factory=dict)

    @property
    def conversation_name(self) -> str:
        """The name of the conversation."""
        return self.app.name if self._is_app_dm else self._channel_name(self._channel)

    @property
    def member_count_text(self) -> str:
        """How many members the channel has, such as `2 members`."""
        count = len(self._channel.members)
        return f"{count} member{'s' * (count != 1)}"

    @property
    def is_channel(self) -> bool:
        """Whether the conversation is a channel, which has members to add and remove."""
        return self._channel.kind != "im"

    @property
    def tabs(self) -> list[Json]:
        """The tabs of the app: Home and Messages."""
        manifest = self.actor.world.manifest
        known_tabs = [
            ("home", "Home", manifest.home_tab),
            ("messages", "Messages", manifest.messages_tab),
        ]
        return [
            {"name": name, "is_current": self.tab == tab, "href": self._href(tab=tab)}
            for tab, name, is_enabled in known_tabs
            if is_enabled and self._is_app_dm
        ]

    @property
    def is_writable(self) -> bool:
        """Whether the user can send messages in this conversation."""
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
        shortcuts = self.actor.world.manifest.shortcuts.values()
        return [shortcut for shortcut in shortcuts if shortcut.type == "global"]

    # --- the conversation ---

    @property
    def messages(self) -> list[MessageItem]:
        """The messages on this page of the conversation."""
        href = self._href(thread="")
        thread_href = f"{href}&thread="
        return build_message_items(
            self.actor, self._page_posts(), ReplyCounts.count_in(self._channel), thread_href
        )

    def _page_posts(self) -> list[Post]:
        posts = channel_posts(self.actor, self._channel)
        before = self.location.before
        older = (post for post in posts if post.ts < before) if before else posts
        return take_newest(older, MAX_MESSAGES)

    @property
    def thread_messages(self) -> list[MessageItem]:
        """The messages of the open thread."""
        posts = thread_posts(self.actor, self._channel, self.thread)
        return build_message_items(self.actor, posts, ReplyCounts({}, {}))

    @property
    def earlier_href(self) -> str:
        """The link to earlier messages, or "" if there are none."""
        posts = self._page_posts()
        oldest = posts[0].ts if posts else ""
        has_older = any(post.ts < oldest for post in channel_posts(self.actor, self._channel))
        return self._href(before=oldest) if has_older else ""

    @property
    def newest_href(self) -> str:
        """The link to the newest messages, or "" if they are on this page."""
        return self._href(before="") if self.location.before else ""

    @property
    def empty_text(self) -> str:
        """The text shown in a conversation without messages."""
        if self.is_channel:
            return f"This is the start of #{self.conversation_name}."
        return f"This is the start of your conversation with {self.conversation_name}."

    @property
    def thread_close_href(self) -> str:
        """The link that closes the thread."""
        return self._href(thread="")

    # --- views ---

    @property
    def modal(self) -> Json | None:
        """The top modal, or None if none is open."""
        modals = self.actor.client.modals
        return self._view_json(modals[-1], len(modals)) if modals else None

    @property
    def home(self) -> Json | None:
        """The Home tab, or None if the app has not published one."""
        home = self.actor.client.home
        return self._view_json(home, 1) if home else None

    def _view_json(self, view: View, depth: int) -> Json:
        context = build_render_context(self.actor, view)
        texts = {
            key: context.render_text(view.body.get(key)) for key in ("title", "submit", "close")
        }
        return texts | {
            "dom_id": f"v{view.id}",
            "view_id": view.id,
            "depth": depth,
            "app": self.app,
            "blocks": view.blocks,
            "context": context,
        }

    # --- live updates ---

    def mark_read(self) -> None:
        """Mark the messages on this page as read by the user."""
        if self.tab == "messages" and not self.location.before:
            last = next(channel_posts(self.actor, self._channel), None)
            if last is not None:
                self.actor.client.last_read[self.location.channel] = last.ts

    def mark_all_sent(self) -> None:
        """Record that the page was rendered with the current content."""
        self._sent_regions = dict(self._render_regions())
        for name, messages in self._message_lists():
            self._sent_order[name] = [message.id for message in messages]
            self._sent_versions |= {message.id: message.version_key for message in messages}

    def reset(self) -> None:
        """Forget what was sent, so that the next update has everything."""
        self._sent_regions, self._sent_versions, self._sent_order = {}, {}, {}

    def take_changes(self) -> Json:
        """Return the regions and the messages in lists that changed since the last call."""
        changed = {
            name: html
            for name, html in self._render_regions()
            if self._sent_regions.get(name) != html
        }
        self._sent_regions |= changed
        changes = {
            name: self._list_changes(name, messages) for name, messages in self._message_lists()
        }
        lists = {name: list_changes for name, list_changes in changes.items() if list_changes}
        update = {"regions": changed, "lists": lists}
        return {key: value for key, value in update.items() if value}

    def _render_regions(self) -> Iterator[tuple[str, str]]:
        for name in ("sidebar", "clock", "faults", "fault_count", "connection_notice"):
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
        order = [message.id for message in messages]
        html = {
            message.id: self._render_message(message)
            for message in messages
            if self._sent_versions.get(message.id) != message.version_key
        }
        if not html and order == self._sent_order.get(name):
            return {}
        self._sent_order[name] = order
        return {"order": order, "html": html}

    def _render_message(self, message: MessageItem) -> str:
        self._sent_versions[message.id] = message.version_key
        return render_part("message", message)


class PageSessions:
    """The sessions of open pages, by id."""

    def __init__(self) -> None:
        """Start without sessions."""
        self._sessions: OrderedDict[str, PageSession] = OrderedDict()

    def add(self, session: PageSession) -> None:
        """Add `session` and drop the oldest ones over the limit."""
        self._sessions[session.id] = session
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)

    def find(self, session_id: str) -> PageSession | None:
        """Return the session with this id, or None if it was dropped."""
        return self._sessions.get(session_id)
