"""files.*: uploads in three steps, and file details."""

from __future__ import annotations

import mimetypes

from ..api_json import file_json
from ..arguments import Arguments
from ..block_validation import prepare_content
from ..errors import WebApiError, missing_field
from ..file_transfer import can_see_file
from ..ids import random_hex
from ..json_codec import Json, as_object
from ..lookups import find_channel
from ..messages import Draft, add_post, delete_post
from ..workspace import Channel, File
from ..world import World

MAX_ALT_TEXT_CHARS = 1_000
MAX_SNIPPET_BYTES = 1_000_000
MAX_CHANNELS = 100


def get_upload_url(world: World, args: Arguments) -> Json:
    """Handle files.getUploadURLExternal."""
    length = args.text("length")
    if not length.isdigit() or int(length) == 0:
        raise WebApiError(error="missing_argument")
    if len(args.text("alt_txt")) > MAX_ALT_TEXT_CHARS:
        raise WebApiError(error="alt_txt_too_large")
    if args.has("snippet_type") and int(length) > MAX_SNIPPET_BYTES:
        raise WebApiError(error="snippet_too_large")
    file = _create_file(world, args.text("filename"), int(length), args.text("alt_txt"))
    world.workspace.files[file.id] = file
    return {"upload_url": f"{world.url}/upload/v1/{file.upload_key}", "file_id": file.id}


def complete_upload(world: World, args: Arguments) -> Json:
    """Handle files.completeUploadExternal."""
    files = [_find_upload(world, as_object(entry)) for entry in _files_argument(args)]
    channels = _find_channels(world, args)
    for file in files:
        file.is_complete = True
        file.channels |= {channel.id for channel in channels}
    bodies = [file_json(file, world.workspace, world.url) for file in files]
    for channel in channels:
        _post_files(world, args, channel, bodies)
    return {"files": bodies}


def info(world: World, args: Arguments) -> Json:
    """Handle files.info."""
    file = world.workspace.files.get(args.text("file"))
    if file is None or not file.is_complete or not can_see_file(world, file):
        raise WebApiError(error="file_not_found")
    body = file_json(file, world.workspace, world.url)
    if world.faults.consume_unprocessed():
        body |= {"mimetype": "", "filetype": "", "pretty_type": ""}
    return {"file": body, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(world: World, args: Arguments) -> Json:
    """Handle files.delete: messages that share the file no longer have it."""
    file = world.workspace.files.get(args.text("file"))
    if file is None or not file.is_complete or not can_see_file(world, file):
        raise WebApiError(error="file_not_found")
    if file.user_id != world.app.bot_user_id:
        raise WebApiError(error="cant_delete_file")
    del world.workspace.files[file.id]
    for channel in world.workspace.channels.values():
        _remove_shares(world, channel, file.id)
    return {}


def _remove_shares(world: World, channel: Channel, file_id: str) -> None:
    """Remove a file from the messages of a channel, and a message that had nothing else."""
    for post in list(channel.posts.values()):
        if not any(shared.get("id") == file_id for shared in post.files):
            continue
        post.files = [shared for shared in post.files if shared.get("id") != file_id]
        if not (post.text or post.blocks or post.attachments or post.files):
            delete_post(world, channel, post)
    world.workspace.notify_channel(channel)


def _create_file(world: World, name: str, length: int, alt_txt: str) -> File:
    return File(
        id=world.ids.new("F"),
        name=name,
        title=name,
        user_id=world.app.bot_user_id,
        created=int(world.clock.now().timestamp()),
        upload_key=random_hex(32),
        length=length,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        alt_txt=alt_txt,
    )


def _files_argument(args: Arguments) -> list[object]:
    try:
        files = args.json("files")
    except ValueError:
        files = None
    if not isinstance(files, list) or not files:
        raise missing_field(field="files")
    return files


def _find_upload(world: World, entry: Json) -> File:
    """Return the file of this entry of `files`: uploaded and not yet completed."""
    file = world.workspace.files.get(str(entry.get("id")))
    if file is None or file.is_complete or file.content is None:
        raise WebApiError(error="file_not_found")
    file.title = str(entry.get("title") or file.name)
    return file


def _find_channels(world: World, args: Arguments) -> list[Channel]:
    channel_ids = args.strings("channels") or args.strings("channel_id")
    if len(channel_ids) > MAX_CHANNELS:
        raise WebApiError(error="channels_limit_exceeded")
    channels = [find_channel(world, channel_id) for channel_id in channel_ids]
    if any(world.app.bot_user_id not in channel.members for channel in channels):
        raise WebApiError(error="not_in_channel")
    if any(channel.kind == "im" for channel in channels) and not world.manifest.messages_tab:
        raise WebApiError(error="posting_to_channel_denied")
    return channels


def _post_files(world: World, args: Arguments, channel: Channel, files: list[Json]) -> None:
    blocks = args.json("blocks") if args.has("blocks") else None
    content = prepare_content(world, blocks, None)
    parent = channel.posts.get(args.text("thread_ts"))
    draft = Draft(
        text=args.text("initial_comment"),
        blocks=content.blocks,
        thread_ts=(parent.thread_ts or parent.ts) if parent else None,
        files=files,
        subtype="file_share",
    )
    add_post(world, channel, draft)
