"""Tests of pages: a cursor is valid for the list that returned it, and for no other."""

from __future__ import annotations

import pytest

from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

ADA = "U0ADA"


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("/campaigns/tone/answers?limit=1", "/campaigns/jokes/answers"),
        ("/campaigns/tone/answers?limit=1", "/campaigns/jokes/answers.ndjson"),
        ("/campaigns/tone/answers?limit=1", "/campaigns/tone/items"),
        ("/campaigns/tone/items?limit=1", "/campaigns/jokes/items"),
        ("/campaigns/tone/items?limit=1", "/campaigns/tone/items?q=Question"),
        ("/audit?limit=1", "/audit?campaign=tone"),
    ],
)
def test_cursor_of_another_list_is_refused(api: RunningApi, first: str, other: str) -> None:
    for name in ("tone", "jokes"):
        api.scenario.create_campaign(name, overlap=1, experts=[ADA])
        api.scenario.import_rows(name, [pair(1), pair(2)])
    api.scenario.answer_all(ADA, verdict="a")
    client = api.client(KeyScope.READ)
    cursor = client.get(first).json()["next_cursor"]
    refused = client.get(other, params={**dict(_parameters_of(other)), "cursor": cursor})
    assert refused.json()["type"] == "urn:labelbot:other-cursor", refused.text
    assert client.get(first, params={"cursor": cursor, "limit": 5}).status_code == 200


def _parameters_of(url: str) -> list[list[str]]:
    query = url.partition("?")[2]
    return [part.split("=") for part in query.split("&") if part]


def test_stream_continues_where_a_page_ended(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    api.scenario.import_rows("tone", [pair(1), pair(2)])
    api.scenario.answer_all(ADA, verdict="a")
    client = api.client(KeyScope.READ)
    cursor = client.get("/campaigns/tone/answers?limit=1").json()["next_cursor"]
    stream = client.get("/campaigns/tone/answers.ndjson", params={"cursor": cursor})
    assert len(stream.text.splitlines()) == 2
