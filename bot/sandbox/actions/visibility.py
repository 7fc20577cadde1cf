"""What a user sees, and waiting for it to change."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from ..emoji import show_emoji
from ..errors import NotVisibleError
from ..json_codec import Json
from ..snapshots import MessageSnapshot, ViewSnapshot, choice_texts, snapshot_message
from ..visible_text import render_post, render_view
from ..workspace import InputEntries, Post, View
from .actor import Actor

T = TypeVar("T")
DEFAULT_WAIT_SECONDS = 15.0
"""Default seconds to wait for something to appear.

Only failures take this long. A busy machine may need half of it.
"""
MAX_QUOTED_MESSAGES = 5
"""Number of messages that an error quotes."""


@dataclass(frozen=True, slots=True)
class ElementContainer:
    """A message or view with its blocks and the values entered in them."""

    source: Post | View
    blocks: list[Json]
    inputs: InputEntries


def visible_posts(actor: Actor) -> Iterator[Post]:
    """Yield the messages that `actor` can see, newest first."""
    channels = [
        channel.posts
        for channel in actor.workspace.channels.values()
        if actor.id in channel.members
    ]
    channels.append(actor.client.ephemeral_posts)
    newest_first = [reversed(posts.values()) for posts in channels if posts]
    if len(newest_first) == 1:
        yield from newest_first[0]
    else:
        yield from heapq.merge(*newest_first, key=attrgetter("ts"), reverse=True)


def visible_containers(actor: Actor) -> Iterator[ElementContainer]:
    """Yield the messages and views in which `actor` can click, most likely first.

    An open modal hides everything else. Otherwise: the Home tab if it is open, the messages
    newest first, and the Home tab last if it is not open.
    """
    client = actor.client
    if client.modals:
        yield view_container(client.modals[-1])
        return
    if client.home and client.is_home_open:
        yield view_container(client.home)
    for post in visible_posts(actor):
        if post.blocks or post.attachments:
            yield post_container(actor, post)
    if client.home and not client.is_home_open:
        yield view_container(client.home)


def view_container(view: View) -> ElementContainer:
    """Return the container of a view."""
    return ElementContainer(view, view.blocks, view.inputs)


def post_container(actor: Actor, post: Post) -> ElementContainer:
    """Return the container of a message, with the values that `actor` entered in it."""
    attached = [
        block for attachment in post.attachments for block in attachment.get("blocks") or ()
    ]
    return ElementContainer(post, [*post.blocks, *attached], actor.client.inputs[post.ts])


def snapshot_container(actor: Actor, snapshot: MessageSnapshot | ViewSnapshot) -> ElementContainer:
    """Return the container of a snapshot, in which `actor` can click even if it is outdated."""
    if isinstance(snapshot, MessageSnapshot):
        return post_container(actor, snapshot.post)
    return view_container(snapshot.view)


async def wait_for(actor: Actor, find: Callable[[], T | None], within: float) -> T | None:
    """Return the result of `find` once it is not None, or None after `within` seconds."""
    result = find()
    if result is not None or within <= 0:
        return result
    changed = asyncio.Event()
    actor.client.change_events.append(changed)
    try:
        async with asyncio.timeout(within):
            return await _find_on_change(changed, find)
    except TimeoutError:
        return find()
    finally:
        actor.client.change_events.remove(changed)


async def _find_on_change(changed: asyncio.Event, find: Callable[[], T | None]) -> T:
    while True:
        result = find()
        if result is not None:
            return result
        await changed.wait()
        changed.clear()


async def wait_for_text(actor: Actor, text: str, within: float) -> MessageSnapshot:
    """Wait until `actor` sees `text`, and return the message that shows it.

    For a text in a modal or Home tab, the message is built from that view.

    Raises:
        NotVisibleError: if the text does not appear `within` so many seconds.
    """
    post = await wait_for(actor, lambda: find_text(actor, text), within)
    if post is None:
        raise NotVisibleError(problem=f"{text!r} is not visible", visible=describe_screen(actor))
    return snapshot_message(post, actor.workspace)


async def wait_until_gone(actor: Actor, text: str, within: float) -> None:
    """Wait until `actor` no longer sees `text`.

    Raises:
        NotVisibleError: if the text is still visible after `within` seconds.
    """
    is_gone = await wait_for(actor, lambda: find_text(actor, text) is None or None, within)
    if is_gone is None:
        raise NotVisibleError(problem=f"{text!r} is still visible", visible=describe_screen(actor))


async def wait_for_file(actor: Actor, name: str, within: float) -> bytes:
    """Wait until `actor` sees a file with this name or title; return the newest one's content.

    Raises:
        NotVisibleError: if there is none `within` so many seconds.
    """
    content = await wait_for(actor, lambda: _find_file_content(actor, name), within)
    if content is None:
        raise NotVisibleError(
            problem=f"no file {name!r} is visible", visible=describe_screen(actor)
        )
    return content


def _find_file_content(actor: Actor, name: str) -> bytes | None:
    for post in visible_posts(actor):
        for shape in post.files:
            if name in {shape.get("name"), shape.get("title")}:
                return actor.workspace.files[shape["id"]].content
    return None


def find_text(actor: Actor, text: str) -> Post | None:
    """Return the top view or else the newest message in which `actor` sees `text`."""
    client, workspace, text = actor.client, actor.workspace, show_emoji(text)
    for view in (*reversed(client.modals), client.home):
        if view is not None and text in render_view(view, workspace):
            visible = render_view(view, workspace)
            author = workspace.app.bot_user_id
            return Post("", "", author, visible, view.blocks, cached_text=visible)
    for post in visible_posts(actor):
        if text in render_post(post, workspace):
            return post
    return None


def describe_screen(actor: Actor) -> str:
    """Return what `actor` sees, for error messages."""
    client, workspace = actor.client, actor.workspace
    parts = [f"modal {render_view(view, workspace)!r}" for view in reversed(client.modals)]
    posts = list(visible_posts(actor))[:MAX_QUOTED_MESSAGES]
    parts += [f"message {render_post(post, workspace)!r}" for post in posts]
    if client.home:
        parts.append(f"Home {render_view(client.home, workspace)!r}")
    return "; ".join(parts) or "nothing"


def visible_buttons(actor: Actor) -> list[str]:
    """Return the texts of the buttons and options that `actor` can click now."""
    return [
        text for container in visible_containers(actor) for text in choice_texts(container.blocks)
    ]
