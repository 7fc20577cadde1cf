"""Sharing a file with the app."""

from __future__ import annotations

import mimetypes
from dataclasses import replace

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.addressed_elements import ElementAddress, locate_element
from bot.sandbox.actions.labelled_elements import wait_for_labelled
from bot.sandbox.actions.messages import ComposedMessage, send_message
from bot.sandbox.actions.visibility import ElementContainer
from bot.sandbox.api_json import file_json
from bot.sandbox.errors import ActionRejectedError
from bot.sandbox.ids import random_hex
from bot.sandbox.json_codec import as_list
from bot.sandbox.state_values import BlockElement, state_entry
from bot.sandbox.workspace import File, Post, View


async def share_file(actor: Actor, name: str, content: bytes, composed: ComposedMessage) -> Post:
    """Let `actor` share a file, with a remark.

    Raises:
        Rejected: if she cannot write there.
    """
    file = store_file(actor, name, content)
    file.channels.add(composed.channel)
    shape = file_json(file, actor.workspace, actor.world.url)
    return await send_message(actor, replace(composed, files=[shape]))


async def attach_file(actor: Actor, label: str, file: tuple[str, bytes], *, within: float) -> None:
    """Let `actor` add a file to the file input called `label`.

    Raises:
        NotVisible: if there is no such input within so many seconds.
        Rejected: if it does not take such files.
    """
    _add_file(actor, *await wait_for_labelled(actor, label, within), file)


async def attach_file_at(actor: Actor, at: ElementAddress, file: tuple[str, bytes]) -> None:
    """Let `actor` add a file to the file input `at` that place.

    Raises:
        NotVisible: if there is no such input.
        Rejected: if it does not take such files.
    """
    _add_file(actor, *locate_element(actor, at), file)


def _add_file(
    actor: Actor,
    container: ElementContainer,
    target: BlockElement,
    name_and_content: tuple[str, bytes],
) -> None:
    _check_file_type(target, name_and_content[0])
    file = store_file(actor, *name_and_content)
    file.channels.add(actor.client.dm)  # an app may read what it is given in its own modal
    key = (target.block_id, target.action_id)
    before = container.inputs.get(key, {"files": []})["files"]
    shape = file_json(file, actor.workspace, actor.world.url)
    container.inputs[key] = state_entry(target.element, [*before, shape])
    if isinstance(container.source, View):
        container.source.errors.pop(target.block_id, None)
    actor.client.notify_change()


def _check_file_type(target: BlockElement, name: str) -> None:
    known = [str(one).lower() for one in as_list(target.element.get("filetypes"))]
    ending = name.rpartition(".")[2].lower()
    if known and ending not in known:
        raise ActionRejectedError({target.block_id: f"only {', '.join(known)} can be added here"})


def remove_file_at(actor: Actor, at: ElementAddress, file_id: str) -> None:
    """Let `actor` take a file out of the file input `at` that place.

    Raises:
        NotVisible: if there is no such input.
    """
    container, target = locate_element(actor, at)
    key = (target.block_id, target.action_id)
    before = container.inputs.get(key, {"files": []})["files"]
    left = [one for one in before if one["id"] != file_id]
    container.inputs[key] = state_entry(target.element, left)
    actor.client.notify_change()


def store_file(actor: Actor, name: str, content: bytes) -> File:
    """Store a file of `actor` and return it."""
    file = File(
        id=actor.world.ids.new("F"),
        name=name,
        title=name,
        user_id=actor.id,
        created=int(actor.world.clock.now().timestamp()),
        upload_key=random_hex(24),
        length=len(content),
        content=content,
        is_complete=True,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
    )
    actor.workspace.files[file.id] = file
    return file
