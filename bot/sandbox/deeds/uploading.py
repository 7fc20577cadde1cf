"""Sharing a file with the app."""

from __future__ import annotations

import mimetypes
from dataclasses import replace

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.looking import Spot
from bot.sandbox.deeds.pointing import At, point
from bot.sandbox.deeds.talking import Remark, write
from bot.sandbox.deeds.using import labelled
from bot.sandbox.errors import Rejected
from bot.sandbox.ids import secret
from bot.sandbox.shapes import file_json
from bot.sandbox.state_values import Target, held
from bot.sandbox.wire import as_list
from bot.sandbox.workspace import File, Post, View


async def share(actor: Actor, name: str, content: bytes, remark: Remark) -> Post:
    """Let `actor` share a file, with a remark.

    Raises:
        Rejected: if she cannot write there.
    """
    file = keep(actor, name, content)
    file.channels.add(remark.channel)
    shape = file_json(file, actor.workspace, actor.world.url)
    return await write(actor, replace(remark, files=[shape]))


async def attach(actor: Actor, label: str, named: tuple[str, bytes], *, within: float) -> None:
    """Let `actor` add a file to the file input called `label`.

    Raises:
        NotVisible: if there is no such input within so many seconds.
        Rejected: if it does not take such files.
    """
    _add(actor, *await labelled(actor, label, within), named)


async def attach_at(actor: Actor, at: At, named: tuple[str, bytes]) -> None:
    """Let `actor` add a file to the file input `at` that place.

    Raises:
        NotVisible: if there is no such input.
        Rejected: if it does not take such files.
    """
    _add(actor, *point(actor, at), named)


def _add(actor: Actor, spot: Spot, target: Target, named: tuple[str, bytes]) -> None:
    _check_type(target, named[0])
    file = keep(actor, *named)
    file.channels.add(actor.desk.dm)  # an app may read what it is given in its own modal
    key = (target.block_id, target.action_id)
    before = spot.inputs.get(key, {"files": []})["files"]
    shape = file_json(file, actor.workspace, actor.world.url)
    spot.inputs[key] = held(target.element, [*before, shape])
    if isinstance(spot.place, View):
        spot.place.errors.pop(target.block_id, None)
    actor.desk.changed()


def _check_type(target: Target, name: str) -> None:
    known = [str(one).lower() for one in as_list(target.element.get("filetypes"))]
    ending = name.rpartition(".")[2].lower()
    if known and ending not in known:
        raise Rejected({target.block_id: f"only {', '.join(known)} can be added here"})


def remove_at(actor: Actor, at: At, file_id: str) -> None:
    """Let `actor` take a file out of the file input `at` that place.

    Raises:
        NotVisible: if there is no such input.
    """
    spot, target = point(actor, at)
    key = (target.block_id, target.action_id)
    before = spot.inputs.get(key, {"files": []})["files"]
    left = [one for one in before if one["id"] != file_id]
    spot.inputs[key] = held(target.element, left)
    actor.desk.changed()


def keep(actor: Actor, name: str, content: bytes) -> File:
    """Store a file of `actor` and return it."""
    file = File(
        id=actor.world.names.new("F"),
        name=name,
        title=name,
        user=actor.id,
        created=int(actor.world.clock.now().timestamp()),
        key=secret(24),
        length=len(content),
        content=content,
        complete=True,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
    )
    actor.workspace.files[file.id] = file
    return file
