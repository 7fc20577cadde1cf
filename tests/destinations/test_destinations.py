"""Every text reads back equal from every destination, by its SHA-256."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.destinations import deliver_function
from tests.destinations.conftest import BUCKET, contents_of, write_export
from tests.destinations.hub_server import HubServer
from tests.destinations.webhook_receiver import WebhookReceiver

pytestmark = pytest.mark.filterwarnings(
    "ignore:Use 'content=:DeprecationWarning"  # huggingface_hub's own use of httpx
)

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20)

check_texts = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

ReadBack = Callable[[str], dict[str, bytes]]


def assert_equal(texts: list[str], address: str, read_back: ReadBack) -> None:
    """Deliver texts in each kind of file, and compare what is read back from the location."""
    lines = "".join(f"{json.dumps({'text': text}, ensure_ascii=False)}\n" for text in texts)
    data = lines.encode()
    name = f"export-{sha256(data).hexdigest()[:16]}"
    with TemporaryDirectory() as parent:
        folder = write_export(
            Path(parent) / name, {"data.jsonl": data, "data.parquet": data, "de/data.csv": data}
        )
        deliver = deliver_function(address.partition("://")[0])
        found = read_back(deliver(folder, address))
        assert found == contents_of(folder)
    read = [json.loads(line)["text"] for line in found["data.jsonl"].decode().split("\n") if line]
    assert read == texts


def test_s3(s3: fsspec.AbstractFileSystem) -> None:
    def read_back(location: str) -> dict[str, bytes]:
        prefix = location.removeprefix("s3://")
        return {path.removeprefix(f"{prefix}/"): s3.cat_file(path) for path in s3.find(prefix)}

    @check_texts
    @given(TEXTS)
    def check(texts: list[str]) -> None:
        assert_equal(texts, f"s3://{BUCKET}/texts", read_back)

    check()


def test_hub(hub: HubServer) -> None:
    def read_back(location: str) -> dict[str, bytes]:
        tag = location.rpartition("/")[2]
        files = hub.repositories["lab/texts"].files_at(tag) or {}
        return {name: content for name, content in files.items() if name != ".gitattributes"}

    @check_texts
    @given(TEXTS)
    def check(texts: list[str]) -> None:
        assert_equal(texts, "hf://lab/texts", read_back)

    check()


def test_webhook(receiver: WebhookReceiver) -> None:
    def read_back(_location: str) -> dict[str, bytes]:
        return receiver.completed[receiver.events[-1][1]["data"]["export"]]

    with receiver.serve() as url:

        @check_texts
        @given(TEXTS)
        def check(texts: list[str]) -> None:
            receiver.forget()
            assert_equal(texts, f"{url}/exports", read_back)

        check()
