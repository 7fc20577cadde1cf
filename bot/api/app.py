"""The application: routes, errors, compression and ETags, and the OpenAPI document."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import __version__
from bot.api.call import ApiContext, parse_etags
from bot.api.problems import Problem, add_handlers, problem_responses
from bot.api.routes import ROUTERS
from bot.api.webhook_events import add_webhook_events

PREFIX = "/api/v1"

DESCRIPTION = (
    "Campaigns, items, answers and exports of labelbot. Every request needs a key from "
    "`labelbot keys create`, sent as `Authorization: Bearer lbk_…`. Errors are problem details "
    "(RFC 9457). A change may have an `Idempotency-Key`: it is made once, and a repeated request "
    "gets the first response. A response with status 429 says in `Retry-After` when to try again."
)

MIN_COMPRESSED_BYTES = 1_000


def build_app(context: ApiContext) -> FastAPI:
    """Return the application for a database."""
    app = _build_routes()
    app.state.context = context
    return app


def openapi_document_of_routes() -> dict[str, Any]:
    """Return the OpenAPI document without a database."""
    return _build_routes().openapi()


def _build_routes() -> FastAPI:
    app = _Api(
        title="labelbot",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=problem_responses(),
        generate_unique_id_function=lambda route: route.name,
    )
    for tag, router in ROUTERS.items():
        app.include_router(router, prefix=PREFIX, tags=[tag])
    add_webhook_events(app)
    add_handlers(app)
    app.add_middleware(_EntityTags)
    app.add_middleware(GZipMiddleware, minimum_size=MIN_COMPRESSED_BYTES)
    return app


class _Api(FastAPI):
    """Adds the schema of problems to the OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, built once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document["components"]["schemas"]
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs", {}))
            schemas["Problem"] = problem
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            self.openapi_schema = document
        return self.openapi_schema


class _EntityTags:
    """Gives JSON responses to GET an ETag, and answers `If-None-Match` with 304."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        wanted = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
        await self.app(scope, receive, _TaggedResponse(send, parse_etags(wanted)).send)


class _TaggedResponse:
    """One response. Only one that arrives in one part gets an ETag; streams pass unchanged."""

    def __init__(self, send: Send, wanted: set[str]) -> None:
        self._pass_on = send
        self._wanted = wanted
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_taggable(message):
            self._start = message
            return
        start, self._start = self._start, None
        if start is None:
            await self._pass_on(message)
        elif message.get("more_body"):
            await self._pass_on(start)
            await self._pass_on(message)
        else:
            await self._send_tagged(start, message)

    async def _send_tagged(self, start: Message, body: Message) -> None:
        headers = list(start["headers"])
        tag = next((value for name, value in headers if name == b"etag"), None)
        if tag is None:
            tag = f'"{sha256(body["body"]).hexdigest()[:32]}"'.encode()
            headers.append((b"etag", tag))
        if tag.decode() in self._wanted:
            headers = [one for one in headers if one[0] not in (b"content-length", b"content-type")]
            start, body = {**start, "status": 304}, {**body, "body": b""}
        await self._pass_on({**start, "headers": headers})
        await self._pass_on(body)


def _is_taggable(start: Message) -> bool:
    is_json = any(
        name == b"content-type" and value.startswith(b"application/json")
        for name, value in start["headers"]
    )
    return is_json and start["status"] == HTTPStatus.OK
