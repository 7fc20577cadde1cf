"""How a method is called: tokens, scopes, limits, faults, and the shape of every answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.errors import Refusal, TooMany, bad_argument
from bot.sandbox.faults import Fault
from bot.sandbox.ids import secret
from bot.sandbox.traffic import Record, problems_of
from bot.sandbox.wire import Json, encode
from bot.sandbox.world import World

APP_SCOPES = ("connections:write",)
JSON_HEADER = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Web API, and the rules for calling it.

    Attributes:
        run: does it and returns the answer, without `ok`.
        scopes: the scopes of which the token needs at least one; empty if it needs none.
        tier: the tier of its rate limit, None for methods with a limit of their own.
        required: the arguments without which it is not even tried.
        takes: the kind of token it takes, None if it takes none.
        post_only: whether a GET is refused.
    """

    run: Callable[[World, Arguments], Json]
    scopes: tuple[str, ...] = ()
    tier: int | None = None
    required: tuple[str, ...] = ()
    takes: Literal["bot", "app"] | None = "bot"
    post_only: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back for a call."""

    answer: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    args: Json = field(default_factory=dict)
    body: bytes | None = None


async def answer_call(
    world: World, methods: Mapping[str, Method], known: frozenset[str], request: web.Request
) -> web.Response:
    """Answer `request` for one of `methods` as Slack would, and note both.

    `known` are the names of methods that Slack has, built here or not.
    """
    name = request.match_info["method"]
    began = time.perf_counter()
    reply = await _reply(world, methods, known, request)
    took = time.perf_counter() - began
    problems = problems_of(reply.answer)
    world.traffic.note(Record("in", name, reply.args, reply.answer, reply.status, problems, took))
    headers = {"x-slack-req-id": secret(32), **reply.headers}
    if reply.body is not None:
        return web.Response(status=reply.status, body=reply.body, headers=headers)
    headers["Content-Type"] = JSON_HEADER
    return web.Response(status=reply.status, body=encode(reply.answer), headers=headers)


async def _reply(
    world: World, methods: Mapping[str, Method], known: frozenset[str], request: web.Request
) -> Reply:
    name = request.match_info["method"]
    fault = world.faults.take(name)
    if fault and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault and not fault.performed:
        return _faulty(fault)
    reply = await _honest(world, methods, known, request)
    return _faulty(fault) if fault and fault.kind != "slow" else reply


async def _honest(
    world: World, methods: Mapping[str, Method], known: frozenset[str], request: web.Request
) -> Reply:
    args = Arguments({}, "")
    headers = _scope_headers(world, methods.get(request.match_info["method"]))
    try:
        args = await read_arguments(request)
        method = _method(methods, known, request)
        answer = {"ok": True} | _run(world, request.match_info["method"], method, args)
    except Refusal as refusal:
        answer = refusal.answer
    except TooMany as too_many:
        limited = {"ok": False, "error": "ratelimited"}
        return Reply(limited, 429, {"Retry-After": str(too_many.seconds)}, args.values)
    return Reply(_remarked(answer, args.warnings), 200, headers, args.values)


def _method(methods: Mapping[str, Method], known: frozenset[str], request: web.Request) -> Method:
    name = request.match_info["method"]
    method = methods.get(name)
    if method is None and name in known:
        raise Refusal(
            error="not_built_in_sandbox", detail=f"Slack has {name}; the sandbox has not."
        )
    if method is None:
        raise Refusal(error="unknown_method", req_method=name)
    if method.post_only and request.method != "POST":
        raise Refusal(error="insecure_request")
    return method


def _run(world: World, name: str, method: Method, args: Arguments) -> Json:
    if method.takes is not None:
        _check_token(world, method, args.token)
    wait = world.limits.wait(name, method.tier)
    if wait:
        raise TooMany(wait)
    missing = [f"missing required field: {one}" for one in method.required if not args.has(one)]
    if missing:
        raise bad_argument(*missing)
    return method.run(world, args)


def _check_token(world: World, method: Method, token: str) -> None:
    app, scopes = world.app, world.manifest.scopes
    if not token:
        raise Refusal(error="not_authed")
    if token not in {app.bot_token, app.app_token}:
        raise Refusal(error="invalid_auth")
    if not app.installed:
        raise Refusal(error="account_inactive" if token == app.bot_token else "invalid_auth")
    if (token == app.app_token) != (method.takes == "app"):
        raise Refusal(error="not_allowed_token_type")
    if method.takes == "bot" and method.scopes and not set(method.scopes) & set(scopes):
        raise missing_scope(world, method.scopes)


def missing_scope(world: World, needed: tuple[str, ...]) -> Refusal:
    """Return the refusal of a call whose token lacks the `needed` scopes."""
    provided = ",".join(world.manifest.scopes)
    return Refusal("missing_scope", needed=",".join(needed), provided=provided)


def _scope_headers(world: World, method: Method | None) -> dict[str, str]:
    accepted = ",".join(method.scopes) if method else ""
    granted = APP_SCOPES if method and method.takes == "app" else world.manifest.scopes
    return {
        "x-oauth-scopes": ",".join(granted),
        "x-accepted-oauth-scopes": accepted,
    }


def _remarked(answer: Json, warnings: tuple[str, ...]) -> Json:
    if not warnings:
        return answer
    remarks = answer.get("response_metadata", {}) | {"warnings": list(warnings)}
    return answer | {"warning": ",".join(warnings), "response_metadata": remarks}


def _faulty(fault: Fault) -> Reply:
    if fault.kind == "error":
        return Reply({"ok": False, "error": fault.error})
    if fault.kind == "ratelimit":
        headers = {"Retry-After": str(int(fault.seconds))}
        return Reply({"ok": False, "error": "ratelimited"}, 429, headers)
    failed = {"ok": False, "error": f"HTTP {fault.status}, on purpose"}
    headers = {"Content-Type": "text/html"}
    return Reply(failed, fault.status, headers, body=b"<html>Sorry, something broke.</html>")
