"""How a request is sent, shared by both clients: the arguments of httpx, timeouts and pauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from bot.client.calls import ApiCall
from bot.client.connection import parse_address, parse_key
from bot.client.models.base import TaggedModel
from bot.client.problems import (
    RequestFailedError,
    WaitTimeoutError,
    problem_of,
    unexpected_response,
)
from bot.client.retries import RetryPolicy

T = TypeVar("T")

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
PUSH_TIMEOUT = httpx.Timeout(60.0, connect=10.0, read=3600.0)
"""The API answers when all rows are stored."""


def http_options(url: str | None, key: str | None) -> dict[str, Any]:
    """Return the arguments of an httpx client for an address and a key.

    Raises:
        UnusableAddressError, UnusableKeyError: nothing can be sent with them.
    """
    return {
        "base_url": parse_address(url),
        "headers": {"Authorization": f"Bearer {parse_key(key)}"},
        "timeout": TIMEOUT,
    }


def request_options(call: ApiCall[T], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the arguments of httpx for a call; a body that is a function begins anew each time."""
    is_push = callable(call.content)
    return {
        "method": call.method,
        "url": call.path,
        "params": dict(call.parameters),
        "content": call.content() if is_push else call.content,
        "headers": {**call.headers, **(headers or {})},
        "timeout": PUSH_TIMEOUT if is_push else TIMEOUT,
    }


def result_of(call: ApiCall[T], response: httpx.Response) -> T:
    """Return the result that a response has, with its ETag if the result has a place for it.

    Raises:
        ApiProblemError: the response is not one of the API.
    """
    try:
        result = TypeAdapter(call.result).validate_json(response.content)
    except ValidationError as error:
        raise unexpected_response(response) from error
    if isinstance(result, TaggedModel):
        return result.model_copy(update={"etag": response.headers.get("ETag")})
    return result


@dataclass(slots=True)
class Attempts:
    """The attempts of one call."""

    policy: RetryPolicy
    count: int = 0

    def pause_after(self, outcome: httpx.Response | httpx.TransportError) -> float:
        """Return the seconds before the next attempt, after one that failed.

        Raises:
            ApiProblemError: the API refused the call.
            RequestFailedError: the API did not answer in any attempt.
        """
        self.count += 1
        response = outcome if isinstance(outcome, httpx.Response) else None
        seconds = self.policy.seconds_before(self.count, response)
        if seconds is not None:
            return seconds
        if isinstance(outcome, httpx.Response):
            raise problem_of(outcome)
        url = outcome.request.url
        message = (
            f"the API at {url.scheme}://{url.netloc.decode()} does not answer: {outcome}; "
            "check the address, and that `labelbot api` runs there"
        )
        raise RequestFailedError(message) from outcome


@dataclass(slots=True)
class Polls:
    """Repeated looks at a state, until `timeout` seconds were spent in pauses."""

    timeout: float | None
    poll_seconds: float
    waited: float = 0.0

    def next_pause(self, state: str) -> float:
        """Return the seconds before the next look; `state` says what was found.

        Raises:
            WaitTimeoutError: the time is over.
        """
        if self.timeout is not None and self.waited >= self.timeout:
            raise WaitTimeoutError(state)
        self.waited += self.poll_seconds
        return self.poll_seconds
