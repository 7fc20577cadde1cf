"""The client for code on an event loop; the methods are those of the other client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

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


class AsyncLabelbotClient(ApiMethods):
    """A client of the HTTP API. Close it, or use it in an `async with` block.

    Every method raises `ApiProblemError` if the API refuses the request, and `RequestFailedError`
    if it cannot be reached after several attempts.
    """

    def __init__(
        self,
        url: str | None,
        key: str | None,
        *,
        retries: RetryPolicy | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the address of the API, such as http://127.0.0.1:8081, and a key.

        Raises:
            UnusableAddressError, UnusableKeyError: nothing can be sent with them.
        """
        self._http = httpx.AsyncClient(**http_options(url, key))
        self._retries = retries or RetryPolicy()
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def push(  # noqa: PLR0913 - each has a default, and is named in calls
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
        result = await self._send_rows(call, data, progress)
        return pushes.require_all_rows(result) if raise_on_error else result

    async def check_items(
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
        return await self._send_rows(call, data)

    async def wait(
        self,
        campaign: str,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as the other client
        poll_seconds: float = 10.0,
        progress: ReportProgress = ignore_progress,
    ) -> ProgressInfo:
        """Wait until every item of a campaign has its answers; return its progress.

        Raises:
            WaitTimeoutError: `timeout` seconds were not enough.
        """
        polls = Polls(timeout, poll_seconds)
        while True:
            current = await self.progress(campaign)
            progress(current.answered, current.wanted)
            if current.is_complete:
                return current
            await self._sleep(polls.next_pause(results.progress_text(current)))

    async def answers(self, campaign: str, cursor: str | None = None) -> AsyncIterator[AnswerInfo]:
        """Yield every version of every answer after a cursor, in the order of storing."""
        has_more = True
        while has_more:
            batch = await self.read_answers(campaign, cursor)
            cursor, has_more = batch.cursor, batch.has_more
            for answer in batch.answers:
                yield answer

    async def download_answers(self, campaign: str, path: Path, cursor: str | None = None) -> str:
        """Write all answers after a cursor into a file, as JSON Lines; return the next cursor.

        Raises:
            InterruptedDownloadError: the answers were cut off; there is no file.
        """
        call = downloads.answers_file(campaign, cursor)
        with downloads.receive_file(call, path, can_continue=False) as download:
            await self._receive(download)
            return downloads.take_cursor(download.file)

    async def labels(self, campaign: str) -> list[AnswerInfo]:
        """Return the current answers that count, without gold questions."""
        return results.current_labels([one async for one in self.answers(campaign)])

    async def dataset(self, campaign: str) -> Any:  # noqa: ANN401 - datasets.Dataset
        """Return the labels of a campaign as a `datasets.Dataset`."""
        return results.dataset_of(await self.labels(campaign))

    async def frame(self, campaign: str) -> Any:  # noqa: ANN401 - pandas.DataFrame
        """Return the labels of a campaign as a `pandas.DataFrame`."""
        return results.frame_of(await self.labels(campaign))

    async def wait_for_export(
        self,
        number: int,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as the other client
        poll_seconds: float = 2.0,
    ) -> ExportInfo:
        """Wait until an export is done or has failed.

        Raises:
            WaitTimeoutError: `timeout` seconds were not enough.
        """
        polls = Polls(timeout, poll_seconds)
        while not (current := await self.export(number)).is_finished:
            await self._sleep(polls.next_pause(f"export {number} is {current.state}"))
        return current

    async def download_export(self, number: int, folder: Path) -> list[Path]:
        """Download the files of an export into a folder; return their paths.

        A download that is cut off is continued. Files that are complete stay if another one fails.
        """
        files = await self.export_files(number)
        return [await self._download(number, file.name, folder) for file in files]

    async def _download(self, number: int, name: str, folder: Path) -> Path:
        target = downloads.safe_path(folder, name)
        call = downloads.export_file(number, name)
        with downloads.receive_file(call, target, can_continue=True) as download:
            await self._receive(download)
        return target

    async def _receive(self, download: Download) -> None:
        attempts = DownloadAttempts(self._retries, download)
        while (outcome := await self._try_download(download)) is not None:
            await self._sleep(attempts.pause_after(outcome))

    async def _try_download(
        self, download: Download
    ) -> httpx.Response | httpx.TransportError | None:
        """Return what went wrong; None: all was received."""
        options = request_options(download.call, download.next_headers())
        try:
            async with self._http.stream(**options) as response:
                if not response.is_success:
                    await response.aread()
                    return response
                download.start(response)
                async for part in response.aiter_bytes():
                    await asyncio.to_thread(download.add, part)
        except httpx.TransportError as error:
            return error
        return None

    async def _send_rows(
        self,
        call: ApiCall[T],
        data: Iterable[Any],
        progress: ReportProgress = ignore_progress,
    ) -> T:
        total = rows.count_of(data)
        with rows.stored_rows(data) as file:
            return await self.send(replace(call, content=lambda: _iter_body(file, progress, total)))

    async def iterate(self, call: ApiCall[ListPage[T]]) -> AsyncIterator[T]:
        """Yield the entries of all pages of a list."""
        cursor: str | None = None
        while True:
            page = await self.send(page_after(call, cursor))
            for entry in page.data:
                yield entry
            cursor = page.next_cursor
            if cursor is None:
                return

    async def send(self, call: ApiCall[T]) -> T:
        """Send a request and return its result."""
        attempts = Attempts(self._retries)
        while True:
            outcome = await self._try(call)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return result_of(call, outcome)
            await self._sleep(attempts.pause_after(outcome))

    async def _try(self, call: ApiCall[T]) -> httpx.Response | httpx.TransportError:
        try:
            return await self._http.request(**request_options(call))
        except httpx.TransportError as error:
            return error


async def _iter_body(
    file: IO[bytes], progress: ReportProgress, total: int | None
) -> AsyncIterator[bytes]:
    for part in rows.iter_body(file, progress, total):
        yield part
