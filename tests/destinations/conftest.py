"""An export folder, and local servers of each kind of destination."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tests.destinations.hub_server import TOKEN, HubServer
from tests.destinations.webhook_receiver import SECRET, WebhookReceiver

BUCKET = "labels"


def write_export(folder: Path, files: dict[str, bytes]) -> Path:
    """Write an export with a manifest; return its folder."""
    described = []
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        digest = sha256(content).hexdigest()
        described.append({"name": name, "size": len(content), "sha256": digest})
    manifest = {"manifest_version": 1, "name": folder.name, "files": described}
    (folder / "README.md").write_text(f"# {folder.name}\n", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def contents_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their path in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def export_folder(tmp_path: Path) -> Path:
    """Return the folder of an export with a file in a folder, and an empty one."""
    files = {
        "data.jsonl": '{"text": "U+2028: \u2028, emoji: 🦉"}\n'.encode(),
        "data.parquet": bytes(range(256)) * 5_000,
        "images/cat.png": b"\x89PNG\r\n\x1a\n",
        "empty.csv": b"",
    }
    return write_export(tmp_path / "exports" / "tone-preference-20260302T060000Z", files)


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """Yield the URL of a local S3 server with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> fsspec.AbstractFileSystem:
    """Return the file system of the local S3 server, which the environment names."""
    set_s3_environment(monkeypatch, s3_url)
    file_system = fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)
    if file_system.exists(BUCKET):
        file_system.rm(BUCKET, recursive=True)
    file_system.mkdir(BUCKET)
    return file_system


def set_s3_environment(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Set the variables of AWS's libraries."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> WebhookReceiver:
    """Return a receiver of webhooks whose secret the environment has."""
    monkeypatch.setenv("LABELBOT_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("LABELBOT_WEBHOOK_ALLOW_PRIVATE", "true")
    return WebhookReceiver()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """Yield a local Hub that the environment names."""
    server = HubServer()
    with server.serve() as url:
        server.url = url
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield server
