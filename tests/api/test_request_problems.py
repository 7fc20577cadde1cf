"""Requests of a wrong form: each is refused with a problem that names the remedy."""

from __future__ import annotations

import gzip
import json
import logging
import socket

import pytest

from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "kind", "detail"),
    [
        ("/campaigns?limit=1&limit=2", "repeated-parameter", "“limit” once, and the request has"),
        ("/audit?since=x&since=y", "repeated-parameter", "“since” once"),
        ("/campaigns/a%00b", "nul-character", "The path contains a NUL character"),
        ("/campaigns/tone/items?q=%00", "nul-character", "The parameter “q” contains a NUL"),
        ("/campaigns/", "not-found", "no such route"),
    ],
)
def test_unusable_address_is_an_error(api: RunningApi, path: str, kind: str, detail: str) -> None:
    refused = api.client(KeyScope.READ).get(path)
    assert refused.json()["type"] == f"urn:labelbot:{kind}", refused.text
    assert detail in refused.json()["detail"]


def test_parameter_that_may_be_repeated_is_accepted(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    row = {"q": "Which?", "a": "This.", "b": "That."}
    url = "/campaigns/tone/items?map=prompt=q&map=candidates=a,b"
    assert api.client(KeyScope.ITEMS).post(url, json=[row]).json()["added"] == 1


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b'{"title": "a\\u0000b"}', 422, "body.title: It has a NUL character"),
        (b'{"settings": {"reason_categories": ["a\\u0000"]}}', 422, "settings: It has a NUL"),
        (b'{"settings": {"a\\u0000": 1}}', 422, "body.settings: It has a NUL character"),
        (b'{"title": "\xff"}', 400, "Send JSON in UTF-8"),
        (gzip.compress(b'{"title": "Tone"}'), 400, "not compressed"),
        (b"[" * 100_000, 400, "not deeply nested"),
        (b'{"title": "\\ud800"}', 422, "body.title"),
        (b"", 422, "body"),
        (b"null", 422, "body"),
    ],
    ids=range(9),
)
def test_unusable_body_is_an_error(api: RunningApi, body: bytes, status: int, detail: str) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ADMIN)
    refused = client.patch("/campaigns/tone", content=body, headers=JSON)
    assert (refused.status_code, detail in refused.json()["detail"]) == (status, True), refused.text


@pytest.mark.parametrize("framing", ["Content-Length: 500", "Transfer-Encoding: chunked"])
def test_body_that_is_cut_off_stores_nothing_and_is_no_bug(
    api: RunningApi, framing: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.scenario.create_campaign("tone")
    key = api.create_key(KeyScope.ITEMS)
    row = json.dumps(pair(1)).encode() + b"\n"
    part = b"%x\r\n%s\r\n" % (len(row), row) if "chunked" in framing else row
    head = (
        f"POST /api/v1/campaigns/tone/items HTTP/1.1\r\nHost: labelbot\r\n{framing}\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/x-ndjson\r\n\r\n"
    )
    host, port = api.url.removeprefix("http://").split(":")
    with caplog.at_level(logging.ERROR), socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + part)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65_536) == b""
    assert caplog.records == []
    assert api.scenario.count("item") == 0
