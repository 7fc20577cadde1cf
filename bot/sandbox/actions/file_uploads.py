"""Sharing files in messages and adding them to file inputs."""

from __future__ import annotations

import mimetypes
from dataclasses import replace

from ..api_json import file_json
from ..errors import ActionRejectedError
from ..ids import random_hex
from ..json_codec import as_list
from ..state_values import BlockElement, state_entry
from ..workspace import File, Post, View
from .actor import Actor
from .addressed_elements import ElementAddress, locate_element
from .labelled_elements import wait_for_labelled
from .messages import ComposedMessage, send_message
from .visibility import ElementContainer


async def share_file(actor: Actor, name: str, content: bytes, composed: ComposedMessage) -> Post:
    """Share a file in a message.

    Raises:
        ActionRejectedError: if `actor` cannot post in the channel.
    """
    file = store_file(actor, name, content)
    file.channels.add(composed.channel)
    shape = file_json(file, actor.workspace, actor.world.url)
    return await send_message(actor, replace(composed, files=[shape]))


async def attach_file(actor: Actor, label: str, file: tuple[str, bytes], *, within: float) -> None:
    """Add a file to the file input with this label.

    Raises:
        NotVisibleError: if no such input appears `within` so many seconds.
        ActionRejectedError: if the input does not accept this type of file.
    """
    _add_file(actor, *await wait_for_labelled(actor, label, within), file)


async def attach_file_at(actor: Actor, address: ElementAddress, file: tuple[str, bytes]) -> None:
    """Add a file to the file input at `address`.

    Raises:
        NotVisibleError: if there is no such input.
        ActionRejectedError: if the input does not accept this type of file.
    """
    _add_file(actor, *locate_element(actor, address), file)


def _add_file(
    actor: Actor,
    container: ElementContainer,
    target: BlockElement,
    name_and_content: tuple[str, bytes],
) -> None:
    _check_file_type(target, name_and_content[0])
    file = store_file(actor, *name_and_content)
    file.channels.add(actor.client.dm)  # an app may read the files in its own modal
    key = (target.block_id, target.action_id)
    before = container.inputs.get(key, {"files": []})["files"]
    shape = file_json(file, actor.workspace, actor.world.url)
    container.inputs[key] = state_entry(target.element, [*before, shape])
    if isinstance(container.source, View):
        container.source.errors.pop(target.block_id, None)
    actor.client.notify_change()


def _check_file_type(target: BlockElement, name: str) -> None:
    accepted = [str(filetype).lower() for filetype in as_list(target.element.get("filetypes"))]
    extension = name.rpartition(".")[2].lower()
    if accepted and extension not in accepted:
        message = f"only {', '.join(accepted)} can be added here"
        raise ActionRejectedError({target.block_id: message})


def remove_file_at(actor: Actor, address: ElementAddress, file_id: str) -> None:
    """Remove a file from the file input at `address`.

    Raises:
        NotVisibleError: if there is no such input.
    """
    container, target = locate_element(actor, address)
    key = (target.block_id, target.action_id)
    before = container.inputs.get(key, {"files": []})["files"]
    remaining = [file for file in before if file["id"] != file_id]
    container.inputs[key] = state_entry(target.element, remaining)
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
