"""The client for ordinary code."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter

from bot.client import calls, results
from bot.client.calls import ApiCall, ReportProgress
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
from bot.client.problems import RequestFailedError, WaitTimeoutError, problem_of
from bot.client.retries import RetryPolicy

T = TypeVar("T")

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
PUSH_TIMEOUT = httpx.Timeout(60.0, connect=10.0, read=3600.0)
"""The API answers when all rows are stored."""


def ignore_progress(_done: int, _total: int | None) -> None:
    """Do nothing: the default."""


class LabelbotClient:
    """A client of the HTTP API. Close it, or use it in a `with` block.

    Every method raises `ApiProblemError` if the API refuses the request, and `RequestFailedError`
    if it cannot be reached after several attempts.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        retries: RetryPolicy | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take the address of the API, such as http://127.0.0.1:8081, and a key."""
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT)
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

    def campaigns(self) -> Iterator[CampaignInfo]:
        """Yield the campaigns for which the key is valid."""
        return self._iterate("/campaigns", CampaignInfo)

    def campaign(self, name: str) -> CampaignInfo:
        """Return a campaign."""
        return self._fetch(ApiCall("GET", calls.campaign_path(name)), CampaignInfo)

    def create_campaign(self, name: str, kind: str, **options: object) -> CampaignInfo:
        """Create a campaign; `options` are the fields of the request, such as `overlap`."""
        body = {"name": name, "kind": kind, **options}
        return self._fetch(calls.post("/campaigns", body), CampaignInfo)

    def experts(self, campaign: str | None = None) -> Iterator[ExpertInfo]:
        """Yield the experts of a campaign, or all."""
        return self._iterate("/experts", ExpertInfo, campaign=campaign)

    def add_experts(self, campaign: str, slack_ids: list[str]) -> list[str]:
        """Add experts to a campaign; return those who were no members before."""
        path = f"{calls.relative(calls.campaign_path(campaign))}/experts"
        added = self._fetch(calls.post(path, {"experts": slack_ids}), dict[str, list[str]])
        return added["added"]

    def push(
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
            sent = replace(call, content=lambda: calls.iter_body(file, progress, total))
            return self._fetch(sent, PushResult)

    def progress(self, campaign: str) -> ProgressInfo:
        """Return how far a campaign is."""
        return self._fetch(ApiCall("GET", f"{calls.campaign_path(campaign)}/status"), ProgressInfo)

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
        waited = 0.0
        while True:
            current = self.progress(campaign)
            progress(current.answered, current.wanted)
            if current.is_complete:
                return current
            if timeout is not None and waited >= timeout:
                message = f"“{campaign}” has {current.answered} of {current.wanted} answers"
                raise WaitTimeoutError(message)
            self._sleep(poll_seconds)
            waited += poll_seconds

    def read_answers(
        self, campaign: str, cursor: str | None = None, *, limit: int = 1_000
    ) -> AnswerBatch:
        """Return answers after a cursor, and the cursor with which to continue."""
        path = f"{calls.relative(calls.campaign_path(campaign))}/answers"
        return self._fetch(calls.get(path, cursor=cursor, limit=limit), AnswerBatch)

    def answers(self, campaign: str, cursor: str | None = None) -> Iterator[AnswerInfo]:
        """Yield every version of every answer after a cursor, in the order of storing."""
        has_more = True
        while has_more:
            batch = self.read_answers(campaign, cursor)
            cursor, has_more = batch.cursor, batch.has_more
            yield from batch.answers

    def labels(self, campaign: str) -> list[AnswerInfo]:
        """Return the current answers that count, without gold questions."""
        return results.current_labels(self.answers(campaign))

    def dataset(self, campaign: str) -> Any:  # noqa: ANN401 - datasets.Dataset
        """Return the labels of a campaign as a `datasets.Dataset`."""
        return results.dataset_of(self.labels(campaign))

    def frame(self, campaign: str) -> Any:  # noqa: ANN401 - pandas.DataFrame
        """Return the labels of a campaign as a `pandas.DataFrame`."""
        return results.frame_of(self.labels(campaign))

    def start_export(
        self, campaign: str, format_name: str = "", options: Mapping[str, str] | None = None
    ) -> ExportInfo:
        """Queue an export; the running bot writes it."""
        path = f"{calls.relative(calls.campaign_path(campaign))}/exports"
        body = {"format": format_name, "options": dict(options or {})}
        return self._fetch(calls.post(path, body), ExportInfo)

    def wait_for_export(
        self, number: int, *, timeout: float | None = None, poll_seconds: float = 2.0
    ) -> ExportInfo:
        """Wait until an export is done or has failed.

        Raises:
            WaitTimeoutError: `timeout` seconds were not enough.
        """
        waited = 0.0
        while True:
            status = self._fetch(calls.get(f"/exports/{number}"), ExportInfo)
            if status.is_finished:
                return status
            if timeout is not None and waited >= timeout:
                message = f"export {number} is {status.state}"
                raise WaitTimeoutError(message)
            self._sleep(poll_seconds)
            waited += poll_seconds

    def download_export(self, number: int, folder: Path) -> list[Path]:
        """Download the files of an export into a folder; return their paths."""
        found = self._fetch(calls.get(f"/exports/{number}/files"), list[FileInfo])
        return [self._download(number, file.name, folder) for file in found]

    def _download(self, number: int, name: str, folder: Path) -> Path:
        target = calls.safe_path(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        response = self._exchange(calls.file_call(number, name))
        target.write_bytes(response.content)
        return target

    def _iterate(self, path: str, model: type[T], **parameters: object) -> Iterator[T]:
        adapter, cursor = TypeAdapter(list[model]), None  # type: ignore[valid-type]  # a type variable
        while True:
            page = self._exchange(calls.get(path, cursor=cursor, **parameters)).json()
            yield from adapter.validate_python(page["data"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _fetch(self, call: ApiCall, model: type[T]) -> T:
        return TypeAdapter(model).validate_json(self._exchange(call).content)

    def _exchange(self, call: ApiCall) -> httpx.Response:
        repetition = 0
        while True:
            repetition += 1
            response, failure = self._try(call)
            if response is not None and response.is_success:
                return response
            seconds = self._retries.seconds_before(repetition, response)
            if seconds is None:
                if response is not None:
                    raise problem_of(response)
                message = f"the API does not answer: {failure}"
                raise RequestFailedError(message) from failure
            self._sleep(seconds)

    def _try(self, call: ApiCall) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._http.request(
                call.method,
                call.path,
                params=dict(call.parameters),
                content=call.content() if callable(call.content) else call.content,
                headers=dict(call.headers),
                timeout=PUSH_TIMEOUT if callable(call.content) else TIMEOUT,
            ), None
        except httpx.TransportError as error:
            return None, error
