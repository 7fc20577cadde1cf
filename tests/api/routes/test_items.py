"""Tests of pushing items through the API, and of reading and changing them."""

from __future__ import annotations

import gzip
import json

import httpx
import pytest

from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

ADA = "U0ADA"

NDJSON = {"Content-Type": "application/x-ndjson"}


def lines(*numbers: int) -> bytes:
    """Return pairs as JSON Lines."""
    return b"".join(json.dumps(pair(number)).encode() + b"\n" for number in numbers)


INVALID = b'{"prompt": "Which?", "response_a": "This.", "response_b": ""}\n'


def push(client: httpx.Client, content: bytes, **headers: str) -> httpx.Response:
    """Push JSON Lines to the campaign “tone”."""
    return client.post("/campaigns/tone/items", content=content, headers={**NDJSON, **headers})


def test_items_are_added_once(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ITEMS, "tone")
    first = push(client, lines(1, 2)).json()
    assert (first["added"], first["existing"]) == (2, 0)
    again = push(client, lines(1, 2, 3) + b'{"prompt": "alone"}\n').json()
    assert (again["added"], again["existing"], again["rejected"]) == (1, 2, 1)
    assert again["errors"][0]["line"] == 4
    (last, first_import) = reversed(client.get("/campaigns/tone/imports").json())
    assert (first_import["items"], last["items"]) == (2, 1)


@pytest.mark.parametrize(
    ("parameters", "content", "count"),
    [
        ({"map": "candidates=response_a,response_b"}, INVALID * 9, 9),
        ({"strict": "true"}, lines(1, 2) + INVALID, 1),
    ],
)
def test_push_that_adds_nothing_because_of_invalid_rows_is_refused(
    api: RunningApi, parameters: dict[str, str], content: bytes, count: int
) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ITEMS)
    refused = client.post(
        "/campaigns/tone/items", params=parameters, content=content, headers=NDJSON
    )
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:labelbot:nothing-added")
    assert len(refused.json()["errors"]) == count
    assert f"Nothing was added, because of {count} invalid row" in refused.json()["detail"]
    assert api.scenario.count("item") == 0


def test_repeated_push_gets_the_first_result(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ITEMS)
    responses = [push(client, lines(1), **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert [one.json()["added"] for one in responses] == [1, 1]
    assert responses[1].headers["Idempotent-Replayed"] == "true"
    other = push(client, lines(2), **{"Idempotency-Key": "one"})
    assert other.status_code == 422
    assert api.scenario.count("item") == 1


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (gzip.compress(lines(1, 2)), {**NDJSON, "Content-Encoding": "gzip"}),
        (json.dumps([pair(1), pair(2)]).encode(), {"Content-Type": "application/json"}),
        (
            b"id,prompt,response_a,response_b\n1,Q,A,B\n2,R,C,D\n",
            {"Content-Type": "text/csv; charset=utf-8"},
        ),
    ],
)
def test_items_come_in_several_types(
    api: RunningApi, content: bytes, headers: dict[str, str]
) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ITEMS)
    response = client.post("/campaigns/tone/items", content=content, headers=headers)
    assert response.json()["added"] == 2, response.text


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{}", {"Content-Type": "image/png"}, 415),
        (b"{}", {**NDJSON, "Content-Encoding": "br"}, 415),
        (b"not gzip", {**NDJSON, "Content-Encoding": "gzip"}, 422),
        (b"", NDJSON, 422),
        (b"\xff\xfe\x00", NDJSON, 422),
    ],
)
def test_unreadable_items_are_an_error(
    api: RunningApi, content: bytes, headers: dict[str, str], status: int
) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ITEMS)
    response = client.post("/campaigns/tone/items", content=content, headers=headers)
    assert response.status_code == status, response.text
    assert api.scenario.count("item") == 0


def test_items_are_found_shown_held_and_deleted(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", experts=[ADA])
    client = api.client(KeyScope.ADMIN)
    slashed = pair(3, id="a/b c", prompt="Which?")
    push(client, lines(1, 2) + json.dumps(slashed).encode())
    api.scenario.submit_answer(ADA, api.scenario.assign_next(ADA) or 0, verdict="a")
    page = client.get("/campaigns/tone/items", params={"limit": 2}).json()
    assert [one["item"] for one in page["data"]] == ["pair-1", "pair-2"]
    rest = client.get("/campaigns/tone/items", params={"cursor": page["next_cursor"]}).json()
    assert ([one["item"] for one in rest["data"]], rest["next_cursor"]) == (["a/b c"], None)
    shown = client.get("/campaigns/tone/items/a/b c").json()
    assert (shown["item"], shown["prompt"][0]["content"]) == ("a/b c", "Which?")
    assert [one["text"] for one in shown["candidates"]] == ["Left 3", "Right 3"]
    answered = client.get("/campaigns/tone/items/pair-1").json()
    assert [(one["task"], one["state"]) for one in answered["tasks"]] == [("T-1", "answered")]
    assert ADA not in json.dumps(answered), "experts have pseudonyms"
    assert client.post("/campaigns/tone/hold/pair-2", json={"reason": "odd"}).json()["changed"] == 1
    held = client.get("/campaigns/tone/items", params={"state": "on_hold"}).json()["data"]
    assert [one["on_hold_reason"] for one in held] == ["odd"]
    assert client.post("/campaigns/tone/release/pair-2").json()["changed"] == 1
    assert client.delete("/campaigns/tone/items/pair-1").json()["answers"] == 1
    assert client.get("/campaigns/tone/items/nothing").status_code == 404


def test_import_is_undone(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ADMIN)
    push(client, lines(1, 2))
    assert client.post("/campaigns/tone/imports/1/undo").json()["items"] == 2
    assert client.post("/campaigns/tone/imports/1/undo").status_code == 409
    assert client.post("/campaigns/tone/imports/9/undo").status_code == 404


def test_check_says_what_a_push_would_do_and_stores_nothing(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", experts=["U0ADA"])
    rows = [pair(1), pair(1), {"id": "broken"}]
    content = "".join(f"{json.dumps(row)}\n" for row in rows)
    client = api.client(KeyScope.ITEMS)
    found = client.post("/campaigns/tone/items/check", content=content, headers=NDJSON).json()
    assert (found["rows"], found["items"], found["duplicates"], found["rejected"]) == (3, 1, 1, 1)
    assert api.scenario.count("item") == 0


def test_answers_of_a_file_need_the_scope_admin(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=["U0ADA"])
    content = json.dumps(pair(1) | {"winner": "model_a", "judge": "eve"})
    url = "/campaigns/tone/items?map=answer=winner&map=expert=judge"
    refused = api.client(KeyScope.ITEMS).post(url, content=content, headers=NDJSON)
    assert refused.status_code == 403
    pushed = api.client(KeyScope.ADMIN).post(url, content=content, headers=NDJSON).json()
    assert (pushed["added"], pushed["answers"]) == (1, 1)
