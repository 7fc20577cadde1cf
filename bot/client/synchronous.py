"""The client for ordinary code."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from bot.client import downloads, pushes, results, rows
from bot.client.attempts import Attempts, Polls, http_options, request_options, result_of
from bot.client.calls import ApiCall, page_after
from bot.client.downloads import Download, DownloadAttempts
from bot.client.methods import ApiMethods
from bot.client.models.answers import AnswerInfo
from bot.client.models.base import ListPage
from bot.client.models.campaigns import ProgressInfo
from bot.client.models.exports import ExportInfo
from bot.client.models.items import PushResult
from bot.client.pushes import USUAL, Columns, PushOptions
from bot.client.retries import RetryPolicy
from bot.client.rows import ReportProgress, ignore_progress

T = TypeVar("T")


class LabelbotClient(ApiMethods):
    """A client of the HTTP API. Close it, or use it in a `with` block.

    Every method raises `ApiProblemError` if the API refuses the request, and `RequestFailedError`
    if it cannot be reached after several attempts.
    """

    def __init__(
        self,
        url: str | None,
        key: str | None,
        *,
        retries: RetryPolicy | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take the address of the API, such as http://127.0.0.1:8081, and a key.

        Raises:
            UnusableAddressError, UnusableKeyError: nothing can be sent with them.
        """
        self._http = httpx.Client(**http_options(url, key))
        self._retries = retries or RetryPolicy()
        self._sleep = sleep

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def push(  # noqa: PLR0913 - each has a default, and is named in calls
        self,
        campaign: str,
        data: Iterable[Any],
        *,
        mapping: Columns | None = None,
        options: PushOptions = USUAL,
        progress: ReportProgress = ignore_progress,
        raise_on_error: bool = True,
    ) -> PushResult:
        """Add items to a campaign; what it has stays, so the same data can be pushed again.

        `mapping` names the columns of parts, as in {"candidates": ["a", "b"]}; others are detected.
        An iterator is read once, and kept in a temporary file, not in memory.

        Raises:
            ApiProblemError: nothing was added, for example because every row is invalid.
            RejectedRowsError: some rows are invalid; the others were added. Without
                `raise_on_error`, the result is returned.
        """
        call = pushes.push_items(campaign, mapping or {}, options)
        result = self._send_rows(call, data, progress)
        return pushes.require_all_rows(result) if raise_on_error else result

    def check_items(
        self,
        campaign: str,
        data: Iterable[Any],
        *,
        mapping: Columns | None = None,
        options: PushOptions = USUAL,
        near: bool = False,
    ) -> dict[str, Any]:
        """Return what a push would do, and store nothing; `near`: also find near-duplicates."""
        call = pushes.check_items(campaign, mapping or {}, options, near=near)
        return self._send_rows(call, data)

    def wait(
        self,
        campaign: str,
        *,
        timeout: float | None = None,
        poll_seconds: float = 10.0,
        progress: ReportProgress = ignore_progress,
    ) -> ProgressInfo:
        """Wait until every item of a campaign has its answers; return its progress.

        Raises:
            WaitTimeoutError: `timeout` seconds were not enough.
        """
        polls = Polls(timeout, poll_seconds)
        while True:
            current = self.progress(campaign)
            progress(current.answered, current.wanted)
            if current.is_complete:
                return current
            self._sleep(polls.next_pause(results.progress_text(current)))

    def answers(self, campaign: str, cursor: str | None = None) -> Iterator[AnswerInfo]:
        """Yield every version of every answer after a cursor, in the order of storing."""
        has_more = True
        while has_more:
            batch = self.read_answers(campaign, cursor)
            cursor, has_more = batch.cursor, batch.has_more
            yield from batch.answers

    def download_answers(self, campaign: str, path: Path, cursor: str | None = None) -> str:
        """Write all answers after a cursor into a file, as JSON Lines; return the next cursor.

        Raises:
            InterruptedDownloadError: the answers were cut off; there is no file.
        """
        call = downloads.answers_file(campaign, cursor)
        with downloads.receive_file(call, path, can_continue=False) as download:
            self._receive(download)
            return downloads.take_cursor(download.file)

    def labels(self, campaign: str) -> list[AnswerInfo]:
        """Return the current answers that count, without gold questions."""
        return results.current_labels(self.answers(campaign))

    def dataset(self, campaign: str) -> Any:  # noqa: ANN401 - datasets.Dataset
        """Return the labels of a campaign as a `datasets.Dataset`."""
        return results.dataset_of(self.labels(campaign))

    def frame(self, campaign: str) -> Any:  # noqa: ANN401 - pandas.DataFrame
        """Return the labels of a campaign as a `pandas.DataFrame`."""
        return results.frame_of(self.labels(campaign))

    def wait_for_export(
        self, number: int, *, timeout: float | None = None, poll_seconds: float = 2.0
    ) -> ExportInfo:
        """Wait until an export is done or has failed.

        Raises:
            WaitTimeoutError: `timeout` seconds were not enough.
        """
        polls = Polls(timeout, poll_seconds)
        while not (current := self.export(number)).is_finished:
            self._sleep(polls.next_pause(f"export {number} is {current.state}"))
        return current

    def download_export(self, number: int, folder: Path) -> list[Path]:
        """Download the files of an export into a folder; return their paths.

        A download that is cut off is continued. Files that are complete stay if another one fails.
        """
        return [self._download(number, file.name, folder) for file in self.export_files(number)]

    def _download(self, number: int, name: str, folder: Path) -> Path:
        target = downloads.safe_path(folder, name)
        call = downloads.export_file(number, name)
        with downloads.receive_file(call, target, can_continue=True) as download:
            self._receive(download)
        return target

    def _receive(self, download: Download) -> None:
        attempts = DownloadAttempts(self._retries, download)
        while (outcome := self._try_download(download)) is not None:
            self._sleep(attempts.pause_after(outcome))

    def _try_download(self, download: Download) -> httpx.Response | httpx.TransportError | None:
        """Return what went wrong; None: all was received."""
        options = request_options(download.call, download.next_headers())
        try:
            with self._http.stream(**options) as response:
                if not response.is_success:
                    response.read()
                    return response
                download.start(response)
                for part in response.iter_bytes():
                    download.add(part)
        except httpx.TransportError as error:
            return error
        return None

    def _send_rows(
        self,
        call: ApiCall[T],
        data: Iterable[Any],
        progress: ReportProgress = ignore_progress,
    ) -> T:
        total = rows.count_of(data)
        with rows.stored_rows(data) as file:
            return self.send(replace(call, content=lambda: rows.iter_body(file, progress, total)))

    def iterate(self, call: ApiCall[ListPage[T]]) -> Iterator[T]:
        """Yield the entries of all pages of a list."""
        cursor: str | None = None
        while True:
            page = self.send(page_after(call, cursor))
            yield from page.data
            cursor = page.next_cursor
            if cursor is None:
                return

    def send(self, call: ApiCall[T]) -> T:
        """Send a request and return its result."""
        attempts = Attempts(self._retries)
        while True:
            outcome = self._try(call)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return result_of(call, outcome)
            self._sleep(attempts.pause_after(outcome))

    def _try(self, call: ApiCall[T]) -> httpx.Response | httpx.TransportError:
        try:
            return self._http.request(**request_options(call))
        except httpx.TransportError as error:
            return error
