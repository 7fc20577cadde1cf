"""Errors as problem details (RFC 9457): one place that turns exceptions into responses."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from bot.api.errors import BEARER, ApiError
from bot.api.request_problems import describe_field
from bot.errors import BotError, FieldsError, NotFoundError
from bot.services.api_keys.keys import InvalidKeyError, OtherCampaignError, SmallScopeError
from bot.services.api_keys.requests import ReusedIdempotencyKeyError
from bot.services.campaigns.campaigns import ClosedCampaignError, NameTakenError
from bot.services.exports.claims import NotDeliverableError, UnknownExportRunError
from bot.services.exports.export_request import ExportInProgressError, NothingToExportError
from bot.services.exports.schedules import ClosedScheduleError, UnknownScheduleError
from bot.services.imports.undo import AlreadyUndoneError, AnsweredImportError, UnknownImportError
from bot.services.items.changes import NoItemsError
from bot.services.items.references import UnknownItemError
from bot.services.outbox.undelivered_messages import UnknownMessagesError
from bot.services.reviews.corrections import NoAnswerError, NotMemberError
from bot.services.reviews.decisions import AlreadyDecidedError
from bot.services.reviews.exclusions import AlreadyExcludedError, NotExcludedError
from bot.services.reviews.review_case import NoReviewCaseError
from bot.services.tasks.manual_assignment import PausedCampaignError
from bot.services.webhooks.deliveries import NothingToReplayError
from bot.services.webhooks.webhook_secrets import SecretChangeInProgressError
from bot.services.webhooks.webhooks import WebhookNameTakenError
from storage.outage import outage_cause

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER_OUTAGE_SECONDS = 5

STATUSES: dict[type[BotError], HTTPStatus] = {
    InvalidKeyError: HTTPStatus.UNAUTHORIZED,
    SmallScopeError: HTTPStatus.FORBIDDEN,
    OtherCampaignError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    UnknownItemError: HTTPStatus.NOT_FOUND,
    UnknownImportError: HTTPStatus.NOT_FOUND,
    UnknownScheduleError: HTTPStatus.NOT_FOUND,
    UnknownMessagesError: HTTPStatus.NOT_FOUND,
    NoReviewCaseError: HTTPStatus.NOT_FOUND,
    NoItemsError: HTTPStatus.NOT_FOUND,
    NoAnswerError: HTTPStatus.NOT_FOUND,
    NotMemberError: HTTPStatus.NOT_FOUND,
    NameTakenError: HTTPStatus.CONFLICT,
    ClosedCampaignError: HTTPStatus.CONFLICT,
    ClosedScheduleError: HTTPStatus.CONFLICT,
    PausedCampaignError: HTTPStatus.CONFLICT,
    ExportInProgressError: HTTPStatus.CONFLICT,
    NotDeliverableError: HTTPStatus.CONFLICT,
    UnknownExportRunError: HTTPStatus.NOT_FOUND,
    NothingToExportError: HTTPStatus.CONFLICT,
    AlreadyUndoneError: HTTPStatus.CONFLICT,
    AnsweredImportError: HTTPStatus.CONFLICT,
    AlreadyDecidedError: HTTPStatus.CONFLICT,
    AlreadyExcludedError: HTTPStatus.CONFLICT,
    NotExcludedError: HTTPStatus.CONFLICT,
    WebhookNameTakenError: HTTPStatus.CONFLICT,
    SecretChangeInProgressError: HTTPStatus.CONFLICT,
    NothingToReplayError: HTTPStatus.NOT_FOUND,
    ReusedIdempotencyKeyError: HTTPStatus(422),
}
"""Status by error; any other expected error says that the request cannot be processed."""

HTTP_DETAILS = {
    400: "The body cannot be read. Send JSON in UTF-8, not compressed and not deeply nested.",
    404: "There is no such route. GET /api/v1/openapi.json describes all of them.",
    405: "The route has no such method. The header Allow names those that it has.",
}
"""What is wrong, by status, with a request that reaches no route, or whose body is not text."""


class FieldProblem(BaseModel):
    """What is wrong with one part of a request."""

    field: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). `type` names the error for programs."""

    type: str = Field(examples=["urn:labelbot:not-found"])
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """Return the error responses that every route may give, for the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    statuses = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503)
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def problem_response(
    kind: str,
    status: int,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a response with a problem. `kind` names the error for programs."""
    problem = Problem(
        type=f"urn:labelbot:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors or [],
    )
    return JSONResponse(
        problem.model_dump(), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def add_handlers(app: FastAPI) -> None:
    """Let the app answer every exception with a problem."""
    app.add_exception_handler(BotError, _on_expected_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(Exception, _on_bug)


def respond_to(error: BotError) -> Response:
    """Return the response to an expected error."""
    status = next(
        (STATUSES[one] for one in type(error).__mro__ if one in STATUSES),
        HTTPStatus(422),
    )
    headers = BEARER if status == HTTPStatus.UNAUTHORIZED else {}
    if isinstance(error, ApiError):
        status, headers = error.status, error.headers
    fields = error.fields if isinstance(error, FieldsError | ApiError) else {}
    errors = [FieldProblem(field=name, detail=text) for name, text in fields.items()]
    return problem_response(
        _kind_of(type(error)), status, str(error), errors=errors, headers=headers
    )


def _kind_of(error: type[Exception]) -> str:
    """Return the name of an error for programs: `name-taken` for NameTakenError."""
    words = re.findall(r"[A-Z][a-z0-9]*", error.__name__.removesuffix("Error"))
    return "-".join(words).lower()


async def _on_expected_error(_request: Request, error: Exception) -> Response:
    return respond_to(error) if isinstance(error, BotError) else await _on_bug(_request, error)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    details = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [
        FieldProblem(field=field, detail=detail)
        for field, detail in (describe_field(request, one) for one in details)
    ]
    named = "; ".join(f"{one.field}: {one.detail}" for one in errors)
    return problem_response(
        "invalid-request", 422, f"The request is not valid. {named}.", errors=errors
    )


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    phrase = HTTPStatus(status).phrase
    headers = error.headers if isinstance(error, HTTPException) else None
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_allowed_methods(request))}
    kind = phrase.lower().replace(" ", "-")
    detail = HTTP_DETAILS.get(status, f"{phrase}.")
    return problem_response(kind, status, detail, headers=headers)


def _allowed_methods(request: Request) -> list[str]:
    """Return the methods of all routes with the path of a request."""
    found = {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path and compile_path(route.path)[0].match(request.url.path)
        for method in route.methods or ()
    }
    return sorted(found)


async def _on_disconnect(_request: Request, _error: Exception) -> Response:
    """Answer a request that was cut off, although nobody reads the answer."""
    detail = "The connection ended before the request was complete. Nothing was changed."
    return problem_response("incomplete-request", 400, detail)


async def _on_database_error(request: Request, error: Exception) -> Response:
    cause = outage_cause(error)
    if cause is None:
        return await _on_bug(request, error)
    log.error("the database is not available: %s", cause)
    headers = {"Retry-After": str(RETRY_AFTER_OUTAGE_SECONDS)}
    detail = f"The database is not available: {cause}. Nothing was changed; try again."
    return problem_response("outage", 503, detail, headers=headers)


async def _on_bug(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "Sorry, this is a bug in labelbot. The log of the API has the traceback."
    return problem_response("bug", 500, detail)
