"""Web API calls: tokens, scopes, rate limits, faults and responses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from aiohttp import web

from .arguments import Arguments, read_arguments
from .errors import RateLimitedError, WebApiError, invalid_arguments
from .fault_responses import drop_connection
from .faults import INJECTED_FAILURE, Fault
from .ids import random_hex
from .json_codec import Json, encode
from .traffic import TrafficRecord, response_problems
from .world import World

ADMIN_PREFIX = "admin."
"""Methods with these first letters exist in Slack, and none of them in the sandbox."""

APP_SCOPES = ("connections:write",)
JSON_HEADER = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method and the rules for calling it.

    Attributes:
        handler: runs the method and returns the response without `ok`.
        scopes: scopes of which the token needs at least one; empty if none is needed.
        tier: the tier of its rate limit, None for a method with its own limit.
        required: the arguments it cannot be called without.
        credential: the kind of token that the method needs, None if it needs none.
        post_only: whether GET requests are rejected.
    """

    handler: Callable[[World, Arguments], Json]
    scopes: tuple[str, ...] = ()
    tier: int | None = None
    required: tuple[str, ...] = ()
    credential: Literal["bot", "app"] | None = "bot"
    post_only: bool = False


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """The response to a call, and the arguments for the traffic record.

    If `is_dropped`, the connection is closed without a response.
    """

    payload: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    arguments: Json = field(default_factory=dict)
    raw_body: bytes | None = None
    is_dropped: bool = False


