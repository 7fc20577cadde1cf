"""The control API: user actions, administration and inspection of the sandbox as JSON over HTTP.

The sandbox page uses it too, so the browser and tests in any language take the same path.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from ..request_guard import guard_requests
from ..world import World
from .administration import ADMINISTRATION_ROUTES
from .deliveries import DELIVERY_ROUTES
from .faults import FAULT_ROUTES
from .inspection import INSPECTION_ROUTES
from .membership_and_status import MEMBERSHIP_AND_STATUS_ROUTES
from .requests import UPLOAD_PATH, ControlHandler, to_http_handler
from .uploads import upload_file
from .user_actions import ACTION_ROUTES

__all__ = ["add_control_routes"]

POST_ROUTES: dict[str, ControlHandler] = {
    **ACTION_ROUTES,
    **MEMBERSHIP_AND_STATUS_ROUTES,
    **ADMINISTRATION_ROUTES,
    **FAULT_ROUTES,
    **DELIVERY_ROUTES,
}
"""POST routes by the last part of their path."""


def add_control_routes(
    application: web.Application, world: Callable[[], World], prefix: str = "/control"
) -> None:
    """Add the control API to `application` under `prefix`; `world` is called once per request."""
    router = application.router
    for name, handler in POST_ROUTES.items():
        router.add_post(f"{prefix}/{name}", guard_requests(to_http_handler(world, handler)))
    for name, handler in INSPECTION_ROUTES.items():
        router.add_get(f"{prefix}/{name}", guard_requests(to_http_handler(world, handler)))
    router.add_post(f"{prefix}/{UPLOAD_PATH}", guard_requests(to_http_handler(world, upload_file)))
