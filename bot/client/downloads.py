"""Downloads into files: part by part, continued where they were cut off, complete or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import IO

import httpx
from pydantic_core import from_json

from bot.client.attempts import Attempts
from bot.client.calls import ApiCall, get, path_of
from bot.client.problems import InterruptedDownloadError
from bot.client.retries import RetryPolicy

PART_SUFFIX = ".part"

PLAIN = {"Accept-Encoding": "identity"}
"""Positions in a compressed response are not those in the file."""

MAX_CURSOR_LINE = 1_000
"""Bytes within which the last line of the answers ends."""


@dataclass(slots=True)
class Download:
    """A file that is being received. `tag` is the ETag of what was received so far."""

    call: ApiCall[bytes]
    file: IO[bytes]
    can_continue: bool
    tag: str = ""
    received: int = 0

    def next_headers(self) -> dict[str, str]:
        """Return the headers of the next attempt: only the rest, if the file is still the same."""
        if not (self.can_continue and self.tag and self.received):
            return PLAIN
        return {**PLAIN, "Range": f"bytes={self.received}-", "If-Range": self.tag}

    def start(self, response: httpx.Response) -> None:
        """Begin with a response: after what was received, or anew."""
        if response.status_code != HTTPStatus.PARTIAL_CONTENT:
            self.received = 0
            self.file.seek(0)
            self.file.truncate()
        self.tag = response.headers.get("ETag", "")

    def add(self, part: bytes) -> None:
        """Write a part of the response."""
        self.file.write(part)
        self.received += len(part)


@dataclass(slots=True)
class DownloadAttempts:
    """The attempts at a download; they are counted from the last one that brought it further."""

    policy: RetryPolicy
    download: Download
    furthest: int = 0
    attempts: Attempts = field(init=False)

    def __post_init__(self) -> None:
        """Begin to count."""
        self.attempts = Attempts(self.policy)

    def pause_after(self, outcome: httpx.Response | httpx.TransportError) -> float:
        """Return the seconds before the next attempt, after one that failed.

        Raises:
            ApiProblemError, RequestFailedError: there is none.
        """
        if self.download.received > self.furthest:
            self.furthest, self.attempts = self.download.received, Attempts(self.policy)
        return self.attempts.pause_after(outcome)


def export_file(number: int, name: str) -> ApiCall[bytes]:
    """Return a request for a file of an export."""
    folders = name.split("/")
    return get(path_of("exports", number, "files", *folders), bytes)


def answers_file(campaign: str, cursor: str | None) -> ApiCall[bytes]:
    """Return a request for all answers of a campaign after a cursor, as JSON Lines."""
    return get(path_of("campaigns", campaign, "answers.ndjson"), bytes, cursor=cursor)


@contextmanager
def receive_file(call: ApiCall[bytes], target: Path, *, can_continue: bool) -> Iterator[Download]:
    """Provide a download beside its target; it becomes the target if nothing failed.

    The next download to the same target replaces a part that a killed process left.

    Raises:
        IsADirectoryError: the target is a folder.
    """
    if target.is_dir():
        message = f"“{target}” is a folder; name a file in it"
        raise IsADirectoryError(message)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART_SUFFIX)
    try:
        with part.open("w+b") as file:
            yield Download(call, file, can_continue)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def take_cursor(file: IO[bytes]) -> str:
    """Remove the last line of answers, and return the cursor that it has.

    Raises:
        InterruptedDownloadError: the last line has none, so answers are missing.
    """
    end = file.seek(0, os.SEEK_END)
    start = file.seek(max(end - MAX_CURSOR_LINE, 0))
    line = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        cursor = from_json(line)["next_cursor"]
    except (ValueError, KeyError, TypeError):
        message = "The answers were cut off. Read them again."
        raise InterruptedDownloadError(message) from None
    file.truncate(max(end - len(line) - 1, start))
    return str(cursor)


def safe_path(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder.

    Raises:
        ValueError: the name leads out of the folder.
    """
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        message = f"the file name “{name}” leads out of the folder"
        raise ValueError(message)
    return target
