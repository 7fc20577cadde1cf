"""Errors of the sandbox, for test code that acts as a user and for the app under test."""

from __future__ import annotations

from collections.abc import Mapping

from .json_codec import Json


class SandboxError(Exception):
    """The base class of all sandbox errors."""


class NotVisibleError(SandboxError):
    """Something that the user looked for did not appear on the screen in time."""

    def __init__(self, problem: str, visible: str = "") -> None:
        """Build the message from the `problem` and from what is `visible` instead."""
        super().__init__(f"{problem}; visible: {visible}" if visible else problem)


class NotAcknowledgedError(SandboxError):
    """The app responded late, not at all, or invalidly; in Slack the user sees an error."""

    def __init__(self, name: str, problem: str) -> None:
        """Build the message from the `name` of the payload and the `problem` with its response."""
        super().__init__(f"{name} was not acknowledged: {problem}")


class WaitTimeoutError(SandboxError):
    """A condition did not become true in time."""

    def __init__(self, seconds: float) -> None:
        """Build the message from the `seconds` waited."""
        super().__init__(f"the condition did not become true within {seconds:g} s")


class ActionRejectedError(SandboxError):
    """Slack's client would reject the action without sending it to the app.

    `errors` are the reasons by block_id, or by what was attempted.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        """Build the message from the `errors`."""
        super().__init__("; ".join(f"{where}: {reason}" for where, reason in errors.items()))
        self.errors = dict(errors)


class ManifestError(SandboxError):
    """Slack would reject the app manifest; the message lists every reason."""


class WebApiError(SandboxError):
    """A Web API response with `ok: false`."""

    def __init__(self, error: str, **extra: object) -> None:
        """Build the response from `error` and `extra` keys."""
        super().__init__(error)
        self.response: Json = {"ok": False, "error": error, **extra}


def error_from_response(response: Json) -> WebApiError:
    """Return a WebApiError with exactly this `response`."""
    error = WebApiError(str(response.get("error")))
    error.response = response
    return error


def invalid_arguments(*messages: str) -> WebApiError:
    """Return Slack's `invalid_arguments` error with `messages` as its details."""
    details = [f"[ERROR] {message}" for message in messages]
    return WebApiError("invalid_arguments", response_metadata={"messages": details})


def missing_field(field: str) -> WebApiError:
    """Return Slack's error for a missing argument."""
    return invalid_arguments(f"missing required field: {field}")


VIEW_NOT_OBJECT = "must provide an object [json-pointer:/view]"


class RateLimitedError(SandboxError):
    """The app calls a method too often."""

    def __init__(self, seconds: int) -> None:
        """Ask the app to wait for `seconds`."""
        super().__init__(f"ratelimited, retry after {seconds} s")
        self.retry_after_seconds = seconds
