"""The pages and what they are made of, by address."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aiohttp import web

from bot.sandbox.control import add_control
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.guarding import HEADERS, guarded
from bot.sandbox.page.canvas import PICTURES
from bot.sandbox.page.drawing import page
from bot.sandbox.page.gallery import PERSON, drawn_examples, gallery_world
from bot.sandbox.page.inspecting import rows, rows_html
from bot.sandbox.page.live import tell_changes
from bot.sandbox.page.surroundings import Place
from bot.sandbox.page.windows import Window, Windows
from bot.sandbox.workspace import File
from bot.sandbox.world import World

STATIC = {
    path.name: path for path in sorted((Path(__file__).parent / "static").iterdir()) if path.suffix
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def add_page(application: web.Application, world: World) -> None:
    """Let `application` show the workspace of `world`."""
    windows = Windows()

    async def look(request: web.Request) -> web.StreamResponse:
        return _workspace(world, windows, request)

    async def live(request: web.Request) -> web.StreamResponse:
        window = windows.find(request.query.get("window", ""))
        if window is None:
            return web.Response(status=204, headers=HEADERS)  # it has to be loaded anew
        if "fresh" in request.query:
            window.forget()
        return await tell_changes(request, window)

    async def download(request: web.Request) -> web.StreamResponse:
        is_gallery = request.query.get("as") == PERSON
        return _file(shown() if is_gallery else world, request)

    shown = cache(gallery_world)  # made when somebody looks: most workspaces never show it

    async def gallery(_request: web.Request) -> web.StreamResponse:
        drawn = drawn_examples(shown())
        return html(page("gallery", workspace=world.workspace.name, drawn=drawn, person=PERSON))

    async def traffic(_request: web.Request) -> web.StreamResponse:
        name, noted = world.workspace.name, world.traffic.noted
        return html(page("traffic", workspace=name, rows=rows(world), noted=noted))

    async def new_rows(request: web.Request) -> web.StreamResponse:
        return _rows(world, request)

    router = application.router
    router.add_get("/", guarded(look))
    router.add_get("/page/live", guarded(live))
    router.add_get("/page/files/{file}", guarded(download))
    router.add_get("/page/static/{name}", guarded(_static))
    router.add_get("/gallery", guarded(gallery))
    router.add_get("/traffic", guarded(traffic))
    router.add_get("/traffic/rows", guarded(new_rows))
    add_control(application, shown, "/gallery/control")


def html(text: str) -> web.Response:
    """Return a page."""
    return web.Response(text=text, content_type="text/html", headers=HEADERS)


def _workspace(world: World, windows: Windows, request: web.Request) -> web.Response:
    desks = world.workspace.desks
    if not desks:
        return html(page("nobody", workspace=world.workspace.name))
    person = request.query.get("as", "")
    actor = Actor(world, person if person in desks else next(iter(desks)))
    window = Window(actor, _place(actor, request))
    window.seen()
    windows.keep(window)
    text = page("workspace", w=window)
    window.begin()
    return html(text)


def _place(actor: Actor, request: web.Request) -> Place:
    query = request.query
    channel = actor.workspace.channels.get(query.get("in", ""))
    if channel is None or actor.id not in channel.members:
        return Place(actor.desk.dm)
    is_home = query.get("tab") == "home" and channel.id == actor.desk.dm
    thread = query.get("thread", "")
    return Place(
        channel.id,
        thread if thread in channel.posts and not is_home else "",
        "home" if is_home and actor.world.manifest.home_tab else "messages",
        query.get("before", ""),
    )


def _file(world: World, request: web.Request) -> web.Response:
    file = world.workspace.files.get(request.match_info["file"])
    person = request.query.get("as", "")
    if file is None or file.content is None or not _may_see(world, person, file):
        return web.Response(status=404, text="no such file", headers=HEADERS)
    is_shown = file.mimetype in PICTURES and "download" not in request.query
    headers = dict(HEADERS)
    if not is_shown:
        name = file.name.replace('"', "").encode("ascii", "replace").decode()
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    kind = file.mimetype if is_shown else "application/octet-stream"
    return web.Response(body=file.content, content_type=kind, headers=headers)


def _may_see(world: World, person: str, file: File) -> bool:
    """Tell whether `file` is where this person is; what the app only shows in blocks is nowhere."""
    rooms = [world.workspace.channels[one] for one in file.channels]
    own = file.user == world.app.bot_user and not rooms and person in world.workspace.desks
    return own or any(person in room.members for room in rooms)


def _rows(world: World, request: web.Request) -> web.Response:
    after = request.query.get("after", "0")
    answer = html(rows_html(world, int(after) if after.isdecimal() else 0))
    answer.headers["X-Noted"] = str(world.traffic.noted)
    return answer


async def _static(request: web.Request) -> web.StreamResponse:
    path = STATIC.get(request.match_info["name"])
    if path is None:
        return web.Response(status=404, text="not here", headers=HEADERS)
    return web.Response(
        body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS
    )
