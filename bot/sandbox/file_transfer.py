"""The bytes of files: coming in by upload, going out by authorised download."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.arguments import MULTIPART_TYPE
from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import File
from bot.sandbox.world import World

SIGN_IN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"
)

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What a `slack_file` may be: "png, jpg, jpeg, and gif"."""

_FILE_URL_PATH = re.compile(r"/(?:files-pri/\w+-|files/\w+/)(\w+)/")


async def handle_upload(world: World, request: web.Request) -> web.Response:
    """Take the bytes that an app posts to an upload_url: raw, or as the one file of a form."""
    fault = world.faults.take("upload")
    if fault:
        return web.Response(status=fault.status, text="failed on purpose")
    key = request.match_info["key"]
    file = next((one for one in world.workspace.files.values() if one.upload_key == key), None)
    if file is None or file.is_complete:
        return web.Response(status=404, text="invalid upload url")
    file.content = await _read_upload(request)
    if len(file.content) != file.length:
        message = f"{file.length} bytes were announced, {len(file.content)} came"
        return web.Response(status=400, text=message)
    return web.Response(text=f"OK - {file.length}")


async def _read_upload(request: web.Request) -> bytes:
    if request.content_type != MULTIPART_TYPE:
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


async def handle_download(world: World, request: web.Request) -> web.Response:
    """Give the bytes of a file to whoever may read it; show everybody else the sign-in page.

    Slack answers 200 with a page of HTML to a missing or wrong token, so here it is the same.
    """
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
    """Return the file that a `slack_file` object names, by its id or by one of its links."""
    address = urlsplit(str(slack_file.get("url") or ""))
    found = (
        _FILE_URL_PATH.match(address.path) if world.url.endswith(f"//{address.netloc}") else None
    )
    return world.workspace.files.get(str(slack_file.get("id") or (found[1] if found else "")))


def can_show_image(world: World, slack_file: Json) -> bool:
    """Tell whether the app may show the picture that a `slack_file` object names."""
    file = find_slack_file(world, slack_file)
    is_available = file is not None and file.is_complete and can_see_file(world, file)
    return is_available and file is not None and file.mimetype in IMAGE_TYPES


def can_see_file(world: World, file: File) -> bool:
    """Tell whether the app may know of `file`: its own, or shared where the app is."""
    bot, channels = world.app.bot_user_id, world.workspace.channels
    return file.user_id == bot or any(bot in channels[one].members for one in file.channels)
