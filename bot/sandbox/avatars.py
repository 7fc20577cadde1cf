"""Images of users, one color each."""

from __future__ import annotations

import zlib

from aiohttp import web

from .api_json import IMAGE_SIZES
from .png import striped_png
from .world import World


def avatar_response(world: World, request: web.Request) -> web.Response:
    """Return the image of a user in one of the sizes that profiles name."""
    user_id, size = request.match_info["user"], request.match_info["size"]
    if user_id not in world.workspace.users or size not in map(str, IMAGE_SIZES):
        raise web.HTTPNotFound
    color = zlib.crc32(user_id.encode()).to_bytes(4, "big")
    image = striped_png(int(size), [(color[0], color[1], color[2])] * int(size))
    return web.Response(body=image, content_type="image/png")
