"""blocks.validate."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

Json = dict[str, Any]


@pytest.mark.parametrize(
    "valid",
    [
        {"blocks": [{"type": "divider"}]},
        {"blocks": '[{"type":"divider"}]'},
        {"message": {"text": "hello"}},
        {"view": {"type": "home", "blocks": [{"type": "divider"}]}},
    ],
)
def test_what_is_valid_needs_no_token(http: httpx.Client, valid: Json) -> None:
    answer = http.post("/api/blocks.validate", json=valid).json()
    assert (answer["ok"], answer.get("error")) == (True, None)


def test_what_is_not_is_explained(http: httpx.Client) -> None:
    blocks = [{"type": "section", "text": {"type": "invalid", "text": "x"}}]
    answer = http.post("/api/blocks.validate", json={"blocks": blocks}).json()
    assert (answer["ok"], answer["error"]) == (False, "invalid_blocks")
    assert answer["errors"][0]["pointer"] == "/0/text/type"
    assert answer["errors"][0]["message"] == "unsupported type: invalid"


@pytest.mark.parametrize("given", [{}, {"blocks": [], "view": {}, "message": {"text": "x"}}])
def test_exactly_one_thing_is_judged(http: httpx.Client, given: Json) -> None:
    answer = http.post("/api/blocks.validate", json=given).json()
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "must provide exactly one of `blocks`, `view`, or `message`"
    ]


def test_broken_json_is_not_judged_further(http: httpx.Client) -> None:
    answer = http.post("/api/blocks.validate", data={"view": "{"}).json()
    assert answer == {"ok": False, "error": "invalid_view"}
