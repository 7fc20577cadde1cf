"""The arguments of a Web API call: from the query, a form, multipart data or JSON."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .errors import WebApiError
from .json_codec import Json, decode

TRUE_VALUES = frozenset({"1", "true", "True"})
FORM_TYPE = "application/x-www-form-urlencoded"
MULTIPART_TYPE = "multipart/form-data"
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The raw arguments and token of a call, and Slack's warnings about its content type."""

    values: Json
    token: str
    warnings: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """Return the argument `name` as text, "" if it is missing."""
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else str(value)

    def has(self, name: str) -> bool:
        """Tell whether the argument `name` is present and not empty."""
        return self.values.get(name) not in (None, "")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return the argument `name` as a boolean; forms send 1 and 0."""
        value = self.values.get(name)
        return default if value is None else value is True or str(value) in TRUE_VALUES

    def integer(self, name: str, default: int, maximum: int) -> int:
        """Return the argument `name` as a number from 1 to `maximum`.

        Raises:
            WebApiError: `invalid_limit`.
        """
        text = self.text(name)
        if not text:
            return default
        if not text.isdigit() or not 1 <= int(text) <= maximum:
            raise WebApiError(error="invalid_limit")
        return int(text)

    def json(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the argument `name` as JSON, parsed if it is a string (as forms send it).

        Raises:
            ValueError: if the string is not JSON.
        """
        value = self.values.get(name)
        if isinstance(value, str):
            return decode(value) if value else None
        return value

    def strings(self, name: str) -> list[str]:
        """Return the argument `name` as a list, from an array, a JSON array or a comma list.

        Raises:
            WebApiError: `invalid_array_arg`.
        """
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = _parse_array(value)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [item.strip() for item in self.text(name).split(",") if item.strip()]


def _parse_array(text: str) -> object:
    try:
        return decode(text)
    except ValueError:
        raise WebApiError(error="invalid_array_arg") from None


async def read_arguments(request: web.Request) -> Arguments:
    """Return the arguments of `request`, from its query and its form or JSON body.

    The token may be in the header, the query or a form, but not in a JSON body.

    Raises:
        WebApiError: if the body does not match its content type.
    """
    values: Json = dict(request.query)
    warnings: tuple[str, ...] = ()
    token = str(values.pop("token", ""))
    values |= _basic_credentials(request)
    if request.method == "POST" and request.can_read_body:
        body, warnings = await _parse_body(request)
        if request.content_type != JSON_TYPE:
            token = str(body.pop("token", token))
        values |= body
    return Arguments(values, _bearer_token(request) or token, warnings)


def _basic_credentials(request: web.Request) -> Json:
    """Return the id and secret of the app that its OAuth calls have in the header."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}


def _bearer_token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _parse_body(request: web.Request) -> tuple[Json, tuple[str, ...]]:
    if request.content_type == MULTIPART_TYPE:
        return await _parse_form(request), ()
    raw = await request.read()
    if not raw:
        return {}, ()  # the synchronous SDK posts empty JSON bodies for methods without arguments
    if "Content-Type" not in request.headers:
        raise WebApiError(error="missing_post_type")
    if request.content_type == JSON_TYPE:
        return _parse_json(raw), () if request.charset else ("missing_charset",)
    if request.content_type == FORM_TYPE:
        return await _parse_form(request), ("superfluous_charset",) if request.charset else ()
    raise WebApiError(error="invalid_post_type")


def _parse_json(raw: bytes) -> Json:
    try:
        body = decode(raw)
    except ValueError:
        raise WebApiError(error="invalid_json") from None
    if not isinstance(body, dict):
        raise WebApiError(error="json_not_object")
    return body


async def _parse_form(request: web.Request) -> Json:
    try:
        return dict(await request.post())
    except ValueError:
        raise WebApiError(error="invalid_form_data") from None
