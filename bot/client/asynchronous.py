"""The client for code on an event loop; the methods are those of the other client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter

from bot.client import calls, results
from bot.client.attempts import Attempts, Polls, http_options, request_options
from bot.client.calls import ApiCall, ReportProgress, ignore_progress
from bot.client.models import (
    AnswerBatch,
    AnswerInfo,
    CampaignInfo,
    ExpertInfo,
    ExportInfo,
    FileInfo,
    ProgressInfo,
    PushResult,
)
from bot.client.retries import RetryPolicy

T = TypeVar("T")


class AsyncLabelbotClient:
    """A client of the HTTP API. Close it, or use it in an `async with` block.

    Every method raises `ApiProblemError` if the API refuses the request, and `RequestFailedError`
    if it cannot be reached after several attempts.
    """

    def __init__(
        self,
        url: str,
        key: str,
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

    def campaigns(self) -> AsyncIterator[CampaignInfo]:
        """Yield the campaigns for which the key is valid."""
        return self._iterate("/campaigns", CampaignInfo)

    async def campaign(self, name: str) -> CampaignInfo:
        """Return a campaign."""
        return await self._fetch(calls.campaign(name), CampaignInfo)

    async def create_campaign(self, name: str, kind: str, **options: object) -> CampaignInfo:
        """Create a campaign; `options` are the fields of the request, such as `overlap`."""
        return await self._fetch(calls.create_campaign(name, kind, options), CampaignInfo)

    def experts(self, campaign: str | None = None) -> AsyncIterator[ExpertInfo]:
        """Yield the experts of a campaign, or all."""
        return self._iterate("/experts", ExpertInfo, campaign=campaign)

    async def add_experts(self, campaign: str, slack_ids: list[str]) -> list[str]:
        """Add experts to a campaign; return those who were no members before."""
        added = await self._fetch(calls.add_experts(campaign, slack_ids), dict[str, list[str]])
        return added["added"]

    async def push(
        self,
        campaign: str,
        data: Any,  # noqa: ANN401 - rows, a datasets.Dataset or a pandas.DataFrame
        *,
        mapping: Mapping[str, str] | None = None,
        progress: ReportProgress = ignore_progress,
    ) -> PushResult:
        """Add items to a campaign; what it has stays, so the same data can be pushed again.

        `mapping` names the columns of parts, as in {"candidates": "a,b"}; others are detected.
        """
        call, total = calls.push(campaign, mapping or {}), calls.count_of(data)
        with calls.stored_rows(data) as file:
            sent = replace(call, content=lambda: _iter_body(file, progress, total))
            return await self._fetch(sent, PushResult)

    async def progress(self, campaign: str) -> ProgressInfo:
        """Return how far a campaign is."""
        return await self._fetch(calls.progress(campaign), ProgressInfo)

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

    async def read_answers(
        self, campaign: str, cursor: str | None = None, *, limit: int = 1_000
    ) -> AnswerBatch:
        """Return answers after a cursor, and the cursor with which to continue."""
        return await self._fetch(calls.answers(campaign, cursor, limit), AnswerBatch)

    async def answers(self, campaign: str, cursor: str | None = None) -> AsyncIterator[AnswerInfo]:
        """Yield every version of every answer after a cursor, in the order of storing."""
        has_more = True
        while has_more:
            batch = await self.read_answers(campaign, cursor)
            cursor, has_more = batch.cursor, batch.has_more
            for answer in batch.answers:
                yield answer

    async def labels(self, campaign: str) -> list[AnswerInfo]:
        """Return the current answers that count, without gold questions."""
        return results.current_labels([one async for one in self.answers(campaign)])

    async def dataset(self, campaign: str) -> Any:  # noqa: ANN401 - datasets.Dataset
        """Return the labels of a campaign as a `datasets.Dataset`."""
        return results.dataset_of(await self.labels(campaign))

    async def frame(self, campaign: str) -> Any:  # noqa: ANN401 - pandas.DataFrame
        """Return the labels of a campaign as a `pandas.DataFrame`."""
        return results.frame_of(await self.labels(campaign))

    async def start_export(
        self, campaign: str, format_name: str = "", options: Mapping[str, str] | None = None
    ) -> ExportInfo:
        """Queue an export; the running bot writes it."""
        return await self._fetch(
            calls.start_export(campaign, format_name, options or {}), ExportInfo
        )

    async def export(self, number: int) -> ExportInfo:
        """Return an export with its state."""
        return await self._fetch(calls.export(number), ExportInfo)

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
        """Download the files of an export into a folder; return their paths."""
        found = await self._fetch(calls.export_files(number), list[FileInfo])
        return [await self._download(number, file.name, folder) for file in found]

    async def _download(self, number: int, name: str, folder: Path) -> Path:
        response = await self._exchange(calls.export_file(number, name))
        return await asyncio.to_thread(calls.write_file, folder, name, response.content)

    async def _iterate(self, path: str, model: type[T], **parameters: object) -> AsyncIterator[T]:
        adapter, cursor = TypeAdapter(model), None
        while True:
            page = (await self._exchange(calls.get(path, cursor=cursor, **parameters))).json()
            for one in page["data"]:
                yield adapter.validate_python(one)
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def _fetch(self, call: ApiCall, model: type[T]) -> T:
        return TypeAdapter(model).validate_json((await self._exchange(call)).content)

    async def _exchange(self, call: ApiCall) -> httpx.Response:
        attempts = Attempts(self._retries)
        while True:
            outcome = await self._try(call)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return outcome
            await self._sleep(attempts.pause_after(outcome))

    async def _try(self, call: ApiCall) -> httpx.Response | httpx.TransportError:
        try:
            return await self._http.request(**request_options(call))
        except httpx.TransportError as error:
            return error


async def _iter_body(
    file: IO[bytes], progress: ReportProgress, total: int | None
) -> AsyncIterator[bytes]:
    for part in calls.iter_body(file, progress, total):
        yield part
