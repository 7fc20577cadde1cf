"""How a request to the control API is read, and how its errors look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.looking import WITHIN
from bot.sandbox.errors import NotAcknowledged, NotVisible, Rejected, SandboxError
from bot.sandbox.guarding import HEADERS, Answer
from bot.sandbox.wire import Json, decode, encode
from bot.sandbox.workspace import Channel
from bot.sandbox.world import World

JSON_TYPE = "application/json"


class Unreadable(SandboxError):  # noqa: N818 - it is an answer, not a failure of the sandbox
    """What was asked makes no sense; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the values of a JSON object or of a query, and the body as it came."""

    world: World
    values: Mapping[str, Any]
    body: bytes = b""

    def text(self, name: str, otherwise: str | None = None) -> str:
        """Return the text called `name`, or `otherwise` if there is none.

        Raises:
            Unreadable: if it is no text, or missing and there is nothing to take instead.
        """
        value = self.values.get(name, otherwise)
        if not isinstance(value, str):
            message = f"{name} must be a text"
            raise Unreadable(message)
        return value

    def number(self, name: str, otherwise: float) -> float:
        """Return the number called `name`, or `otherwise`.

        Raises:
            Unreadable: if it is no number.
        """
        try:
            return float(self.values.get(name, otherwise))
        except (TypeError, ValueError):
            message = f"{name} must be a number"
            raise Unreadable(message) from None

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """Return the flag called `name`, or `otherwise`."""
        return self.values.get(name, otherwise) in {True, "1", "true"}

    def list(self, name: str) -> list[Any]:
        """Return the list called `name`; empty if there is none.

        Raises:
            Unreadable: if it is something else.
        """
        value = self.values.get(name, [])
        if not isinstance(value, list):
            message = f"{name} must be a list"
            raise Unreadable(message)
        return value

    @property
    def within(self) -> float:
        """How many seconds to wait for something to appear."""
        return self.number("within", WITHIN)

    @property
    def actor(self) -> Actor:
        """Whoever acts: the person whose name or id is `as`.

        Raises:
            Unreadable: if there is nobody of that name.
        """
        return Actor(self.world, person_named(self.world, self.text("as")))

    def channel(self, actor: Actor) -> Channel:
        """Return the channel called `channel`, or the direct message of `actor` with the app.

        Raises:
            Unreadable: if there is none of that name.
        """
        name = self.text("channel", actor.desk.dm).removeprefix("#")
        for channel in self.world.workspace.channels.values():
            if name == channel.id or (channel.name and name == channel.name):
                return channel
        message = f"there is no channel {name!r}"
        raise Unreadable(message)


Ask = Callable[[Request], Awaitable[Json]]
"""Does what was asked and returns what is to be told, without `ok`."""


def person_named(world: World, name: str) -> str:
    """Return the id of the person with this id or name.

    Raises:
        Unreadable: if there is nobody like that.
    """
    for user in world.workspace.users.values():
        if name in {user.id, user.name} and user.id in world.workspace.desks:
            return user.id
    message = f"there is nobody called {name!r}"
    raise Unreadable(message)


def answered(world: Callable[[], World], ask: Ask) -> Answer:
    """Return what answers a request with what `ask` returns, or with what went wrong."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            told = await ask(await _read(world(), request))
        except SandboxError as error:
            status, body = _failed(error)
            return _json(body, status)
        return _json({"ok": True, **told})

    return answer


async def _read(world: World, request: web.Request) -> Request:
    body = await request.read()
    if request.method == "GET" or request.content_type != JSON_TYPE:
        if request.method != "GET" and not request.path.endswith("/uploads"):
            message = f"the body must be JSON, as {JSON_TYPE}"
            raise Unreadable(message)
        return Request(world, dict(request.query), body)
    try:
        values = decode(body or b"{}")
    except ValueError:
        message = "the body is no JSON"
        raise Unreadable(message) from None
    if not isinstance(values, dict):
        message = "the body must be a JSON object"
        raise Unreadable(message)
    return Request(world, values)


def _failed(error: SandboxError) -> tuple[int, Json]:
    told: Json = {"ok": False, "error": "bad_request", "message": str(error)}
    if isinstance(error, NotVisible):
        return 404, told | {"error": "not_visible"}
    if isinstance(error, Rejected):
        return 422, told | {"error": "rejected", "errors": error.errors}
    if isinstance(error, NotAcknowledged):
        return 504, told | {"error": "not_acknowledged"}
    return 400, told


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(body=encode(body), status=status, content_type=JSON_TYPE, headers=HEADERS)
