"""What can go wrong in the pretend workspace, for its people and for the app under test."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.json_codec import Json


class SandboxError(Exception):
    """Something the pretend workspace does not do, or that an app did wrong in it."""


class NotVisibleError(SandboxError):
    """A person looked for something that was not on the screen in time."""

    def __init__(self, wanted: str, seen: str) -> None:
        """Say what was `wanted`, and what could be `seen` instead."""
        super().__init__(f"{wanted}; before the person: {seen}")


class NotAcknowledgedError(SandboxError):
    """The app answered late, not at all, or not as Slack demands; a person sees an error then."""

    def __init__(self, what: str, problem: str) -> None:
        """Name `what` was delivered and the `problem` with its acknowledgement."""
        super().__init__(f"{what} was not acknowledged: {problem}")


class WaitTimeoutError(SandboxError):
    """A condition that was waited for did not come true in time."""

    def __init__(self, seconds: float) -> None:
        """Say how many `seconds` were waited."""
        super().__init__(f"what was waited for did not happen within {seconds:g} s")


class ActionRejectedError(SandboxError):
    """Slack's own client refused what a person did, before the app heard of it.

    `errors` says what was wrong, by block_id or by what was tried.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        """Remember the `errors`."""
        super().__init__("; ".join(f"{where}: {why}" for where, why in errors.items()))
        self.errors = dict(errors)


class ManifestError(SandboxError):
    """The app manifest is not one that Slack would take; the message lists every reason."""


class WebApiError(SandboxError):
    """An answer with `ok: false`, as the Web API gives it."""

    def __init__(self, error: str, **extra: object) -> None:
        """Answer `error`, with `more` keys beside it."""
        super().__init__(error)
        self.response: Json = {"ok": False, "error": error, **extra}


def error_from_response(response: Json) -> WebApiError:
    """Return the refusal that says exactly `answer` (`ok`, `error` and whatever else)."""
    refusal = WebApiError(str(response.get("error")))
    refusal.response = response
    return refusal


def invalid_arguments(*messages: str) -> WebApiError:
    """Return Slack's `invalid_arguments`, with `messages` as its details."""
    details = [f"[ERROR] {message}" for message in messages]
    return WebApiError("invalid_arguments", response_metadata={"messages": details})


def missing_field(field: str) -> WebApiError:
    """Return Slack's complaint about an argument that was not given."""
    return invalid_arguments(f"missing required field: {field}")


VIEW_NOT_OBJECT = "must provide an object [json-pointer:/view]"


class RateLimitedError(SandboxError):
    """The app calls too often; it is told to wait `seconds`."""

    def __init__(self, seconds: int) -> None:
        """Ask for a pause of whole `seconds`."""
        super().__init__(f"ratelimited, retry after {seconds} s")
        self.retry_after_seconds = seconds
