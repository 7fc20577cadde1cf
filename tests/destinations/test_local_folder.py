"""Destinations of exports: folders on this machine, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.destinations.local_folder import (
    NotAFolderError,
    check_folder,
    parse_folder,
)

ADDRESSES = (
    *("s3://bucket/x", "gs://bucket", "hf://datasets/x", "file:///exports", "S3:/bucket"),
    *("abfs+x://y", " https://example.org/x", "http:\\\\example.org", "s3:///x", "az://"),
    *("hf:name/data", "s3:bucket", "file:exports", "slack:#general", "", " "),
)
FOLDERS = (
    "exports",
    "/data/exports",
    "a:b",
    "exports/12:00",
    "2026-03-01 12:00/x",
    "./s3:x",
    "é:/x",
)


@pytest.mark.parametrize("text", ADDRESSES)
def test_address_is_refused(text: str) -> None:
    with pytest.raises(NotAFolderError, match="is not a folder on this machine"):
        parse_folder(text)


@pytest.mark.parametrize("text", FOLDERS)
def test_folder_is_accepted_even_with_a_colon(text: str) -> None:
    assert parse_folder(text) == Path(text)
    check_folder(Path(text).resolve())


def test_tilde_is_the_home_folder() -> None:
    assert parse_folder("~/exports") == Path.home() / "exports"


@pytest.mark.skipif(os.name == "nt", reason="Windows has drives")
@pytest.mark.parametrize("text", ["C:\\exports", "d:/exports"])
def test_drive_is_refused_where_there_are_none(text: str) -> None:
    with pytest.raises(NotAFolderError):
        parse_folder(text)


@pytest.mark.parametrize("text", ["s3:/bucket", "/data/s3:/bucket", "gs:"])
def test_address_that_became_a_path_is_refused(text: str) -> None:
    with pytest.raises(NotAFolderError):
        check_folder(Path(text))
