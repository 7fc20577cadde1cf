"""Addresses of destinations: one form for each, credentials refused, unknown schemes named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.destinations import DESTINATION_TYPES
from bot.destinations.address import (
    Destination,
    InvalidDestinationError,
    MissingExtraError,
    MissingWebhookSecretError,
    PlainWebhookError,
    check_available,
    normalize_address,
    parse_destination,
)
from bot.destinations.local_folder import NotAFolderError
from tests.destinations.webhook_receiver import SECRET


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("s3://bucket", "s3://bucket"),
        (" S3://bucket/path/ ", "s3://bucket/path"),
        ("s3a://bucket/a=1/b", "s3://bucket/a=1/b"),
        ("gcs://bucket/x", "gs://bucket/x"),
        ("abfss://container/x", "abfs://container/x"),
        ("abfs://box@account.dfs.example.net/x", "abfs://box@account.dfs.example.net/x"),
        ("sftp://ada@files.example.org:2222/labels", "sftp://ada@files.example.org:2222/labels"),
        ("hf://lab/tone", "hf://lab/tone"),
        ("hf://datasets/lab/tone/", "hf://lab/tone"),
        ("https://example.org/exports", "https://example.org/exports"),
        ("http://10.0.0.5:8080/exports", "http://10.0.0.5:8080/exports"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_address_has_one_form(text: str, address: str) -> None:
    assert parse_destination(text) == Destination(address)
    assert normalize_address(address) == address


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://host/x", "such as s3://bucket/path"),
        ("file:///exports", "use a folder on this machine"),
        ("s3:bucket", "use a folder on this machine"),
        ("slack://general", "use a folder on this machine"),
        ("://x", "use a folder on this machine"),
        ("s3://", "write s3://bucket/path"),
        ("s3:///x", "write s3://bucket/path"),
        ("s3://key:secret@bucket/x", "credentials belong in the environment"),
        ("https://ada:secret@example.org/x", "credentials belong in the environment"),
        ("https://token@example.org/x", "credentials belong in the environment"),
        ("sftp://ada:secret@host/x", "credentials belong in the environment"),
        ("https://example.org/x?token=secret", "a space, query"),
        ("https://example.org/x#part", "a space, query"),
        ("s3://bucket/a b", "a space, query"),
        ("s3://bucket/a\nb", "a space, query"),
        ("s3://bucket/../other", "has a part"),
        ("https://example.org:port/x", "not an address"),
        ("https://example.org:99999/x", "not an address"),
        ("https://[::1/x", "not an address"),
        ("s3://bucket:80/x", "write s3://bucket/path"),
        ("hf://tone", "write hf://owner/name"),
        ("hf://datasets/tone", "write hf://owner/name"),
        ("hf://lab/tone/data", "write hf://owner/name"),
        (f"s3://bucket/{'x' * 1000}", "more than 1,000 characters"),
    ],
)
def test_other_addresses_are_refused_without_repeating_passwords(text: str, reason: str) -> None:
    with pytest.raises(InvalidDestinationError, match=reason) as caught:
        parse_destination(text)
    assert "key:secret" not in str(caught.value)
    assert "ada:secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["exports", "/data/exports", "./s3:x", "2026-03-01 12:00/x"])
def test_other_text_is_a_folder(text: str) -> None:
    assert parse_destination(text) == Path(text)


def test_blank_text_is_nothing() -> None:
    with pytest.raises(NotAFolderError):
        parse_destination(" ")


@given(st.sampled_from(list(DESTINATION_TYPES)), st.text(max_size=40))
def test_any_text_is_an_address_in_one_form_or_refused(scheme: str, rest: str) -> None:
    try:
        address = normalize_address(f"{scheme}://{rest}")
    except InvalidDestinationError:
        return
    assert normalize_address(address) == address
    assert address.isprintable()
    assert not address.endswith("/")


def test_missing_packages_are_named_with_their_extra() -> None:
    with pytest.raises(MissingExtraError, match=r'pip install "labelbot\[gcs\]"'):
        check_available("gs://bucket/x")
    check_available("s3://bucket/x")


def test_webhook_needs_a_secret_and_encryption(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABELBOT_WEBHOOK_SECRET", raising=False)
    with pytest.raises(MissingWebhookSecretError):
        check_available("https://example.org/x")
    monkeypatch.setenv("LABELBOT_WEBHOOK_SECRET", SECRET)
    check_available("https://example.org/x")
    with pytest.raises(PlainWebhookError, match="write https://"):
        check_available("http://example.org/x")
    monkeypatch.setenv("LABELBOT_WEBHOOK_ALLOW_PRIVATE", "true")
    check_available("http://example.org/x")
