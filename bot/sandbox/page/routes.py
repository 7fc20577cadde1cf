"""HTTP routes of the sandbox pages, their files and their live updates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aiohttp import web

from ..actions.actor import Actor
from ..control import add_control_routes
from ..request_guard import SECURITY_HEADERS, guard_requests
from ..workspace import File
from ..world import World
from .gallery import GALLERY_USER_ID, build_gallery_world, examples_to_render
from .live_updates import stream_changes
from .page_session import PageSession, PageSessions
from .page_templates import render_page
from .render_context import IMAGE_TYPES, player_of
from .traffic_rows import traffic_rows, traffic_rows_html
from .workspace_page import PageLocation

STATIC_FILES = {
    path.name: path for path in sorted((Path(__file__).parent / "static").iterdir()) if path.suffix
}
CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def add_page_routes(application: web.Application, world: World) -> None:
    """Add the pages for `world` to `application`."""
    sessions = PageSessions()

    async def show_workspace(request: web.Request) -> web.StreamResponse:
        return _workspace_response(world, sessions, request)

    async def stream_session(request: web.Request) -> web.StreamResponse:
        session = sessions.find(request.query.get("session", ""))
        if session is None:  # 204 ends the event source, and the page reloads itself
            return web.Response(status=204, headers=SECURITY_HEADERS)
        if "reset" in request.query:
            session.reset()
        return await stream_changes(request, session)

    async def download_file(request: web.Request) -> web.StreamResponse:
        is_gallery = request.query.get("as") == GALLERY_USER_ID
        return _file_response(get_gallery_world() if is_gallery else world, request)

    get_gallery_world = cache(build_gallery_world)  # built at the first visit to the gallery

    async def show_gallery(_request: web.Request) -> web.StreamResponse:
        examples = examples_to_render(get_gallery_world())
        name = world.workspace.name
        return html_response(
            render_page("gallery", workspace=name, examples=examples, user_id=GALLERY_USER_ID)
        )

    async def show_traffic(_request: web.Request) -> web.StreamResponse:
        name, total = world.workspace.name, world.traffic.total
        return html_response(
            render_page("traffic", workspace=name, rows=traffic_rows(world), total=total)
        )

    async def get_traffic_rows(request: web.Request) -> web.StreamResponse:
        return _traffic_rows_response(world, request)

    router = application.router
    router.add_get("/", guard_requests(show_workspace))
    router.add_get("/page/live", guard_requests(stream_session))
    router.add_get("/page/files/{file}", guard_requests(download_file))
    router.add_get("/page/static/{name}", guard_requests(_static_response))
    router.add_get("/gallery", guard_requests(show_gallery))
    router.add_get("/traffic", guard_requests(show_traffic))
    router.add_get("/traffic/rows", guard_requests(get_traffic_rows))
    add_control_routes(application, get_gallery_world, "/gallery/control")


def html_response(text: str) -> web.Response:
    """Return a response with an HTML page or fragment."""
    return web.Response(text=text, content_type="text/html", headers=SECURITY_HEADERS)


def _workspace_response(world: World, sessions: PageSessions, request: web.Request) -> web.Response:
    clients = world.workspace.clients
    if not clients:
        return html_response(render_page("no_users", workspace=world.workspace.name))
    user_id = request.query.get("as", "")
    actor = Actor(world, user_id if user_id in clients else next(iter(clients)))
    session = PageSession(actor, _read_location(actor, request))
    session.mark_read()
    sessions.add(session)
    text = render_page("workspace", page=session)
    session.mark_all_sent()
    return html_response(text)


def _read_location(actor: Actor, request: web.Request) -> PageLocation:
    query = request.query
    channel = actor.workspace.channels.get(query.get("in", ""))
    if channel is None or actor.id not in channel.members:
        channel = actor.workspace.channels[actor.client.dm]
    is_home = channel.id == actor.client.dm and _opens_home(actor, query.get("tab", ""))
    thread = query.get("thread", "")
    return PageLocation(
        channel.id,
        thread if thread in channel.posts and not is_home else "",
        "home" if is_home else "messages",
        query.get("before", ""),
    )


def _opens_home(actor: Actor, tab: str) -> bool:
    """Tell whether the app opens with its Home tab: if asked for, or in place of Messages."""
    manifest = actor.world.manifest
    return manifest.home_tab and (tab == "home" or not manifest.messages_tab)


def _file_response(world: World, request: web.Request) -> web.Response:
    file = world.workspace.files.get(request.match_info["file"])
    user_id = request.query.get("as", "")
    if file is None or file.content is None or not _can_see_file(world, user_id, file):
        return web.Response(status=404, text="File not found", headers=SECURITY_HEADERS)
    is_shown = file.mimetype in IMAGE_TYPES or player_of(file.mimetype)
    is_inline = bool(is_shown) and "download" not in request.query
    headers = dict(SECURITY_HEADERS)
    if not is_inline:
        name = file.name.replace('"', "").encode("ascii", "replace").decode()
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    content_type = file.mimetype if is_inline else "application/octet-stream"
    return web.Response(body=file.content, content_type=content_type, headers=headers)


def _can_see_file(world: World, user_id: str, file: File) -> bool:
    """Tell whether the user may see `file`.

    Files of the app that are only shown in blocks belong to no channel; every user sees them.
    """
    channels = [world.workspace.channels[channel_id] for channel_id in file.channels]
    is_app_file = (
        file.user_id == world.app.bot_user_id
        and not channels
        and user_id in world.workspace.clients
    )
    return is_app_file or any(user_id in channel.members for channel in channels)


def _traffic_rows_response(world: World, request: web.Request) -> web.Response:
    after = request.query.get("after", "0")
    response = html_response(traffic_rows_html(world, int(after) if after.isdecimal() else 0))
    response.headers["X-Total-Records"] = str(world.traffic.total)
    return response


async def _static_response(request: web.Request) -> web.StreamResponse:
    path = STATIC_FILES.get(request.match_info["name"])
    if path is None:
        return web.Response(status=404, text="File not found", headers=SECURITY_HEADERS)
    return web.Response(
        body=path.read_bytes(),
        content_type=CONTENT_TYPES[path.suffix],
        charset="utf-8",
        headers=SECURITY_HEADERS,
    )
