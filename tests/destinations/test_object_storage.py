"""Exports in S3: complete, manifest last, read back, and never claimed if they are not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from aiohttp import web

from bot.destinations.errors import DeliveryError
from bot.destinations.object_storage import deliver
from tests.destinations.conftest import BUCKET, contents_of, set_s3_environment
from tests.destinations.threaded_server import serve

ADDRESS = f"s3://{BUCKET}/datasets"


def stored_files(file_system: fsspec.AbstractFileSystem, prefix: str) -> dict[str, bytes]:
    """Return what is stored below a prefix, by the rest of the path."""
    paths = file_system.find(prefix)
    return {path.removeprefix(f"{prefix}/"): file_system.cat_file(path) for path in paths}


def test_export_is_stored_in_a_folder_of_its_own(
    s3: fsspec.AbstractFileSystem, export_folder: Path
) -> None:
    location = deliver(export_folder, ADDRESS)
    assert location == f"{ADDRESS}/{export_folder.name}"
    assert stored_files(s3, location.removeprefix("s3://")) == contents_of(export_folder)


def test_second_delivery_changes_nothing(
    s3: fsspec.AbstractFileSystem, export_folder: Path
) -> None:
    location = deliver(export_folder, ADDRESS)
    path = f"{location.removeprefix('s3://')}/data.jsonl"
    stored_at = s3.modified(path)
    assert deliver(export_folder, ADDRESS) == location
    assert s3.modified(path) == stored_at


def test_interrupted_upload_is_completed_by_the_next(
    s3: fsspec.AbstractFileSystem, export_folder: Path
) -> None:
    prefix = f"{BUCKET}/datasets/{export_folder.name}"
    s3.pipe_file(f"{prefix}/data.jsonl", b"half")
    deliver(export_folder, ADDRESS)
    assert stored_files(s3, prefix) == contents_of(export_folder)


@pytest.mark.usefixtures("s3")
def test_another_export_of_this_name_is_not_replaced(export_folder: Path) -> None:
    deliver(export_folder, ADDRESS)
    (export_folder / "manifest.json").write_text("{}")
    with pytest.raises(DeliveryError, match="already has another export") as caught:
        deliver(export_folder, ADDRESS)
    assert caught.value.is_permanent


@pytest.mark.usefixtures("s3")
def test_missing_bucket_is_named_and_not_created(export_folder: Path) -> None:
    with pytest.raises(DeliveryError, match="bucket or the path does not exist") as caught:
        deliver(export_folder, "s3://nobody/datasets")
    assert caught.value.is_permanent


def test_missing_credentials_are_named(
    s3_url: str, export_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_url)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(export_folder / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DeliveryError, match="check the credentials in the environment") as caught:
        deliver(export_folder, ADDRESS)
    assert caught.value.is_permanent


def faulty_storage(answer: Callable[[web.Request], web.Response]) -> web.Application:
    """Return a storage that gives the same answer to every request."""

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return answer(request)

    application = web.Application(client_max_size=10_000_000)
    application.router.add_route("*", "/{path:.*}", handle)
    return application


def lie(request: web.Request) -> web.Response:
    """Accept every upload, and store nothing."""
    return web.Response(status=200 if request.method in ("PUT", "POST") else 404)


@pytest.mark.parametrize(
    ("answer", "reason", "is_permanent"),
    [
        (lambda _request: web.Response(status=500), "the storage failed", False),
        (lambda _request: web.Response(status=403), "check the credentials", True),
        (lie, "does not contain what was uploaded", False),
    ],
    ids=["500", "403", "lies"],
)
def test_faulty_storage_is_reported(
    export_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[web.Request], web.Response],
    reason: str,
    is_permanent: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    with serve(faulty_storage(answer)) as url:
        set_s3_environment(monkeypatch, url)
        with pytest.raises(DeliveryError, match=reason) as caught:
            deliver(export_folder, ADDRESS)
    assert caught.value.is_permanent == is_permanent
    assert "secret" not in str(caught.value)


def test_storage_that_stopped_is_reported(
    export_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(web.Application()) as url:
        set_s3_environment(monkeypatch, url)
    with pytest.raises(DeliveryError, match="the storage failed") as caught:
        deliver(export_folder, ADDRESS)
    assert not caught.value.is_permanent
