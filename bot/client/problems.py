"""Errors of the client."""

from __future__ import annotations

import httpx

from bot.client.models.items import PushResult

SHOWN_ROWS = 3
"""Rejected rows that the text of an error names; its result names more."""

MAX_SHOWN_TEXT = 200
"""Characters of a response that an error shows if it is no problem of the API."""


class ApiProblemError(Exception):
    """The API refused a request.

    Attributes:
        status: the HTTP status.
        kind: the name of the error for programs, such as `not-found`.
        detail: what is wrong and what to do.
        errors: what is wrong by field.
    """

    def __init__(self, status: int, kind: str, detail: str, errors: dict[str, str]) -> None:
        """Take what the response says."""
        super().__init__(f"{detail} ({status}, {kind})")
        self.status, self.kind, self.detail, self.errors = status, kind, detail, errors


class RequestFailedError(Exception):
    """The API could not be reached, or did not recover, after several attempts."""


class RejectedRowsError(Exception):
    """Some rows of a push were rejected. The others were added.

    Attributes:
        result: what the push did; its `errors` name the rejected rows.
    """

    def __init__(self, result: PushResult) -> None:
        """Take the result of the push."""
        reasons = [f"line {row.line}: {row.reason}" for row in result.errors[:SHOWN_ROWS]]
        reasons += ["…"] if result.rejected > len(reasons) else []
        counts = f"{result.rejected:,} rejected, {result.added:,} added"
        super().__init__(f"rows were rejected ({counts}): {'; '.join(reasons)}")
        self.result = result


class InterruptedDownloadError(Exception):
    """A response ended too early, so that what it had was not kept."""


class UnusableAddressError(ValueError):
    """The address of the API is not one of HTTP."""


class UnusableKeyError(ValueError):
    """The key cannot be sent. The message does not show it."""


class WaitTimeoutError(Exception):
    """The wanted state was not reached in time."""


def unexpected_response(response: httpx.Response) -> ApiProblemError:
    """Return the error of a response that is not one of the API."""
    kind = response.headers.get("Content-Type", "no type")
    detail = (
        f"{response.url.copy_with(query=None)} answered with {kind}, which is not a response of "
        f"the labelbot API; check the address: {response.text[:MAX_SHOWN_TEXT]}"
    )
    return ApiProblemError(response.status_code, "unknown", detail, {})


def problem_of(response: httpx.Response) -> ApiProblemError:
    """Return the error that a response describes, also one of a proxy before the API."""
    if response.has_redirect_location:
        target = response.headers["Location"]
        detail = f"the address redirects to {target}; use the address of the API itself"
        return ApiProblemError(response.status_code, "redirect", detail, {})
    try:
        body = response.json()
        errors = {one["field"]: one["detail"] for one in body.get("errors", [])}
        kind = str(body["type"]).removeprefix("urn:labelbot:")
        return ApiProblemError(response.status_code, kind, str(body["detail"]), errors)
    except (ValueError, KeyError, TypeError, AttributeError):
        detail = response.text[:MAX_SHOWN_TEXT] or response.reason_phrase
        return ApiProblemError(response.status_code, "unknown", detail, {})
