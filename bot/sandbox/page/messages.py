"""Messages of a conversation or thread, prepared for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from itertools import islice
from typing import Any

from markupsafe import Markup

from ..actions.actor import Actor
from ..emoji import emoji_character
from ..json_codec import Json, as_list, as_object
from ..manifest import Shortcut
from ..visible_text import render_post
from ..workspace import Channel, Post, User
from .mrkdwn import Reader, mrkdwn_html
from .render_context import (
    IMAGE_TYPES,
    RenderContext,
    build_reader,
    build_render_context,
    player_of,
)

AVATAR_COLOR_COUNT = 8
UNSUPPORTED_ATTACHMENT_KEYS = ("actions", "author_name", "author_icon")
"""Legacy attachment fields that the page shows as JSON only."""
BYTES_PER_KB = 1000
GROUP_WITHIN_SECONDS = 300
"""Messages of one author within this time share a header."""


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a message, or a user in a list."""

    name: str
    initials: str
    color_index: int
    is_bot: bool


@dataclass(frozen=True, slots=True)
class MessageItem:
    """A message ready for its template; `version_key` changes when anything shown changes."""

    id: str
    ts: str
    version_key: tuple[object, ...]
    author: Author
    time: str
    day_heading: str
    is_grouped: bool
    is_ephemeral: bool
    is_edited: bool
    is_mine: bool
    thread_href: str
    reply_count: int
    last_reply_time: str
    post: Post
    actor: Actor
    shortcuts: Sequence[Shortcut]

    @property
    def context(self) -> RenderContext:
        """The context in which the blocks are rendered."""
        return build_render_context(self.actor, self.post, "" if self.thread_href else "thread")

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the message."""
        return self.post.blocks

    @property
    def text(self) -> Markup:
        """The text, which is shown only if there are no blocks."""
        return mrkdwn_html(self.post.text, build_reader(self.actor))

    @property
    def raw_text(self) -> str:
        """The text as its author can edit it."""
        return render_post(self.post, self.actor.workspace)

    @property
    def attachments(self) -> list[Json]:
        """The attachments, prepared for the template."""
        reader = build_reader(self.actor)
        return [_build_attachment(attachment, reader) for attachment in self.post.attachments]

    @property
    def files(self) -> list[Json]:
        """The shared files, prepared for the template."""
        return [file_card(self.actor, file_json) for file_json in self.post.files]

    @property
    def reactions(self) -> list[Json]:
        """The reactions and who added them."""
        users = self.actor.workspace.users
        return [
            {
                "name": name,
                "emoji": emoji_character(name),
                "count": len(user_ids),
                "is_mine": self.actor.id in user_ids,
                "user_names": ", ".join(
                    users[user_id].real_name for user_id in user_ids if user_id in users
                ),
            }
            for name, user_ids in self.post.reactions.items()
        ]


def build_author(user: User, name: str | None = None) -> Author:
    """Return `user` as an author; `name` overrides the name, as a message's `username` does."""
    display_name = name or user.real_name
    words = [word for word in display_name.split() if word[0].isalnum()] or ["?"]
    initials = (words[0][0] + (words[-1][0] if words[1:] else "")).upper()
    color_index = blake2s(user.name.encode(), digest_size=1).digest()[0] % AVATAR_COLOR_COUNT
    return Author(display_name, initials, color_index, user.is_bot)


def channel_posts(actor: Actor, channel: Channel) -> Iterator[Post]:
    """Yield the top-level messages of a conversation, newest first."""
    ephemeral_posts = [
        post for post in actor.client.ephemeral_posts.values() if post.channel == channel.id
    ]
    if not ephemeral_posts:
        yield from (post for post in reversed(channel.posts.values()) if _is_top_level(post))
        return
    posts = [*channel.posts.values(), *ephemeral_posts]
    posts.sort(key=lambda post: post.ts, reverse=True)
    yield from (post for post in posts if _is_top_level(post))


def thread_posts(actor: Actor, channel: Channel, thread: str) -> list[Post]:
    """Return a message and its replies, oldest first."""
    posts = [*channel.posts.values(), *actor.client.ephemeral_posts.values()]
    in_thread = [post for post in posts if thread in {post.ts, post.thread_ts}]
    return sorted(in_thread, key=lambda post: post.ts)


def _is_top_level(post: Post) -> bool:
    return post.thread_ts in {None, post.ts} or post.subtype == "thread_broadcast"


@dataclass(frozen=True, slots=True)
class ReplyCounts:
    """The number of replies and the ts of the last reply, by the ts of the message."""

    counts: dict[str, int]
    last_ts: dict[str, str]

    @classmethod
    def count_in(cls, channel: Channel) -> ReplyCounts:
        """Count the replies in `channel`."""
        counts: dict[str, int] = {}
        last: dict[str, str] = {}
        for post in channel.posts.values():
            if post.thread_ts and post.thread_ts != post.ts:
                counts[post.thread_ts] = counts.get(post.thread_ts, 0) + 1
                last[post.thread_ts] = post.ts
        return cls(counts, last)


