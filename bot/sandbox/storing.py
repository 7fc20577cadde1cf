"""The bytes of files: coming in by upload, going out by authorised download."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.arguments import MULTIPART
from bot.sandbox.wire import Json
from bot.sandbox.workspace import File
from bot.sandbox.world import World

SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"
)

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What a `slack_file` may be: "png, jpg, jpeg, and gif"."""

_LINK = re.compile(r"/(?:files-pri/\w+-|files/\w+/)(\w+)/")


async def answer_upload(world: World, request: web.Request) -> web.Response:
    """Take the bytes that an app posts to an upload_url: raw, or as the one file of a form."""
    fault = world.faults.take("upload")
    if fault:
        return web.Response(status=fault.status, text="failed on purpose")
    key = request.match_info["key"]
    file = next((one for one in world.workspace.files.values() if one.key == key), None)
    if file is None or file.complete:
        return web.Response(status=404, text="invalid upload url")
    file.content = await _content(request)
    if len(file.content) != file.length:
        said = f"{file.length} bytes were announced, {len(file.content)} came"
        return web.Response(status=400, text=said)
    return web.Response(text=f"OK - {file.length}")


async def _content(request: web.Request) -> bytes:
    if request.content_type != MULTIPART:
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


async def answer_download(world: World, request: web.Request) -> web.Response:
    """Give the bytes of a file to whoever may read it; show everybody else the sign-in page.

    Slack answers 200 with a page of HTML to a missing or wrong token, so here it is the same.
    """
    file_id = request.match_info["file"].partition("-")[2]
    file = world.workspace.files.get(file_id)
    if file is None or not _may_read(world, file, request):
        return web.Response(text=SIGN_IN, content_type="text/html")
    return web.Response(body=file.content, content_type=file.mimetype)


def _may_read(world: World, file: File, request: web.Request) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = token == world.app.bot_token and "files:read" in world.manifest.scopes
    return allowed and file.content is not None and sees_file(world, file)


def file_named(world: World, slack_file: Json) -> File | None:
    """Return the file that a `slack_file` object names, by its id or by one of its links."""
    address = urlsplit(str(slack_file.get("url") or ""))
    found = _LINK.match(address.path) if world.url.endswith(f"//{address.netloc}") else None
    return world.workspace.files.get(str(slack_file.get("id") or (found[1] if found else "")))


def shows_picture(world: World, slack_file: Json) -> bool:
    """Tell whether the app may show the picture that a `slack_file` object names."""
    file = file_named(world, slack_file)
    is_there = file is not None and file.complete and sees_file(world, file)
    return is_there and file is not None and file.mimetype in PICTURES


def sees_file(world: World, file: File) -> bool:
    """Tell whether the app may know of `file`: its own, or shared where the app is."""
    bot, channels = world.app.bot_user, world.workspace.channels
    return file.user == bot or any(bot in channels[one].members for one in file.channels)
