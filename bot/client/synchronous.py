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

    def campaigns(self) -> Iterator[CampaignInfo]:
        """Yield the campaigns for which the key is valid."""
        return self._iterate("/campaigns", CampaignInfo)

    def campaign(self, name: str) -> CampaignInfo:
        """Return a campaign."""
        return self._fetch(calls.campaign(name), CampaignInfo)

    def create_campaign(self, name: str, kind: str, **options: object) -> CampaignInfo:
        """Create a campaign; `options` are the fields of the request, such as `overlap`."""
        return self._fetch(calls.create_campaign(name, kind, options), CampaignInfo)

    def experts(self, campaign: str | None = None) -> Iterator[ExpertInfo]:
        """Yield the experts of a campaign, or all."""
        return self._iterate("/experts", ExpertInfo, campaign=campaign)

    def add_experts(self, campaign: str, slack_ids: list[str]) -> list[str]:
        """Add experts to a campaign; return those who were no members before."""
        return self._fetch(calls.add_experts(campaign, slack_ids), dict[str, list[str]])["added"]

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
        return self._fetch(calls.progress(campaign), ProgressInfo)

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

    def read_answers(
        self, campaign: str, cursor: str | None = None, *, limit: int = 1_000
    ) -> AnswerBatch:
        """Return answers after a cursor, and the cursor with which to continue."""
        return self._fetch(calls.answers(campaign, cursor, limit), AnswerBatch)

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
        return self._fetch(calls.start_export(campaign, format_name, options or {}), ExportInfo)

    def export(self, number: int) -> ExportInfo:
        """Return an export with its state."""
        return self._fetch(calls.export(number), ExportInfo)

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
        """Download the files of an export into a folder; return their paths."""
        found = self._fetch(calls.export_files(number), list[FileInfo])
        return [self._download(number, file.name, folder) for file in found]

    def _download(self, number: int, name: str, folder: Path) -> Path:
        response = self._exchange(calls.export_file(number, name))
        return calls.write_file(folder, name, response.content)

    def _iterate(self, path: str, model: type[T], **parameters: object) -> Iterator[T]:
        adapter, cursor = TypeAdapter(model), None
        while True:
            page = self._exchange(calls.get(path, cursor=cursor, **parameters)).json()
            yield from map(adapter.validate_python, page["data"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _fetch(self, call: ApiCall, model: type[T]) -> T:
        return TypeAdapter(model).validate_json(self._exchange(call).content)

    def _exchange(self, call: ApiCall) -> httpx.Response:
        attempts = Attempts(self._retries)
        while True:
            outcome = self._try(call)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return outcome
            self._sleep(attempts.pause_after(outcome))

    def _try(self, call: ApiCall) -> httpx.Response | httpx.TransportError:
        try:
            return self._http.request(**request_options(call))
        except httpx.TransportError as error:
            return error