def build_message_items(
    actor: Actor, posts: Iterable[Post], replies: ReplyCounts, thread_href: str = ""
) -> list[MessageItem]:
    """Return `posts`, oldest first, as message items.

    `thread_href` is the link to a thread without its ts; "" renders the posts of a thread.
    """
    previous: Post | None = None
    items = []
    for post in posts:
        items.append(_build_message_item(actor, post, previous, replies, thread_href))
        previous = post
    return items


def _build_message_item(
    actor: Actor, post: Post, previous: Post | None, replies: ReplyCounts, thread_href: str
) -> MessageItem:
    reader = build_reader(actor)
    moment = reader.local_time(float(post.ts))
    day = _day_heading(moment, reader.local_time(float(previous.ts)) if previous else None, actor)
    count, last = replies.counts.get(post.ts, 0), replies.last_ts.get(post.ts)
    last_reply = reader.local_time(float(last)).strftime("%H:%M") if last else ""
    is_grouped = not day and previous is not None and _is_grouped(post, previous)
    shortcuts = [item for item in actor.world.manifest.shortcuts.values() if item.type == "message"]
    inputs = repr(actor.client.inputs.get(post.ts) or "")
    return MessageItem(
        id=f"m{post.ts.replace('.', '-')}" + ("" if thread_href else "-t"),
        ts=post.ts,
        version_key=(
            post.edited_ts,
            post.text,
            inputs,
            repr(post.reactions),
            count,
            last,
            day,
            is_grouped,
        ),
        author=build_author(actor.workspace.users[post.user], post.username),
        time=moment.strftime("%H:%M"),
        day_heading=day,
        is_grouped=is_grouped,
        is_ephemeral=post.ephemeral_user_id is not None,
        is_edited=post.edited_ts is not None and post.bot_id is None,
        is_mine=post.user == actor.id,
        thread_href=f"{thread_href}{post.ts}" if thread_href else "",
        reply_count=count,
        last_reply_time=last_reply,
        post=post,
        actor=actor,
        shortcuts=shortcuts,
    )


def _day_heading(moment: datetime, previous: datetime | None, actor: Actor) -> str:
    if previous is not None and previous.date() == moment.date():
        return ""
    today = build_reader(actor).local_time(actor.world.clock.now().timestamp()).date()
    return "Today" if moment.date() == today else moment.strftime("%A, %-d %B")


def _is_grouped(post: Post, previous: Post) -> bool:
    has_same_author = (post.user, post.username, post.ephemeral_user_id) == (
        previous.user,
        previous.username,
        previous.ephemeral_user_id,
    )
    return has_same_author and float(post.ts) - float(previous.ts) < GROUP_WITHIN_SECONDS


def file_card(actor: Actor, file_json: Json) -> Json:
    """Return the name, link, size and preview of a file."""
    url = f"/page/files/{file_json['id']}?as={actor.id}"
    stored = actor.workspace.files.get(str(file_json["id"]))
    mimetype = stored.mimetype if stored else ""
    is_image = mimetype in IMAGE_TYPES
    return {
        "name": file_json.get("title") or file_json.get("name"),
        "href": f"{url}&download=1",
        "local_url": url if is_image else "",
        "player": player_of(mimetype),
        "player_url": url,
        "alt": file_json.get("alt_txt") or file_json.get("title") or file_json.get("name"),
        "size": format_size(int(file_json.get("size") or 0)),
    }


def format_size(size: int) -> str:
    """Return a number of bytes in readable form, such as `12 bytes` or `3.4 kB`."""
    if size < BYTES_PER_KB:
        return f"{size} bytes"
    return (
        f"{size / BYTES_PER_KB:.1f} kB"
        if size < BYTES_PER_KB**2
        else f"{size / BYTES_PER_KB**2:.1f} MB"
    )


def _build_attachment(raw: Json, reader: Reader) -> dict[str, Any]:
    color = str(raw.get("color") or "").removeprefix("#")
    hex_color = {"good": "2eb886", "warning": "daa038", "danger": "a30200"}.get(color, color)
    texts = {
        key: mrkdwn_html(str(raw[key]), reader) if raw.get(key) else ""
        for key in ("pretext", "title", "text", "footer")
    }
    return texts | {
        "color": f"#{hex_color}" if hex_color else "",
        "blocks": as_list(raw.get("blocks")),
        "fields": [_build_field(as_object(field), reader) for field in as_list(raw.get("fields"))],
        "unsupported": {key: raw[key] for key in UNSUPPORTED_ATTACHMENT_KEYS if raw.get(key)},
        "image": raw.get("image_url") or raw.get("thumb_url") or "",
    }


def _build_field(raw: Json, reader: Reader) -> dict[str, Markup]:
    return {key: mrkdwn_html(str(raw.get(key, "")), reader) for key in ("title", "value")}


def take_newest(posts: Iterator[Post], limit: int) -> list[Post]:
    """Return the first `limit` of `posts`, which come newest first, in chronological order."""
    return list(islice(posts, limit))[::-1]
