"""Downloads of the client: in constant memory, continued after a cut, complete or not there."""

from __future__ import annotations

import asyncio
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.client import (
    AnswerInfo,
    AsyncLabelbotClient,
    InterruptedDownloadError,
    LabelbotClient,
    RequestFailedError,
    rows,
)
from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.client.cutting_proxy import CuttingProxy, run_proxy
from tests.services.conftest import NOW, pair

ADA = "U0ADA"

LARGE_BYTES = 12_000_000


@pytest.fixture
def proxy(api: RunningApi) -> Iterator[CuttingProxy]:
    """Return a proxy before the API."""
    with run_proxy(api.url) as running:
        yield running


def written_export(api: RunningApi) -> Path:
    """Let the bot write an export, with a large file beside its own; return its folder."""
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    api.scenario.import_rows("tone", [pair(1)])
    api.scenario.answer_all(ADA, verdict="a")
    client = api.client(KeyScope.ADMIN, name="exports")
    client.post("/campaigns/tone/exports", json={}).raise_for_status()
    run.run_pending_exports(api.context.database, AdjustableClock(NOW))
    folder = Path(client.get("/exports/1").json()["path"])
    (folder / "large.bin").write_bytes(os.urandom(LARGE_BYTES))
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_download_that_is_cut_off_is_continued(
    api: RunningApi, proxy: CuttingProxy, tmp_path: Path
) -> None:
    written, waits = written_export(api), list[float]()
    with LabelbotClient(proxy.url, api.create_key(KeyScope.READ), sleep=waits.append) as client:
        before = [file.name for file in client.export_files(1)].index("large.bin")
        proxy.cuts = [10_000_000, *[10_000_000] * before, 5_000_000, 6_000_000]
        files = client.download_export(1, tmp_path / "labels")
    assert files_in(tmp_path / "labels") == files_in(written)
    assert {path.name for path in files} == {path.name for path in written.rglob("*.*")}
    continued = [one for one in proxy.requests if b"\r\nrange: bytes=" in one.lower()]
    assert len(continued) == len(waits) == 2


async def test_asynchronous_download_is_continued(
    api: RunningApi, proxy: CuttingProxy, tmp_path: Path
) -> None:
    written = await asyncio.to_thread(written_export, api)
    key, waits = await asyncio.to_thread(api.create_key, KeyScope.READ), list[float]()

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with AsyncLabelbotClient(proxy.url, key, sleep=wait) as client:
        before = [file.name for file in await client.export_files(1)].index("large.bin")
        proxy.cuts = [10_000_000, *[10_000_000] * before, 5_000_000]
        await client.download_export(1, tmp_path / "labels")
    assert files_in(tmp_path / "labels") == files_in(written)
    assert len(waits) == 1


def test_file_that_changed_meanwhile_is_read_anew(
    api: RunningApi, proxy: CuttingProxy, tmp_path: Path
) -> None:
    large = written_export(api) / "large.bin"

    def change(_seconds: float) -> None:
        large.write_bytes(b"other" * 2_000_000)

    with LabelbotClient(proxy.url, api.create_key(KeyScope.READ), sleep=change) as client:
        before = [file.name for file in client.export_files(1)].index("large.bin")
        proxy.cuts = [10_000_000, *[10_000_000] * before, 5_000_000]
        client.download_export(1, tmp_path)
    assert (tmp_path / "large.bin").read_bytes() == large.read_bytes()


def test_download_that_never_succeeds_leaves_no_file(
    api: RunningApi, proxy: CuttingProxy, tmp_path: Path
) -> None:
    written_export(api)
    waits = list[float]()
    with LabelbotClient(proxy.url, api.create_key(KeyScope.READ), sleep=waits.append) as client:
        proxy.cuts = [10_000_000, *[0] * 20]
        with pytest.raises(RequestFailedError):
            client.download_export(1, tmp_path / "labels")
    assert files_in(tmp_path / "labels") == {}


