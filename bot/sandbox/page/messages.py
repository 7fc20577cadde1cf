"""Messages as they stand in a conversation: who, when, what, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from itertools import islice
from typing import Any

from markupsafe import Markup

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.manifest import Shortcut
from bot.sandbox.page.canvas import PICTURES, Canvas, canvas_of, reader_of
from bot.sandbox.page.emoji import shown_emoji
from bot.sandbox.page.words import Reader, mrkdwn
from bot.sandbox.seen import shown_post
from bot.sandbox.wire import Json, as_list, as_object
from bot.sandbox.workspace import Channel, Post, User

TONES = 8
UNDRAWN = ("actions", "author_name", "author_icon")
"""Old parts of attachments that this page does not draw; it shows them raw."""
KILO = 1000
FOLLOWS_WITHIN = 300
"""Seconds after which the same author is named again."""


@dataclass(frozen=True, slots=True)
class Who:
    """An author, as the page shows her."""

    name: str
    initials: str
    tone: int
    is_bot: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A message ready for its template. `key` changes whenever anything of it does."""

    id: str
    ts: str
    key: tuple[object, ...]
    who: Who
    time: str
    day: str
    follows: bool
    only_for_me: bool
    edited: bool
    is_mine: bool
    thread_href: str
    replies: int
    last_reply: str
    post: Post
    actor: Actor
    shortcuts: Sequence[Shortcut]

    @property
    def canvas(self) -> Canvas:
        """The blocks before this person."""
        return canvas_of(self.actor, self.post, "" if self.thread_href else "thread")

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the message itself."""
        return self.post.blocks

    @property
    def text(self) -> Markup:
        """Its text, shown only where there are no blocks."""
        return mrkdwn(self.post.text, reader_of(self.actor))

    @property
    def raw_text(self) -> str:
        """What its author typed, as far as it can be told."""
        return shown_post(self.post, self.actor.workspace)

    @property
    def attachments(self) -> list[Json]:
        """What is attached to it, ready to be shown."""
        return [_attachment(one, reader_of(self.actor)) for one in self.post.attachments]

    @property
    def files(self) -> list[Json]:
        """The files shared in it."""
        return [file_card(self.actor, one) for one in self.post.files]

    @property
    def reactions(self) -> list[Json]:
        """The reactions to it, and who reacted."""
        users = self.actor.workspace.users
        return [
            {
                "name": name,
                "sign": shown_emoji(name),
                "count": len(people),
                "is_mine": self.actor.id in people,
                "who": ", ".join(users[one].real_name for one in people if one in users),
            }
            for name, people in self.post.reactions.items()
        ]


def who_is(user: User, name: str | None = None) -> Who:
    """Return `user` as an author, under another `name` if the message has one."""
    shown = name or user.real_name
    words = [word for word in shown.split() if word[0].isalnum()] or ["?"]
    initials = (words[0][0] + (words[-1][0] if words[1:] else "")).upper()
    tone = blake2s(user.name.encode(), digest_size=1).digest()[0] % TONES
    return Who(shown, initials, tone, user.is_bot)


def in_channel(actor: Actor, channel: Channel) -> Iterator[Post]:
    """Yield the messages of a conversation that stand in no thread, the newest first."""
    whispers = [one for one in actor.desk.whispers.values() if one.channel == channel.id]
    if not whispers:
        yield from (one for one in reversed(channel.posts.values()) if _stands_alone(one))
        return
    everything = [*channel.posts.values(), *whispers]
    everything.sort(key=lambda one: one.ts, reverse=True)
    yield from (one for one in everything if _stands_alone(one))


def in_thread(actor: Actor, channel: Channel, thread: str) -> list[Post]:
    """Return a message and the replies to it, the oldest first."""
    everything = [*channel.posts.values(), *actor.desk.whispers.values()]
    return sorted(
        (one for one in everything if thread in {one.ts, one.thread_ts}), key=lambda one: one.ts
    )


def _stands_alone(post: Post) -> bool:
    return post.thread_ts in {None, post.ts} or post.subtype == "thread_broadcast"


@dataclass(frozen=True, slots=True)
class Replies:
    """How many answers each message of a conversation has, and when the last one came."""

    counts: dict[str, int]
    last: dict[str, str]

    @classmethod
    def of(cls, channel: Channel) -> Replies:
        """Count the replies in `channel`."""
        counts: dict[str, int] = {}
        last: dict[str, str] = {}
        for post in channel.posts.values():
            if post.thread_ts and post.thread_ts != post.ts:
                counts[post.thread_ts] = counts.get(post.thread_ts, 0) + 1
                last[post.thread_ts] = post.ts
        return cls(counts, last)


def shown(
    actor: Actor, posts: Iterable[Post], replies: Replies, thread_href: str = ""
) -> list[Shown]:
    """Return `posts`, the oldest first, ready to be drawn; `thread_href` leads to a thread."""
    before: Post | None = None
    found = []
    for post in posts:
        found.append(_shown(actor, post, before, replies, thread_href))
        before = post
    return found


def _shown(
    actor: Actor, post: Post, before: Post | None, replies: Replies, thread_href: str
) -> Shown:
    reader = reader_of(actor)
    moment = reader.local(float(post.ts))
    day = _day(moment, reader.local(float(before.ts)) if before else None, actor)
    count, last = replies.counts.get(post.ts, 0), replies.last.get(post.ts)
    last_reply = reader.local(float(last)).strftime("%H:%M") if last else ""
    follows = not day and before is not None and _follows(post, before)
    shortcuts = [one for one in actor.world.manifest.shortcuts.values() if one.type == "message"]
    inputs = repr(actor.desk.inputs.get(post.ts) or "")
    return Shown(
        id=f"m{post.ts.replace('.', '-')}" + ("" if thread_href else "-t"),
        ts=post.ts,
        key=(post.edited_ts, post.text, inputs, repr(post.reactions), count, last, day, follows),
        who=who_is(actor.workspace.users[post.user], post.username),
        time=moment.strftime("%H:%M"),
        day=day,
        follows=follows,
        only_for_me=post.only_for is not None,
        edited=post.edited_ts is not None and post.bot_id is None,
        is_mine=post.user == actor.id,
        thread_href=f"{thread_href}{post.ts}" if thread_href else "",
        replies=count,
        last_reply=last_reply,
        post=post,
        actor=actor,
        shortcuts=shortcuts,
    )


def _day(moment: datetime, before: datetime | None, actor: Actor) -> str:
    if before is not None and before.date() == moment.date():
        return ""
    today = reader_of(actor).local(actor.world.clock.now().timestamp()).date()
    return "Today" if moment.date() == today else moment.strftime("%A, %-d %B")


def _follows(post: Post, before: Post) -> bool:
    same = (post.user, post.username, post.only_for) == (
        before.user,
        before.username,
        before.only_for,
    )
    return same and float(post.ts) - float(before.ts) < FOLLOWS_WITHIN


def file_card(actor: Actor, shape: Json) -> Json:
    """Return a file as the page offers it."""
    address = f"/page/files/{shape['id']}?as={actor.id}"
    kept = actor.workspace.files.get(str(shape["id"]))
    is_picture = kept is not None and kept.mimetype in PICTURES
    return {
        "name": shape.get("title") or shape.get("name"),
        "href": f"{address}&download=1",
        "source": address if is_picture else "",
        "alt": shape.get("alt_txt") or shape.get("title") or shape.get("name"),
        "size": size_words(int(shape.get("size") or 0)),
    }


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < KILO:
        return f"{size} bytes"
    return f"{size / KILO:.1f} kB" if size < KILO**2 else f"{size / KILO**2:.1f} MB"


def _attachment(raw: Json, reader: Reader) -> dict[str, Any]:
    color = str(raw.get("color") or "").removeprefix("#")
    named = {"good": "2eb886", "warning": "daa038", "danger": "a30200"}.get(color, color)
    texts = {
        key: mrkdwn(str(raw[key]), reader) if raw.get(key) else ""
        for key in ("pretext", "title", "text", "footer")
    }
    return texts | {
        "color": f"#{named}" if named else "",
        "blocks": as_list(raw.get("blocks")),
        "fields": [_field(as_object(one), reader) for one in as_list(raw.get("fields"))],
        "undrawn": {key: raw[key] for key in UNDRAWN if raw.get(key)},
        "image": raw.get("image_url") or raw.get("thumb_url") or "",
    }


def _field(raw: Json, reader: Reader) -> dict[str, Markup]:
    return {key: mrkdwn(str(raw.get(key, "")), reader) for key in ("title", "value")}


def newest(posts: Iterator[Post], most: int) -> list[Post]:
    """Return the first `most` of `posts` (which come newest first), the oldest first."""
    return list(islice(posts, most))[::-1]
