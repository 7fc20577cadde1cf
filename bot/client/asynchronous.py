"""The client for code on an event loop; the methods are those of the other client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import IO, Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter

from bot.client import calls, results
from bot.client.calls import ApiCall, ReportProgress
from bot.client.models import (
    AnswerBatch,
    AnswerInfo,
    CampaignInfo,
    ExportInfo,
    ProgressInfo,
    PushResult,
)
from bot.client.problems import RequestFailedError, WaitTimeoutError, problem_of
from bot.client.retries import RetryPolicy
from bot.client.synchronous import PUSH_TIMEOUT, TIMEOUT, ignore_progress

T = TypeVar("T")


class AsyncLabelbotClient:
    """A client of the HTTP API. Close it, or use it in an `async with` block."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        retries: RetryPolicy | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the address of the API and a key."""
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT)
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

    async def campaigns(self) -> AsyncIterator[CampaignInfo]:
        """Yield the campaigns for which the key is valid."""
        cursor = None
        while True:
            page = (await self._exchange(calls.get("/campaigns", cursor=cursor))).json()
            for one in page["data"]:
                yield CampaignInfo.model_validate(one)
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def campaign(self, name: str) -> CampaignInfo:
        """Return a campaign."""
        return await self._fetch(ApiCall("GET", calls.campaign_path(name)), CampaignInfo)

    async def create_campaign(self, name: str, kind: str, **options: object) -> CampaignInfo:
        """Create a campaign; `options` are the fields of the request, such as `overlap`."""
        body = {"name": name, "kind": kind, **options}
        return await self._fetch(calls.post("/campaigns", body), CampaignInfo)

    async def push(
        self,
        campaign: str,
        data: Any,  # noqa: ANN401 - rows, a datasets.Dataset or a pandas.DataFrame
        *,
        mapping: Mapping[str, str] | None = None,
        progress: ReportProgress = ignore_progress,
    ) -> PushResult:
        """Add items to a campaign; what it has stays, so the same data can be pushed again."""
        call, total = calls.push(campaign, mapping or {}), calls.count_of(data)
        with calls.stored_rows(data) as file:
            sent = replace(call, content=lambda: _iter_body(file, progress, total))
            return await self._fetch(sent, PushResult)

    async def progress(self, campaign: str) -> ProgressInfo:
        """Return how far a campaign is."""
        return await self._fetch(
            ApiCall("GET", f"{calls.campaign_path(campaign)}/status"), ProgressInfo
        )

    async def wait(
        self,
        campaign: str,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - counts the polls, as the other client does
        poll_seconds: float = 10.0,
        progress: ReportProgress = ignore_progress,
    ) -> ProgressInfo:
        """Wait until every item of a campaign has its answers; return its progress.

        Raises:
            WaitTimeoutError: `timeout` seconds were not enough.
        """
        waited = 0.0
        while True:
            current = await self.progress(campaign)
            progress(current.answered, current.wanted)
            if current.is_complete:
                return current
            if timeout is not None and waited >= timeout:
                message = f"“{campaign}” has {current.answered} of {current.wanted} answers"
                raise WaitTimeoutError(message)
            await self._sleep(poll_seconds)
            waited += poll_seconds

    async def read_answers(
        self, campaign: str, cursor: str | None = None, *, limit: int = 1_000
    ) -> AnswerBatch:
        """Return answers after a cursor, and the cursor with which to continue."""
        path = f"{calls.relative(calls.campaign_path(campaign))}/answers"
        return await self._fetch(calls.get(path, cursor=cursor, limit=limit), AnswerBatch)

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

    async def start_export(
        self, campaign: str, format_name: str = "", options: Mapping[str, str] | None = None
    ) -> ExportInfo:
        """Queue an export; the running bot writes it."""
        path = f"{calls.relative(calls.campaign_path(campaign))}/exports"
        body = {"format": format_name, "options": dict(options or {})}
        return await self._fetch(calls.post(path, body), ExportInfo)

    async def export(self, number: int) -> ExportInfo:
        """Return an export with its state."""
        return await self._fetch(calls.get(f"/exports/{number}"), ExportInfo)

    async def _fetch(self, call: ApiCall, model: type[T]) -> T:
        return TypeAdapter(model).validate_json((await self._exchange(call)).content)

    async def _exchange(self, call: ApiCall) -> httpx.Response:
        repetition = 0
        while True:
            repetition += 1
            response, failure = await self._try(call)
            if response is not None and response.is_success:
                return response
            seconds = self._retries.seconds_before(repetition, response)
            if seconds is None:
                if response is not None:
                    raise problem_of(response)
                message = f"the API does not answer: {failure}"
                raise RequestFailedError(message) from failure
            await self._sleep(seconds)

    async def _try(
        self, call: ApiCall
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return await self._http.request(
                call.method,
                call.path,
                params=dict(call.parameters),
                content=call.content() if callable(call.content) else call.content,
                headers=dict(call.headers),
                timeout=PUSH_TIMEOUT if callable(call.content) else TIMEOUT,
            ), None
        except httpx.TransportError as error:
            return None, error


async def _iter_body(
    file: IO[bytes], progress: ReportProgress, total: int | None
) -> AsyncIterator[bytes]:
    for part in calls.iter_body(file, progress, total):
        yield part