def test_answers_are_written_to_a_file_with_the_cursor_after_them(
    api: RunningApi, proxy: CuttingProxy, tmp_path: Path
) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    api.scenario.import_rows("tone", [pair(number) for number in range(1, 4)])
    api.scenario.answer_all(ADA, verdict="a")
    path, waits = tmp_path / "answers.jsonl", list[float]()
    with LabelbotClient(proxy.url, api.create_key(KeyScope.READ), sleep=waits.append) as client:
        proxy.cuts = [600]
        cursor = client.download_answers("tone", path)
        answers = list(map(AnswerInfo.model_validate_json, path.read_text().splitlines()))
        assert [one.item for one in answers] == ["pair-1", "pair-2", "pair-3"]
        assert answers == list(client.answers("tone"))
        assert client.download_answers("tone", path, cursor) == cursor
        assert path.read_bytes() == b""
    assert len(waits) == 1


def test_folder_as_target_of_answers_is_an_error_before_sending(tmp_path: Path) -> None:
    nowhere = LabelbotClient("http://127.0.0.1:9", "key")
    with nowhere as client, pytest.raises(IsADirectoryError, match="name a file in it"):
        client.download_answers("tone", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_part_that_a_killed_process_left_is_replaced(api: RunningApi, tmp_path: Path) -> None:
    api.scenario.create_campaign("tone")
    (tmp_path / "answers.jsonl.part").write_text("half a li")
    with LabelbotClient(api.url, api.create_key(KeyScope.READ)) as client:
        client.download_answers("tone", tmp_path / "answers.jsonl")
    assert files_in(tmp_path) == {"answers.jsonl": b""}


async def test_answers_that_seem_complete_but_are_not_are_an_error(
    api: RunningApi, proxy: CuttingProxy, tmp_path: Path
) -> None:
    def answer() -> str:
        api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
        api.scenario.import_rows("tone", [pair(1)])
        api.scenario.answer_all(ADA, verdict="a")
        return api.create_key(KeyScope.READ)

    key = await asyncio.to_thread(answer)
    path = tmp_path / "labels" / "answers.jsonl"
    async with AsyncLabelbotClient(proxy.url, key) as client:
        await client.download_answers("tone", path)
        complete = path.read_bytes()
        head = len(b"".join(await head_and_first_line(proxy, key)))
        proxy.cuts, proxy.ends_cleanly = [head], True
        with pytest.raises(InterruptedDownloadError, match="Read them again"):
            await client.download_answers("tone", path)
    assert path.read_bytes() == complete
    assert list(files_in(path.parent)) == ["answers.jsonl"]


async def head_and_first_line(proxy: CuttingProxy, key: str) -> list[bytes]:
    """Return what the API sends of a stream of answers before the line with the cursor."""
    reader, writer = await asyncio.open_connection(*proxy.upstream)
    writer.write(
        b"GET /api/v1/campaigns/tone/answers.ndjson HTTP/1.1\r\nHost: labelbot\r\n"
        b"Connection: close\r\nAccept-Encoding: identity\r\n"
        b"Authorization: Bearer " + key.encode() + b"\r\n\r\n"
    )
    received = [await reader.readuntil(b"\r\n\r\n"), await reader.readuntil(b"\r\n")]
    received.append(await reader.readexactly(int(received[1], 16)))
    writer.close()
    return received


def test_large_file_needs_little_memory(api: RunningApi, tmp_path: Path) -> None:
    written_export(api)
    with LabelbotClient(api.url, api.create_key(KeyScope.ADMIN)) as client:
        tracemalloc.start()
        client.download_export(1, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (tmp_path / "large.bin").stat().st_size == LARGE_BYTES
    assert peak < LARGE_BYTES / 3


def test_rows_of_an_iterator_need_no_more_memory_than_the_spool() -> None:
    text = "word " * 1_000
    frame = pd.DataFrame({"prompt": [text] * 10_000})
    data: list[Any] = [({"prompt": f"{number}{text}"} for number in range(10_000)), frame]
    for one in data:
        tracemalloc.start()
        with rows.stored_rows(one) as file:
            sent = sum(map(len, rows.iter_body(file, rows.ignore_progress, None)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sent > 50_000_000
        assert peak < 2.5 * rows.SPOOLED_BYTES
