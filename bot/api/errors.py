"""Errors of the HTTP API itself, with their status and headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from bot.errors import BotError
from bot.imports.row import InvalidRow
from bot.slack.blockkit.text import pluralize

BEARER: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


SHOWN_ROWS = 5
"""Rejected rows that the text of an error names; its fields name more."""


class ApiError(BotError):
    """The request was refused."""

    status: HTTPStatus = HTTPStatus(422)
    headers: Mapping[str, str] = {}
    fields: Mapping[str, str] = {}


class MissingKeyError(ApiError):
    """A key is missing. Send it as “Authorization: Bearer lbk_…”."""

    status = HTTPStatus.UNAUTHORIZED
    headers = BEARER


class TooManyRequestsError(ApiError):
    """Too many requests with this key. Try again after {seconds} s."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        """Take the seconds after which a request is accepted."""
        super().__init__(seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}


class ChangedMeanwhileError(ApiError):
    """Somebody changed this meanwhile, so nothing was changed. Read it again for its new ETag."""

    status = HTTPStatus.PRECONDITION_FAILED


class UnknownCursorError(ApiError):
    """The cursor is not one that this list returned. Start without a cursor."""


class OtherCursorError(ApiError):
    """The cursor is of another list or of other parameters. Start without a cursor."""


class UnknownParameterError(ApiError):
    """The route has no parameter “{name}”: {known}."""


class RepeatedParameterError(ApiError):
    """The route takes the parameter “{name}” once, and the request has it {count} times."""


class NulCharacterError(ApiError):
    """The {place} contains a NUL character. Leave it out."""


class UnsupportedTypeError(ApiError):
    """Items cannot have the type {type}. Send one of: {known}."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class LargeBodyError(ApiError):
    """The request is larger than {limit}. Send the items in several requests."""

    status = HTTPStatus(413)


class NothingAddedError(ApiError):
    """Nothing was added, because of {rows}: {reasons}."""

    def __init__(self, count: int, rows: Sequence[InvalidRow]) -> None:
        """Take how many rows were rejected, and the first of them."""
        reasons = [f"{row.place}: {row.reason}" for row in rows[:SHOWN_ROWS]]
        more = count - len(reasons)
        reasons += [f"and {pluralize(more, 'more row')}"] if more else []
        super().__init__(rows=pluralize(count, "invalid row"), reasons="; ".join(reasons))
        self.fields = {row.place: row.reason for row in rows}


class LongIdempotencyKeyError(ApiError):
    """An Idempotency-Key has from 1 to {limit} characters."""


class UnknownRunError(ApiError):
    """There is no export {id}. GET /api/v1/exports lists all of them."""

    status = HTTPStatus.NOT_FOUND


class NoExportFilesError(ApiError):
    """The export {id} has no files on this machine: it is {state}."""

    status = HTTPStatus.CONFLICT


class UnknownFileError(ApiError):
    """The export {id} has no file “{name}”. Its list of files names all of them."""

    status = HTTPStatus.NOT_FOUND


class NoLeaderboardError(ApiError):
    """“{name}” has no leaderboard: it is for comparisons and rankings whose items name models."""

    status = HTTPStatus.NOT_FOUND


class LocalDestinationError(ApiError):
    """“{text}” is a folder. Exports are written to the folder of the settings; name an address."""