async def handle_call(
    world: World, methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> web.Response:
    """Call the requested one of `methods` as Slack would, and record it.

    `known_methods` are the names of all methods of Slack, supported by the sandbox or not.
    """
    name = request.match_info["method"]
    started = time.perf_counter()
    response = await _respond(world, methods, known_methods, request)
    duration = time.perf_counter() - started
    payload, status = response.payload, response.status
    problems = response_problems(payload)
    world.traffic.add(
        TrafficRecord("in", name, response.arguments, payload, status, problems, duration)
    )
    if response.is_dropped:
        drop_connection(request)
    headers = {"x-slack-req-id": random_hex(32), **response.headers}
    if response.raw_body is not None:
        return web.Response(status=status, body=response.raw_body, headers=headers)
    headers["Content-Type"] = JSON_HEADER
    return web.Response(status=status or 200, body=encode(payload), headers=headers)


async def _respond(
    world: World, methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> ApiResponse:
    name = request.match_info["method"]
    faults = world.faults.take(name)
    if faults.delay_seconds:
        await asyncio.sleep(faults.delay_seconds)
    fault = faults.failure
    if fault is None:
        return await _respond_without_faults(world, methods, known_methods, request)
    if fault.is_performed:
        performed = await _respond_without_faults(world, methods, known_methods, request)
        arguments = performed.arguments
    else:
        arguments = await _arguments_for_record(request)
    return replace(_fault_response(world, methods.get(name), fault), arguments=arguments)


async def _arguments_for_record(request: web.Request) -> Json:
    try:
        return (await read_arguments(request)).values
    except WebApiError:
        return {}


async def _respond_without_faults(
    world: World, methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> ApiResponse:
    args = Arguments({}, "")
    name = request.match_info["method"]
    headers = _scope_headers(world, methods.get(name))
    try:
        args = await read_arguments(request)
        method = _find_method(methods, known_methods, request)
        payload: Json = {"ok": True} | _call_method(
            world, request.match_info["method"], method, args
        )
    except WebApiError as error:
        payload = error.response
    except RateLimitedError as error:
        payload = {"ok": False, "error": "ratelimited"}
        retry_headers = {"Retry-After": str(error.retry_after_seconds)}
        return ApiResponse(payload, 429, retry_headers, args.values)
    return ApiResponse(_add_warnings(payload, args.warnings), 200, headers, args.values)


def _find_method(
    methods: Mapping[str, Method], known_methods: frozenset[str], request: web.Request
) -> Method:
    name = request.match_info["method"]
    method = methods.get(name)
    if method is None and (name in known_methods or name.startswith(ADMIN_PREFIX)):
        raise WebApiError(
            error="not_supported_in_sandbox", detail=f"The sandbox does not support {name}."
        )
    if method is None:
        raise WebApiError(error="unknown_method", req_method=name)
    if method.post_only and request.method != "POST":
        raise WebApiError(error="insecure_request")
    return method


def _call_method(world: World, name: str, method: Method, args: Arguments) -> Json:
    if method.credential is not None:
        _check_token(world, method, args.token)
    retry_after = world.limits.retry_after(name, method.tier)
    if retry_after:
        raise RateLimitedError(retry_after)
    missing = [f"missing required field: {key}" for key in method.required if not args.has(key)]
    if missing:
        raise invalid_arguments(*missing)
    return method.handler(world, args)


def _check_token(world: World, method: Method, token: str) -> None:
    app, scopes = world.app, world.manifest.scopes
    if not token:
        raise WebApiError(error="not_authed")
    if token in app.token_ends and app.token_ends[token] <= world.clock.now():
        raise WebApiError(error="token_expired")
    if token not in {app.bot_token, app.app_token, *app.token_ends}:
        raise WebApiError(error="invalid_auth")
    if not app.is_installed:
        raise WebApiError(error="account_inactive" if token == app.bot_token else "invalid_auth")
    if (token == app.app_token) != (method.credential == "app"):
        raise WebApiError(error="not_allowed_token_type")
    if method.credential == "bot" and method.scopes and not set(method.scopes) & set(scopes):
        raise missing_scope_error(world, method.scopes)


def missing_scope_error(world: World, needed: tuple[str, ...]) -> WebApiError:
    """Return the error for a call whose token has none of the `needed` scopes."""
    provided = ",".join(world.manifest.scopes)
    return WebApiError("missing_scope", needed=",".join(needed), provided=provided)


def _scope_headers(world: World, method: Method | None) -> dict[str, str]:
    accepted = ",".join(method.scopes) if method else ""
    granted = APP_SCOPES if method and method.credential == "app" else world.manifest.scopes
    return {
        "x-oauth-scopes": ",".join(granted),
        "x-accepted-oauth-scopes": accepted,
    }


def _add_warnings(payload: Json, warnings: tuple[str, ...]) -> Json:
    if not warnings:
        return payload
    metadata = payload.get("response_metadata", {})
    every = (*metadata.get("warnings", ()), *warnings)
    metadata = metadata | {"warnings": list(every)}
    return payload | {"warning": ",".join(every), "response_metadata": metadata}


def _fault_response(world: World, method: Method | None, fault: Fault) -> ApiResponse:
    if fault.kind == "drop":
        dropped = {"ok": False, "error": f"{INJECTED_FAILURE}: the connection was dropped"}
        return ApiResponse(dropped, 0, is_dropped=True)
    if fault.kind == "error":
        return ApiResponse(_error_body(world, method, fault.error))
    if fault.kind == "ratelimit":
        headers = {"Retry-After": str(int(fault.seconds))}
        return ApiResponse({"ok": False, "error": "ratelimited"}, 429, headers)
    if fault.error:
        return ApiResponse(_error_body(world, method, fault.error), fault.status)
    payload = {"ok": False, "error": f"{INJECTED_FAILURE}: HTTP {fault.status}"}
    headers = {"Content-Type": "text/html"}
    return ApiResponse(
        payload, fault.status, headers, raw_body=b"<html>Sorry, something broke.</html>"
    )


def _error_body(world: World, method: Method | None, error: str) -> Json:
    """Return the body of an injected `error`; as in Slack, `missing_scope` names the scopes."""
    if error != "missing_scope" or method is None:
        return {"ok": False, "error": error}
    provided = [scope for scope in world.manifest.scopes if scope not in method.scopes]
    needed, granted = ",".join(method.scopes), ",".join(provided)
    return {"ok": False, "error": error, "needed": needed, "provided": granted}
