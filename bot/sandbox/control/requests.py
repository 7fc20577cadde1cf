"""Requests and error responses of the control API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from ..actions.actor import Actor
from ..actions.visibility import DEFAULT_WAIT_SECONDS
from ..errors import (
    ActionRejectedError,
    NotAcknowledgedError,
    NotVisibleError,
    SandboxError,
)
from ..json_codec import Json, decode, encode
from ..request_guard import SECURITY_HEADERS, RequestHandler
from ..workspace import Channel
from ..world import World

JSON_TYPE = "application/json"
UPLOAD_PATH = "upload_file"
"""The last part of the only path whose body is not JSON."""


class BadRequestError(SandboxError):
    """The request is invalid; the message says why."""


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request to the control API: the values of its JSON body or query, and the raw body."""

    world: World
    values: Mapping[str, Any]
    body: bytes = b""

    def text(self, name: str, default: str | None = None) -> str:
        """Return the string `name`, or `default` if it is missing.

        Raises:
            BadRequestError: if it is not a string, or is missing and there is no default.
        """
        value = self.values.get(name, default)
        if not isinstance(value, str):
            message = f"{name} must be a string"
            raise BadRequestError(message)
        return value

    def number(self, name: str, default: float) -> float:
        """Return the number `name`, or `default` if it is missing.

        Raises:
            BadRequestError: if it is not a number.
        """
        try:
            return float(self.values.get(name, default))
        except (TypeError, ValueError):
            message = f"{name} must be a number"
            raise BadRequestError(message) from None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return the flag `name`, or `default` if it is missing."""
        return self.values.get(name, default) in {True, "1", "true"}

    def list(self, name: str) -> list[Any]:
        """Return the list `name`, empty if it is missing.

        Raises:
            BadRequestError: if it is not a list.
        """
        value = self.values.get(name, [])
        if not isinstance(value, list):
            message = f"{name} must be a list"
            raise BadRequestError(message)
        return value

    @property
    def within(self) -> float:
        """Seconds to wait for something to appear."""
        return self.number("within", DEFAULT_WAIT_SECONDS)

    @property
    def actor(self) -> Actor:
        """The user who acts, named by name or id in `as`.

        Raises:
            BadRequestError: if there is no such user.
        """
        return Actor(self.world, find_user_id(self.world, self.text("as")))

    def channel(self, actor: Actor) -> Channel:
        """Return the channel named by `channel`; by default the DM of `actor` with the app.

        Raises:
            BadRequestError: if there is no such channel.
        """
        name = self.text("channel", actor.client.dm).removeprefix("#")
        for channel in self.world.workspace.channels.values():
            if name == channel.id or (channel.name and name == channel.name):
                return channel
        message = f"unknown channel {name!r}"
        raise BadRequestError(message)


ControlHandler = Callable[[ControlRequest], Awaitable[Json]]
"""Handles a request and returns the response without `ok`."""


def find_user_id(world: World, name: str) -> str:
    """Return the id of the user with this id or name.

    Raises:
        BadRequestError: if there is no such user.
    """
    for user in world.workspace.users.values():
        if name in {user.id, user.name} and user.id in world.workspace.clients:
            return user.id
    message = f"unknown user {name!r}"
    raise BadRequestError(message)


def to_http_handler(world: Callable[[], World], handler: ControlHandler) -> RequestHandler:
    """Return an aiohttp handler that runs `handler` and converts a SandboxError to JSON."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            result = await handler(await _parse_request(world(), request))
        except SandboxError as error:
            status, body = _error_response(error)
            return _json_response(body, status)
        return _json_response({"ok": True, **result})

    return handle


async def _parse_request(world: World, request: web.Request) -> ControlRequest:
    body = await request.read()
    if request.method == "GET" or request.content_type != JSON_TYPE:
        if request.method != "GET" and not request.path.endswith(f"/{UPLOAD_PATH}"):
            message = f"the body must be JSON with the content type {JSON_TYPE}"
            raise BadRequestError(message)
        return ControlRequest(world, dict(request.query), body)
    try:
        values = decode(body or b"{}")
    except ValueError:
        message = "the body is not valid JSON"
        raise BadRequestError(message) from None
    if not isinstance(values, dict):
        message = "the body must be a JSON object"
        raise BadRequestError(message)
    return ControlRequest(world, values)


def _error_response(error: SandboxError) -> tuple[int, Json]:
    body: Json = {"ok": False, "error": "bad_request", "message": str(error)}
    if isinstance(error, NotVisibleError):
        return 404, body | {"error": "not_visible"}
    if isinstance(error, ActionRejectedError):
        return 422, body | {"error": "rejected", "errors": error.errors}
    if isinstance(error, NotAcknowledgedError):
        return 504, body | {"error": "not_acknowledged"}
    return 400, body


def _json_response(body: Json, status: int = 200) -> web.Response:
    return web.Response(
        body=encode(body), status=status, content_type=JSON_TYPE, headers=SECURITY_HEADERS
    )
