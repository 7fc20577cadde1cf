"""The sandbox by HTTP: whatever people and tests do in Python, as JSON for any language.

The pages use it too, so what a browser does and what a test does takes one path.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.sandbox.control.administration import ADMINISTRATION_ROUTES
from bot.sandbox.control.inspection import INSPECTION_ROUTES
from bot.sandbox.control.membership_and_status import MEMBERSHIP_AND_STATUS_ROUTES
from bot.sandbox.control.requests import ControlHandler, to_http_handler
from bot.sandbox.control.uploads import upload_file
from bot.sandbox.control.user_actions import ACTION_ROUTES
from bot.sandbox.request_guard import guard_requests
from bot.sandbox.world import World

__all__ = ["add_control_routes"]

POST_ROUTES: dict[str, ControlHandler] = {
    **ACTION_ROUTES,
    **MEMBERSHIP_AND_STATUS_ROUTES,
    **ADMINISTRATION_ROUTES,
}
"""What is asked for by POST, by the last part of its path."""


def add_control_routes(
    application: web.Application, world: Callable[[], World], prefix: str = "/control"
) -> None:
    """Let `application` answer for a world, fetched when it is asked, at addresses `under` this."""
    router = application.router
    for name, ask in POST_ROUTES.items():
        router.add_post(f"{prefix}/{name}", guard_requests(to_http_handler(world, ask)))
    for name, sight in INSPECTION_ROUTES.items():
        router.add_get(f"{prefix}/{name}", guard_requests(to_http_handler(world, sight)))
    router.add_post(f"{prefix}/uploads", guard_requests(to_http_handler(world, upload_file)))
