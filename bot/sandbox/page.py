"""One plain page that shows everybody's messages, modals and Home tabs as readable text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice

from aiohttp import web

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.looking import visible_posts
from bot.sandbox.seen import shown_post, shown_view
from bot.sandbox.world import World

MOST_MESSAGES = 50
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="refresh" content="2"><title>Pretend workspace</title>
<style>body{font-family:sans-serif;margin:2em;max-width:60em}pre{white-space:pre-wrap;
border-left:3px solid #999;padding-left:1em}.modal{border-color:#36c}.home{border-color:#2a2}
</style></head><body><h1>Pretend workspace</h1>"""


def answer_page(world: World) -> web.Response:
    """Return the page. Everything on it is escaped, and nothing is loaded from elsewhere."""
    body = HEAD + "".join(_people(world)) + "</body></html>"
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return web.Response(text=body, content_type="text/html", headers=headers)


def _people(world: World) -> Iterator[str]:
    for person, desk in world.workspace.desks.items():
        yield f"<h2>{escape(world.workspace.users[person].real_name)}</h2>"
        for view in (*reversed(desk.modals), desk.home):
            if view is not None:
                yield _box(view.kind, view.kind, shown_view(view, world.workspace))
        for post in islice(visible_posts(Actor(world, person)), MOST_MESSAGES):
            author = world.workspace.users[post.user].real_name
            only = " (only visible to her)" if post.only_for else ""
            yield _box("message", author + only, shown_post(post, world.workspace))


def _box(kind: str, title: str, text: str) -> str:
    return f'<h4>{escape(title)}</h4><pre class="{kind}">{escape(text)}</pre>'
