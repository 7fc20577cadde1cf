"""How a method is called: tokens, scopes, limits, faults, and the shape of every answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.errors import RateLimitedError, WebApiError, invalid_arguments
from bot.sandbox.faults import Fault
from bot.sandbox.ids import random_hex
from bot.sandbox.json_codec import Json, encode
from bot.sandbox.traffic import TrafficRecord, response_problems
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

    handler: Callable[[World, Arguments], Json]
    scopes: tuple[str, ...] = ()
    tier: int | None = None
    required: tuple[str, ...] = ()
    token_type: Literal["bot", "app"] | None = "bot"
    post_only: bool = False


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What goes back for a call."""

    payload: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    arguments: Json = field(default_factory=dict)
    raw_body: bytes | None = None


async def handle_call(
    world: World, methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> web.Response:
    """Answer `request` for one of `methods` as Slack would, and note both.

    `known` are the names of methods that Slack has, built here or not.
    """
    name = request.match_info["method"]
    started = time.perf_counter()
    reply = await _respond(world, methods, known_methods, request)
    took = time.perf_counter() - started
    problems = response_problems(reply.payload)
    world.traffic.add(
        TrafficRecord("in", name, reply.arguments, reply.payload, reply.status, problems, took)
    )
    headers = {"x-slack-req-id": random_hex(32), **reply.headers}
    if reply.raw_body is not None:
        return web.Response(status=reply.status, body=reply.raw_body, headers=headers)
    headers["Content-Type"] = JSON_HEADER
    return web.Response(status=reply.status, body=encode(reply.payload), headers=headers)


async def _respond(
    world: World, methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> ApiResponse:
    name = request.match_info["method"]
    fault = world.faults.take(name)
    if fault and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault and not fault.is_performed:
        return _fault_response(fault)
    reply = await _respond_without_faults(world, methods, known_methods, request)
    return _fault_response(fault) if fault and fault.kind != "slow" else reply


async def _respond_without_faults(
    world: World, methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> ApiResponse:
    args = Arguments({}, "")
    headers = _scope_headers(world, methods.get(request.match_info["method"]))
    try:
        args = await read_arguments(request)
        method = _find_method(methods, known_methods, request)
        answer = {"ok": True} | _call_method(world, request.match_info["method"], method, args)
    except WebApiError as refusal:
        answer = refusal.response
    except RateLimitedError as too_many:
        limited = {"ok": False, "error": "ratelimited"}
        return ApiResponse(
            limited, 429, {"Retry-After": str(too_many.retry_after_seconds)}, args.values
        )
    return ApiResponse(_add_warnings(answer, args.warnings), 200, headers, args.values)


def _find_method(
    methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> Method:
    name = request.match_info["method"]
    method = methods.get(name)
    if method is None and name in known_methods:
        raise WebApiError(
            error="not_built_in_sandbox", detail=f"Slack has {name}; the sandbox has not."
        )
    if method is None:
        raise WebApiError(error="unknown_method", req_method=name)
    if method.post_only and request.method != "POST":
        raise WebApiError(error="insecure_request")
    return method


def _call_method(world: World, name: str, method: Method, args: Arguments) -> Json:
    if method.token_type is not None:
        _check_token(world, method, args.token)
    wait = world.limits.retry_after(name, method.tier)
    if wait:
        raise RateLimitedError(wait)
    missing = [f"missing required field: {one}" for one in method.required if not args.has(one)]
    if missing:
        raise invalid_arguments(*missing)
    return method.handler(world, args)


def _check_token(world: World, method: Method, token: str) -> None:
    app, scopes = world.app, world.manifest.scopes
    if not token:
        raise WebApiError(error="not_authed")
    if token not in {app.bot_token, app.app_token}:
        raise WebApiError(error="invalid_auth")
    if not app.is_installed:
        raise WebApiError(error="account_inactive" if token == app.bot_token else "invalid_auth")
    if (token == app.app_token) != (method.token_type == "app"):
        raise WebApiError(error="not_allowed_token_type")
    if method.token_type == "bot" and method.scopes and not set(method.scopes) & set(scopes):
        raise missing_scope_error(world, method.scopes)


def missing_scope_error(world: World, needed: tuple[str, ...]) -> WebApiError:
    """Return the refusal of a call whose token lacks the `needed` scopes."""
    provided = ",".join(world.manifest.scopes)
    return WebApiError("missing_scope", needed=",".join(needed), provided=provided)


def _scope_headers(world: World, method: Method | None) -> dict[str, str]:
    accepted = ",".join(method.scopes) if method else ""
    granted = APP_SCOPES if method and method.token_type == "app" else world.manifest.scopes
    return {
        "x-oauth-scopes": ",".join(granted),
        "x-accepted-oauth-scopes": accepted,
    }


def _add_warnings(answer: Json, warnings: tuple[str, ...]) -> Json:
    if not warnings:
        return answer
    remarks = answer.get("response_metadata", {}) | {"warnings": list(warnings)}
    return answer | {"warning": ",".join(warnings), "response_metadata": remarks}


def _fault_response(fault: Fault) -> ApiResponse:
    if fault.kind == "error":
        return ApiResponse({"ok": False, "error": fault.error})
    if fault.kind == "ratelimit":
        headers = {"Retry-After": str(int(fault.seconds))}
        return ApiResponse({"ok": False, "error": "ratelimited"}, 429, headers)
    failed = {"ok": False, "error": f"HTTP {fault.status}, on purpose"}
    headers = {"Content-Type": "text/html"}
    return ApiResponse(
        failed, fault.status, headers, raw_body=b"<html>Sorry, something broke.</html>"
    )
