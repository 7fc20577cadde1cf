"""What is before a person, and how she waits for something to appear."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.errors import NotVisible
from bot.sandbox.seen import shown_post, shown_view
from bot.sandbox.snapshots import Message, Screen, choices, message_of
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Inputs, Post, View

T = TypeVar("T")
WITHIN = 15.0
"""How many seconds somebody waits for something to appear, if nothing else is said.

Only what never comes takes this long; a machine that is busy with much else may need half of it.
"""
MOST_TOLD = 5
"""How many messages an error quotes."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A message or a view with elements in it, and what was entered there so far."""

    place: Post | View
    blocks: list[Json]
    inputs: Inputs


def visible_posts(actor: Actor) -> Iterator[Post]:
    """Yield the messages that `actor` can see, the newest first."""
    rooms = [room.posts for room in actor.workspace.channels.values() if actor.id in room.members]
    rooms.append(actor.desk.whispers)
    newest_first = [reversed(posts.values()) for posts in rooms if posts]
    if len(newest_first) == 1:
        yield from newest_first[0]
    else:
        yield from heapq.merge(*newest_first, key=attrgetter("ts"), reverse=True)


def spots(actor: Actor) -> Iterator[Spot]:
    """Yield where `actor` could click, the likeliest first.

    An open modal covers everything else. Without one, the Home tab comes first if it is open,
    then the messages, the newest first.
    """
    desk = actor.desk
    if desk.modals:
        yield view_spot(desk.modals[-1])
        return
    if desk.home and desk.at_home:
        yield view_spot(desk.home)
    for post in visible_posts(actor):
        if post.blocks or post.attachments:
            yield post_spot(actor, post)
    if desk.home and not desk.at_home:
        yield view_spot(desk.home)


def view_spot(view: View) -> Spot:
    """Return `view` as a place to click."""
    return Spot(view, view.blocks, view.inputs)


def post_spot(actor: Actor, post: Post) -> Spot:
    """Return `post` as a place to click, with what `actor` entered in it."""
    attached = [block for one in post.attachments for block in one.get("blocks") or ()]
    return Spot(post, [*post.blocks, *attached], actor.desk.inputs[post.ts])


def spot_in(actor: Actor, picture: Message | Screen) -> Spot:
    """Return a message or view as `actor` saw it once; she may click in an old picture of it."""
    if isinstance(picture, Message):
        return post_spot(actor, picture.post)
    return view_spot(picture.view)


async def eventually(actor: Actor, look: Callable[[], T | None], within: float) -> T | None:
    """Return what `look` finds as soon as it finds something, or None after `within` seconds."""
    found = look()
    if found is not None or within <= 0:
        return found
    awake = asyncio.Event()
    actor.desk.watchers.append(awake)
    try:
        async with asyncio.timeout(within):
            return await _watch(awake, look)
    except TimeoutError:
        return look()
    finally:
        actor.desk.watchers.remove(awake)


async def _watch(awake: asyncio.Event, look: Callable[[], T | None]) -> T:
    while True:
        found = look()
        if found is not None:
            return found
        await awake.wait()
        awake.clear()


async def see(actor: Actor, text: str, within: float) -> Message:
    """Return the message in which `actor` sees `text`, once she does.

    For a text in a modal or in the Home tab, the result is a message made of that view.

    Raises:
        NotVisible: if she does not see it within so many seconds.
    """
    found = await eventually(actor, lambda: sight(actor, text), within)
    if found is None:
        raise NotVisible(wanted=f"{text!r} is not to be seen", seen=overview(actor))
    return message_of(found, actor.workspace)


async def see_not(actor: Actor, text: str, within: float) -> None:
    """Return once `actor` sees `text` nowhere.

    Raises:
        NotVisible: if it is still there after so many seconds.
    """
    gone = await eventually(actor, lambda: sight(actor, text) is None or None, within)
    if gone is None:
        raise NotVisible(wanted=f"{text!r} is still to be seen", seen=overview(actor))


async def download(actor: Actor, name: str, within: float) -> bytes:
    """Return what is in the newest file that `actor` sees by this name or title.

    Raises:
        NotVisible: if she sees none within so many seconds.
    """
    found = await eventually(actor, lambda: _content(actor, name), within)
    if found is None:
        raise NotVisible(wanted=f"no file {name!r} is to be seen", seen=overview(actor))
    return found


def _content(actor: Actor, name: str) -> bytes | None:
    for post in visible_posts(actor):
        for shape in post.files:
            if name in {shape.get("name"), shape.get("title")}:
                return actor.workspace.files[shape["id"]].content
    return None


def sight(actor: Actor, text: str) -> Post | None:
    """Return the newest message, modal or Home tab in which `actor` sees `text`."""
    desk, workspace = actor.desk, actor.workspace
    for view in (*reversed(desk.modals), desk.home):
        if view is not None and text in shown_view(view, workspace):
            shown = shown_view(view, workspace)
            return Post("", "", workspace.app.bot_user, shown, view.blocks, shown=shown)
    for post in visible_posts(actor):
        if text in shown_post(post, workspace):
            return post
    return None


def overview(actor: Actor) -> str:
    """Return in words what is before `actor`, for the messages of errors."""
    desk, workspace = actor.desk, actor.workspace
    parts = [f"modal {shown_view(view, workspace)!r}" for view in reversed(desk.modals)]
    posts = list(visible_posts(actor))[:MOST_TOLD]
    parts += [f"message {shown_post(post, workspace)!r}" for post in posts]
    if desk.home:
        parts.append(f"Home {shown_view(desk.home, workspace)!r}")
    return "; ".join(parts) or "nothing at all"


def buttons(actor: Actor) -> list[str]:
    """Return the texts of the buttons and options that `actor` could click now."""
    return [text for spot in spots(actor) for text in choices(spot.blocks)]
