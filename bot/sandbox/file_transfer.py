"""Upload and authorized download of file contents."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import web

from .arguments import MULTIPART_TYPE
from .fault_responses import TextReply, reply_with_faults, to_response
from .json_codec import Json
from .workspace import File
from .world import World

SIGN_IN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"
)

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
"""Slack on the types of a `slack_file`: "png, jpg, jpeg, and gif"."""

_FILE_URL_PATH = re.compile(r"/(?:files-pri/\w+-|files/\w+/)(\w+)/")


async def handle_upload(world: World, request: web.Request) -> web.Response:
    """Store the content that an app posts to an upload_url, raw or as the file of a form."""

    async def perform() -> TextReply:
        return await _store_upload(world, request)

    return to_response(request, await reply_with_faults(world, "upload", perform))


async def _store_upload(world: World, request: web.Request) -> TextReply:
    key = request.match_info["key"]
    files = world.workspace.files.values()
    file = next((file for file in files if file.upload_key == key), None)
    if file is None or file.is_complete:
        return TextReply(404, "invalid upload url")
    content = await _read_upload(request)
    if len(content) != file.length:
        return TextReply(400, f"expected {file.length} bytes, received {len(content)}")
    file.content = content
    return TextReply(text=f"OK - {file.length}")


async def _read_upload(request: web.Request) -> bytes:
    if request.content_type != MULTIPART_TYPE:
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


async def handle_download(world: World, request: web.Request) -> web.Response:
    """Return the content of a file, or the sign-in page if the token may not read it.

    Slack answers a missing or wrong token with status 200 and an HTML page.
    """

    async def perform() -> TextReply:
        return TextReply()

    reply = await reply_with_faults(world, "download", perform)
    if reply != TextReply():
        return to_response(request, reply)
    file_id = request.match_info["file"].partition("-")[2]
    file = world.workspace.files.get(file_id)
    if file is None or not _can_download(world, file, request):
        return web.Response(text=SIGN_IN_PAGE, content_type="text/html")
    return web.Response(body=file.content, content_type=file.mimetype)


def _can_download(world: World, file: File, request: web.Request) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = token == world.app.bot_token and "files:read" in world.manifest.scopes
    return allowed and file.content is not None and can_see_file(world, file)


def find_slack_file(world: World, slack_file: Json) -> File | None:
    """Return the file that a `slack_file` object names by id or URL."""
    url = urlsplit(str(slack_file.get("url") or ""))
    match = _FILE_URL_PATH.match(url.path) if world.url.endswith(f"//{url.netloc}") else None
    return world.workspace.files.get(str(slack_file.get("id") or (match[1] if match else "")))


def can_show_image(world: World, slack_file: Json) -> bool:
    """Tell whether the app may show the image that a `slack_file` object names."""
    file = find_slack_file(world, slack_file)
    if file is None or not file.is_complete or not can_see_file(world, file):
        return False
    return file.mimetype in IMAGE_TYPES and not world.faults.consume_unprocessed()


def linked_files(world: World, text: str) -> list[File]:
    """Return the files whose permalinks a text of the app has, and that the app may see.

    Slack shows them with the message. People in its conversation may open them, also files that
    were private (https://github.com/slackapi/bolt-python/issues/1018).
    """
    links = re.findall(rf"<?{re.escape(world.url)}/files/\w+/(\w+)/[^\s|>]*", text)
    files = [world.workspace.files.get(file_id) for file_id in dict.fromkeys(links)]
    return [file for file in files if file and file.is_complete and can_see_file(world, file)]


def delete_file(world: World, file_id: str) -> None:
    """Delete a file, as a member of the workspace can: nothing shows it anymore.

    Raises:
        KeyError: there is no such file.
    """
    del world.workspace.files[file_id]
    world.workspace.notify_all()


def can_see_file(world: World, file: File) -> bool:
    """Tell whether `file` is the app's own, or is shared in a channel that the app is in."""
    bot, channels = world.app.bot_user_id, world.workspace.channels
    return file.user_id == bot or any(
        bot in channels[channel_id].members for channel_id in file.channels
    )
