"""Datasets of the Hugging Face Hub: the right files, a token only for the Hub, clear errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.hugging_face import (
    DatasetNotAvailableError,
    DatasetRequest,
    HubAccess,
    download_dataset,
    parse_dataset_name,
)
from bot.url_download import DownloadFailedError

STATUSES = {"secret": 401, "gated": 403, "missing": 404}


class Hub:
    """A local Hub with datasets of several configs, whose files are in a storage elsewhere."""

    def __init__(self) -> None:
        """Build the routes of the Hub and of its storage."""
        self.tokens: list[tuple[str, str | None]] = []
        hub, storage = web.Application(), web.Application()
        hub.router.add_get("/api/datasets/{owner}/{name}/parquet", self._list)
        hub.router.add_get("/files/{path:.*}", self._redirect)
        storage.router.add_get("/{path:.*}", self._send)
        self.hub, self.storage = TestServer(hub), TestServer(storage)

    def _record(self, server: str, request: web.Request) -> None:
        self.tokens.append((server, request.headers.get("Authorization")))

    async def _list(self, request: web.Request) -> web.Response:
        self._record("hub", request)
        name = request.match_info["name"]
        if name in STATUSES:
            return web.Response(status=STATUSES[name])
        address = str(self.hub.make_url("/files"))
        splits = {"train": [f"{address}/0", f"{address}/1"], "test": [f"{address}/2"]}
        listings: dict[str, object] = {
            "plain": {"default": splits},
            "several": {"en": splits, "de": splits},
            "tests": {"default": {"validation": [], "test": splits["test"]}},
            "none": {},
            "big": {"default": {"train": [f"{address}/html"]}},
        }
        return web.json_response(listings.get(name, []))

    async def _redirect(self, request: web.Request) -> web.Response:
        self._record("hub", request)
        path = request.match_info["path"]
        raise web.HTTPFound(str(self.storage.make_url(f"/{path}")))

    async def _send(self, request: web.Request) -> web.Response:
        self._record("storage", request)
        path = request.match_info["path"]
        if path == "html":
            return web.Response(text="<p>", content_type="text/html")
        return web.Response(body=f"shard {path}".encode())


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """Return a running Hub."""
    created = Hub()
    async with created.hub, created.storage:
        yield created


def access(hub: Hub, token: str = "") -> HubAccess:
    """Return access to the local Hub."""
    return HubAccess(str(hub.hub.make_url("/")), token)


def files_in(folder: Path) -> dict[str, str]:
    """Return the text of each file in a folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


async def test_all_files_of_the_usual_split_are_downloaded(hub: Hub, tmp_path: Path) -> None:
    await download_dataset(DatasetRequest("a/plain"), tmp_path, access(hub, "hf_1"))
    assert files_in(tmp_path) == {"0000.parquet": "shard 0", "0001.parquet": "shard 1"}
    assert set(hub.tokens) == {("hub", "Bearer hf_1"), ("storage", None)}


async def test_config_and_split_are_chosen(hub: Hub, tmp_path: Path) -> None:
    await download_dataset(DatasetRequest("a/several", "de", "test"), tmp_path, access(hub))
    assert files_in(tmp_path) == {"0000.parquet": "shard 2"}
    assert {token for _server, token in hub.tokens} == {None}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (DatasetRequest("a/several"), "choose one of its configs with --config: en, de"),
        (DatasetRequest("a/tests"), "choose one of its splits with --split: validation, test"),
        (DatasetRequest("a/plain", "fr"), "it has no config “fr”, only default"),
        (DatasetRequest("a/plain", None, "x"), "it has no split “x”, only train, test"),
        (DatasetRequest("a/tests", None, "validation"), "the Hub has no Parquet files of it"),
        (DatasetRequest("a/none"), "the Hub has no Parquet files of it"),
        (DatasetRequest("a/odd"), "the Hub has no Parquet files of it"),
        (DatasetRequest("a/secret"), "not public; check its name, and set HF_TOKEN"),
        (DatasetRequest("a/gated"), "accept its terms at https://huggingface.co/datasets/a/gated"),
        (DatasetRequest("a/missing"), "it does not exist, or has no Parquet files"),
    ],
)
async def test_error_names_the_remedy(
    hub: Hub, tmp_path: Path, request_: DatasetRequest, message: str
) -> None:
    with pytest.raises(DatasetNotAvailableError, match=message):
        await download_dataset(request_, tmp_path, access(hub))
    assert files_in(tmp_path) == {}


async def test_web_page_is_no_file(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailedError, match="web page"):
        await download_dataset(DatasetRequest("a/big"), tmp_path, access(hub))


def test_only_an_address_of_the_operator_may_be_private() -> None:
    assert HubAccess().policy.schemes == ("https",)
    assert HubAccess().policy.is_allowed is not HubAccess("http://hub.example").policy.is_allowed
    assert HubAccess().url == "https://huggingface.co"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hf://datasets/Anthropic/hh-rlhf", "Anthropic/hh-rlhf"),
        ("allenai/prm_800k.v1/", "allenai/prm_800k.v1"),
        ("pairs.jsonl", None),
        ("/data/pairs", None),
        ("./a/b", None),
        ("a/b/c", None),
    ],
)
def test_name_of_a_dataset_is_recognized(text: str, name: str | None) -> None:
    assert parse_dataset_name(text) == name


def test_other_address_of_the_hub_is_explained() -> None:
    with pytest.raises(DatasetNotAvailableError, match="write hf://datasets/OWNER/NAME"):
        parse_dataset_name("hf://models/a/b")
