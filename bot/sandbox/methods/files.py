"""files.*: uploads in three steps, and what is known of a file."""

from __future__ import annotations

import mimetypes

from bot.sandbox.arguments import Arguments
from bot.sandbox.checking import stored_content
from bot.sandbox.errors import Refusal, missing_field
from bot.sandbox.finding import find_channel
from bot.sandbox.ids import secret
from bot.sandbox.posting import Draft, post
from bot.sandbox.shapes import file_json
from bot.sandbox.storing import sees_file
from bot.sandbox.wire import Json, as_object
from bot.sandbox.workspace import Channel, File
from bot.sandbox.world import World

LONGEST_ALT_TEXT = 1_000
LARGEST_SNIPPET = 1_000_000
MOST_CHANNELS = 100


def get_upload_url(world: World, args: Arguments) -> Json:
    """files.getUploadURLExternal."""
    length = args.text("length")
    if not length.isdigit() or int(length) == 0:
        raise Refusal(error="missing_argument")
    if len(args.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise Refusal(error="alt_txt_too_large")
    if args.has("snippet_type") and int(length) > LARGEST_SNIPPET:
        raise Refusal(error="snippet_too_large")
    file = _announced(world, args.text("filename"), int(length), args.text("alt_txt"))
    world.workspace.files[file.id] = file
    return {"upload_url": f"{world.url}/upload/v1/{file.key}", "file_id": file.id}


def complete_upload(world: World, args: Arguments) -> Json:
    """files.completeUploadExternal."""
    files = [_uploaded(world, as_object(one)) for one in _listed(args)]
    channels = _channels(world, args)
    for file in files:
        file.complete = True
        file.channels |= {channel.id for channel in channels}
    shapes = [file_json(file, world.workspace, world.url) for file in files]
    for channel in channels:
        _share(world, args, channel, shapes)
    return {"files": shapes}


def info(world: World, args: Arguments) -> Json:
    """files.info."""
    file = world.workspace.files.get(args.text("file"))
    if file is None or not file.complete or not sees_file(world, file):
        raise Refusal(error="file_not_found")
    shape = file_json(file, world.workspace, world.url)
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


def _announced(world: World, name: str, length: int, alt_txt: str) -> File:
    return File(
        id=world.names.new("F"),
        name=name,
        title=name,
        user=world.app.bot_user,
        created=int(world.clock.now().timestamp()),
        key=secret(32),
        length=length,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        alt_txt=alt_txt,
    )


def _listed(args: Arguments) -> list[object]:
    try:
        files = args.data("files")
    except ValueError:
        files = None
    if not isinstance(files, list) or not files:
        raise missing_field(field="files")
    return files


def _uploaded(world: World, listed: Json) -> File:
    """Return the file that `listed` names: uploaded, and not completed before."""
    file = world.workspace.files.get(str(listed.get("id")))
    if file is None or file.complete or file.content is None:
        raise Refusal(error="file_not_found")
    file.title = str(listed.get("title") or file.name)
    return file


def _channels(world: World, args: Arguments) -> list[Channel]:
    wanted = args.names("channels") or args.names("channel_id")
    if len(wanted) > MOST_CHANNELS:
        raise Refusal(error="channels_limit_exceeded")
    channels = [find_channel(world, one) for one in wanted]
    if any(world.app.bot_user not in channel.members for channel in channels):
        raise Refusal(error="not_in_channel")
    return channels


def _share(world: World, args: Arguments, channel: Channel, files: list[Json]) -> None:
    blocks = args.data("blocks") if args.has("blocks") else None
    content = stored_content(world, blocks, None)
    thread = channel.posts.get(args.text("thread_ts"))
    draft = Draft(
        text=args.text("initial_comment"),
        blocks=content.blocks,
        thread_ts=(thread.thread_ts or thread.ts) if thread else None,
        files=files,
        subtype="file_share",
    )
    post(world, channel, draft)
