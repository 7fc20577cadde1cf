"""What is before a person, and how she waits for something to appear."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from bot.sandbox.actions.actor import Actor
from bot.sandbox.errors import NotVisibleError
from bot.sandbox.json_codec import Json
from bot.sandbox.snapshots import MessageSnapshot, ViewSnapshot, choice_texts, snapshot_message
from bot.sandbox.visible_text import render_post, render_view
from bot.sandbox.workspace import InputEntries, Post, View

T = TypeVar("T")
DEFAULT_WAIT_SECONDS = 15.0
"""How many seconds somebody waits for something to appear, if nothing else is said.

Only what never comes takes this long; a machine that is busy with much else may need half of it.
"""
MAX_QUOTED_MESSAGES = 5
"""How many messages an error quotes."""


@dataclass(frozen=True, slots=True)
class ElementContainer:
    """A message or a view with elements in it, and what was entered there so far."""

    source: Post | View
    blocks: list[Json]
    inputs: InputEntries


def visible_posts(actor: Actor) -> Iterator[Post]:
    """Yield the messages that `actor` can see, the newest first."""
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
    """Yield where `actor` could click, the likeliest first.

    An open modal covers everything else. Without one, the Home tab comes first if it is open,
    then the messages, the newest first.
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
    """Return `view` as a place to click."""
    return ElementContainer(view, view.blocks, view.inputs)


def post_container(actor: Actor, post: Post) -> ElementContainer:
    """Return `post` as a place to click, with what `actor` entered in it."""
    attached = [block for one in post.attachments for block in one.get("blocks") or ()]
    return ElementContainer(post, [*post.blocks, *attached], actor.client.inputs[post.ts])


def snapshot_container(actor: Actor, snapshot: MessageSnapshot | ViewSnapshot) -> ElementContainer:
    """Return a message or view as `actor` saw it once; she may click in an old picture of it."""
    if isinstance(snapshot, MessageSnapshot):
        return post_container(actor, snapshot.post)
    return view_container(snapshot.view)


async def wait_for(actor: Actor, find: Callable[[], T | None], within: float) -> T | None:
    """Return what `look` finds as soon as it finds something, or None after `within` seconds."""
    found = find()
    if found is not None or within <= 0:
        return found
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
        found = find()
        if found is not None:
            return found
        await changed.wait()
        changed.clear()


async def wait_for_text(actor: Actor, text: str, within: float) -> MessageSnapshot:
    """Return the message in which `actor` sees `text`, once she does.

    For a text in a modal or in the Home tab, the result is a message made of that view.

    Raises:
        NotVisible: if she does not see it within so many seconds.
    """
    found = await wait_for(actor, lambda: find_text(actor, text), within)
    if found is None:
        raise NotVisibleError(wanted=f"{text!r} is not to be seen", seen=describe_screen(actor))
    return snapshot_message(found, actor.workspace)


async def wait_until_gone(actor: Actor, text: str, within: float) -> None:
    """Return once `actor` sees `text` nowhere.

    Raises:
        NotVisible: if it is still there after so many seconds.
    """
    gone = await wait_for(actor, lambda: find_text(actor, text) is None or None, within)
    if gone is None:
        raise NotVisibleError(wanted=f"{text!r} is still to be seen", seen=describe_screen(actor))


async def wait_for_file(actor: Actor, name: str, within: float) -> bytes:
    """Return what is in the newest file that `actor` sees by this name or title.

    Raises:
        NotVisible: if she sees none within so many seconds.
    """
    found = await wait_for(actor, lambda: _find_file_content(actor, name), within)
    if found is None:
        raise NotVisibleError(wanted=f"no file {name!r} is to be seen", seen=describe_screen(actor))
    return found


def _find_file_content(actor: Actor, name: str) -> bytes | None:
    for post in visible_posts(actor):
        for shape in post.files:
            if name in {shape.get("name"), shape.get("title")}:
                return actor.workspace.files[shape["id"]].content
    return None


def find_text(actor: Actor, text: str) -> Post | None:
    """Return the newest message, modal or Home tab in which `actor` sees `text`."""
    client, workspace = actor.client, actor.workspace
    for view in (*reversed(client.modals), client.home):
        if view is not None and text in render_view(view, workspace):
            shown = render_view(view, workspace)
            return Post("", "", workspace.app.bot_user_id, shown, view.blocks, cached_text=shown)
    for post in visible_posts(actor):
        if text in render_post(post, workspace):
            return post
    return None


def describe_screen(actor: Actor) -> str:
    """Return in words what is before `actor`, for the messages of errors."""
    client, workspace = actor.client, actor.workspace
    parts = [f"modal {render_view(view, workspace)!r}" for view in reversed(client.modals)]
    posts = list(visible_posts(actor))[:MAX_QUOTED_MESSAGES]
    parts += [f"message {render_post(post, workspace)!r}" for post in posts]
    if client.home:
        parts.append(f"Home {render_view(client.home, workspace)!r}")
    return "; ".join(parts) or "nothing at all"


def visible_buttons(actor: Actor) -> list[str]:
    """Return the texts of the buttons and options that `actor` could click now."""
    return [
        text for container in visible_containers(actor) for text in choice_texts(container.blocks)
    ]
