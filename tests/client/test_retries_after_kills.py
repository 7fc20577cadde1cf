"""The API is killed while the client works: nothing is lost, doubled or incomplete."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.client import AnswerInfo, AsyncLabelbotClient, LabelbotClient
from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.database import Database
from storage.tables import KeyScope
from tests.api.conftest import create_key
from tests.client.api_process import ApiProcess, run_api_process
from tests.services.conftest import NOW, Scenario, pair

pytestmark = pytest.mark.slow

ADA = "U0ADA"

ROWS = 4_000
"""Rows of a push: several parts of a body, and sixteen transactions."""

ANSWERS = 2_500
"""Answers that are read: three pages."""

LARGE_BYTES = 80_000_000

Options = dict[str, Any]


@pytest.fixture
def scenario(database: Database, tmp_path: Path) -> Scenario:
    """Return a campaign without items."""
    created = Scenario(database, tmp_path)
    created.create_campaign("tone", overlap=1, experts=[ADA])
    return created


@pytest.fixture
def process(database_url: str, scenario: Scenario) -> Iterator[ApiProcess]:
    """Return the running API."""
    with run_api_process(database_url, scenario.folder) as running:
        yield running


class SyncCalls:
    """Calls methods of the ordinary client, whose waits run a function."""

    def __init__(self, url: str, key: str, on_wait: Callable[[], object]) -> None:
        """Take the address, a key and what happens while the client waits."""
        self.arguments: Options = {"url": url, "key": key, "sleep": lambda _seconds: on_wait()}

    def call(self, method: str, *args: object, **options: object) -> Any:  # noqa: ANN401 - the result of any method
        """Return the result of a method."""
        with LabelbotClient(**self.arguments) as client:
            return getattr(client, method)(*args, **options)

    def read(self, on_answer: Callable[[AnswerInfo], object]) -> None:
        """Pass each answer to a function."""
        with LabelbotClient(**self.arguments) as client:
            for answer in client.answers("tone"):
                on_answer(answer)


class AsyncCalls:
    """Does the same with the client for event loops."""

    def __init__(self, url: str, key: str, on_wait: Callable[[], object]) -> None:
        """Take the same."""

        async def sleep(_seconds: float) -> None:
            await asyncio.to_thread(on_wait)

        self.arguments: Options = {"url": url, "key": key, "sleep": sleep}

    def call(self, method: str, *args: object, **options: object) -> Any:  # noqa: ANN401 - the result of any method
        """Return the result of a method."""

        async def run_method() -> object:
            async with AsyncLabelbotClient(**self.arguments) as client:
                return await getattr(client, method)(*args, **options)

        return asyncio.run(run_method())

    def read(self, on_answer: Callable[[AnswerInfo], object]) -> None:
        """Pass each answer to a function."""

        async def read_all() -> None:
            async with AsyncLabelbotClient(**self.arguments) as client:
                async for answer in client.answers("tone"):
                    on_answer(answer)

        asyncio.run(read_all())


Calls = SyncCalls | AsyncCalls


@pytest.fixture(params=[SyncCalls, AsyncCalls])
def client(request: pytest.FixtureRequest, scenario: Scenario, process: ApiProcess) -> Calls:
    """Return a client for an admin, during whose waits the API starts again."""
    key = create_key(scenario, KeyScope.ADMIN, name="loop")
    calls: Calls = request.param(process.url, key, process.start)
    return calls


def only_on_sqlite(function: Callable[..., None]) -> Callable[..., None]:
    """Run a test that does not depend on the database once."""
    mark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    marked: Callable[..., None] = mark(function)
    return marked


def with_each_client_once(function: Callable[..., None]) -> Callable[..., None]:
    """Run a test on both databases, with the one client on one and the other on the other."""
    cases = [("sqlite", SyncCalls), ("postgresql", AsyncCalls)]
    mark = pytest.mark.parametrize(("database_url", "client"), cases, indirect=True)
    marked: Callable[..., None] = mark(function)
    return marked


@with_each_client_once
def test_push_that_is_cut_off_while_rows_are_sent_adds_each_once(
    scenario: Scenario, process: ApiProcess, client: Calls
) -> None:
    def kill_once(_done: int, _total: int | None) -> None:
        if process.kills == 0:
            process.kill()

    rows = [pair(number) for number in range(ROWS)]
    result = client.call("push", "tone", rows, progress=kill_once)
    assert (process.kills, result.added, scenario.count("item")) == (1, ROWS, ROWS)


@with_each_client_once
def test_push_that_is_cut_off_while_rows_are_stored_adds_each_once(
    scenario: Scenario, process: ApiProcess, client: Calls
) -> None:
    rows = [pair(number) for number in range(ROWS)]
    with process.killed_when(lambda: scenario.count("item") > 0):
        result = client.call("push", "tone", rows)
    assert process.kills == 1
    assert 0 < result.existing < ROWS
    assert (result.existing + result.added, scenario.count("item")) == (ROWS, ROWS)


def push_answers(client: Calls) -> list[str]:
    """Push items with answers; return the ids of the items."""
    rows = [pair(number, winner="model_a", judge=ADA) for number in range(ANSWERS)]
    result = client.call("push", "tone", rows, mapping={"answer": "winner", "expert": "judge"})
    assert result.answers == ANSWERS
    return [str(row["id"]) for row in rows]


@only_on_sqlite
def test_answers_are_read_once_each(process: ApiProcess, client: Calls) -> None:
    items, read = push_answers(client), list[str]()

    def count(answer: AnswerInfo) -> None:
        read.append(answer.item)
        if len(read) in (700, 1_700):
            process.kill()

    client.read(count)
    assert (process.kills, read) == (2, items)


def size_of(path: Path) -> int:
    """Return the size of a file, 0 if there is none."""
    return path.stat().st_size if path.exists() else 0


@only_on_sqlite
def test_file_of_answers_has_each_once(process: ApiProcess, client: Calls, tmp_path: Path) -> None:
    items, target = push_answers(client), tmp_path / "answers.jsonl"
    with process.killed_when(lambda: size_of(tmp_path / "answers.jsonl.part") > 0):
        cursor = client.call("download_answers", "tone", target)
    answers = map(AnswerInfo.model_validate_json, target.read_text().splitlines())
    assert [one.item for one in answers] == items
    assert process.kills == 1
    assert client.call("read_answers", "tone", cursor).answers == []


@only_on_sqlite
def test_file_of_an_export_is_continued_and_is_the_same(
    scenario: Scenario, process: ApiProcess, client: Calls, tmp_path: Path
) -> None:
    scenario.import_rows("tone", [pair(1)])
    scenario.answer_all(ADA, verdict="a")
    client.call("start_export", "tone")
    run.run_pending_exports(scenario.database, AdjustableClock(NOW))
    large = Path(client.call("export", 1).path) / "large.bin"
    large.write_bytes(os.urandom(LARGE_BYTES))
    part = tmp_path / "labels" / "large.bin.part"
    with process.killed_when(lambda: size_of(part) > LARGE_BYTES / 4):
        files = client.call("download_export", 1, tmp_path / "labels")
    (received,) = (path for path in files if path.name == "large.bin")
    digests = {sha256(path.read_bytes()).hexdigest() for path in (large, received)}
    assert (process.kills, len(digests)) == (1, 1)
    assert not list((tmp_path / "labels").glob("*.part"))


@only_on_sqlite
def test_waits_go_on(scenario: Scenario, process: ApiProcess, client: Calls) -> None:
    scenario.import_rows("tone", [pair(1)])
    number = client.call("start_export", "tone", freeze=False).id
    waits: list[str] = []

    def on_wait() -> None:
        waits.append("killed" if process.process else "started")
        if process.process:
            process.kill()
            return
        scenario.answer_all(ADA, verdict="a")
        run.run_pending_exports(scenario.database, AdjustableClock(NOW))
        process.start()

    key = create_key(scenario, KeyScope.READ, name="waiting")
    waiting = type(client)(process.url, key, on_wait)
    assert waiting.call("wait", "tone").is_complete
    assert waits == ["killed", "started"]
    assert waiting.call("wait_for_export", number).is_finished
