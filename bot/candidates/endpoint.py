"""One request to an OpenAI-compatible endpoint over HTTP, with a time limit and a size limit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import orjson

from bot import __version__
from bot.candidates.completion import error_message_of
from bot.candidates.generator import Generator
from bot.imports.row import quote_name

MAX_BODY_BYTES = 8_000_000
"""Largest answer that is read. A text has up to 200,000 characters."""

CONNECT_SECONDS = 10.0

RETRIED_STATUSES = frozenset({408, 425, 429, *range(500, 600)})

REDIRECTS = (301, 302, 303, 307, 308)

REFUSED_MODEL_STATUSES = frozenset({*REDIRECTS, 401, 402, 403, 404, 405})
"""Statuses that every further request to the same model would get, too."""

REMEDIES = {
    **dict.fromkeys(REDIRECTS, "redirects are not followed; give the address that it leads to"),
    401: "the key is missing or wrong; set {variable}",
    402: "the account has no credit",
    403: "the key may not use this model; check {variable}",
    404: "there is no such model or address; base URLs usually end in /v1",
    405: "there is no such address; base URLs usually end in /v1",
    413: "the prompt is too long for the model",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt to send a request led to.

    Attributes:
        response: the response without its body; None if there was none.
        body: its body.
        problem: what went wrong, in words; "" if the status is 200.
        may_be_charged: the endpoint may have answered, but the answer was lost.
    """

    response: httpx.Response | None
    body: bytes = b""
    problem: str = ""
    may_be_charged: bool = False

    @property
    def status(self) -> int:
        """Return the status of the response, 0 if there was none."""
        return self.response.status_code if self.response is not None else 0


def open_client(concurrency: int) -> httpx.AsyncClient:
    """Return a client for so many requests at a time.

    It follows no redirect, because a key would reach another host.
    """
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)
    headers = {"User-Agent": f"labelbot/{__version__}", "Accept-Encoding": "identity"}
    return httpx.AsyncClient(limits=limits, timeout=timeout, headers=headers)


async def send(
    client: httpx.AsyncClient,
    generator: Generator,
    body: Mapping[str, object],
    request_key: str,
    timeout_seconds: float,
) -> Attempt:
    """Send a request once. Endpoints that know idempotency keys charge a repetition only once."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": request_key}
    if generator.key:
        headers["Authorization"] = f"Bearer {generator.key}"
    try:
        async with (
            asyncio.timeout(timeout_seconds),
            client.stream(
                "POST", generator.endpoint, content=orjson.dumps(body), headers=headers
            ) as response,
        ):
            content = await _read(response)
    except TimeoutError:
        problem = f"{generator.host} did not answer within {timeout_seconds:g} seconds"
        return Attempt(None, problem=problem, may_be_charged=True)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return Attempt(None, problem=f"{generator.host} cannot be reached; check the address")
    except httpx.HTTPError as error:
        problem = f"{generator.host} broke the connection ({type(error).__name__})"
        return Attempt(None, problem=problem, may_be_charged=True)
    if response.status_code == httpx.codes.OK:
        return Attempt(response, content)
    return Attempt(response, content, _status_problem(generator, response.status_code, content))


async def _read(response: httpx.Response) -> bytes:
    """Return the body, cut off after the largest size; a body cut off is no JSON."""
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MAX_BODY_BYTES:
            break
    return bytes(content[: MAX_BODY_BYTES + 1])


def _status_problem(generator: Generator, status: int, body: bytes) -> str:
    from_endpoint = _message_in(body, generator.key)
    remedy = REMEDIES.get(status, "").format(variable=generator.variable)
    reasons = [remedy] if remedy else []
    reasons += [f"it says {quote_name(from_endpoint)}"] if from_endpoint else []
    return f"{generator.host} answered with status {status}" + "".join(
        f"; {reason}" for reason in reasons
    )


def _message_in(body: bytes, secret: str) -> str:
    """Return the message of an error in a body; "" for none."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return error_message_of(answer, secret)
