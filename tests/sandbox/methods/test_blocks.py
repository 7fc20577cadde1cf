"""blocks.validate."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

Json = dict[str, Any]


@pytest.mark.parametrize(
    "arguments",
    [
        {"blocks": [{"type": "divider"}]},
        {"blocks": '[{"type":"divider"}]'},
        {"message": {"text": "hello"}},
        {"view": {"type": "home", "blocks": [{"type": "divider"}]}},
    ],
)
def test_valid_input_is_accepted_without_token(http: httpx.Client, arguments: Json) -> None:
    response = http.post("/api/blocks.validate", json=arguments).json()
    assert (response["ok"], response.get("error")) == (True, None)


def test_invalid_input_is_explained(http: httpx.Client) -> None:
    blocks = [{"type": "section", "text": {"type": "invalid", "text": "x"}}]
    response = http.post("/api/blocks.validate", json={"blocks": blocks}).json()
    assert (response["ok"], response["error"]) == (False, "invalid_blocks")
    assert response["errors"][0]["pointer"] == "/0/text/type"
    assert response["errors"][0]["message"] == "unsupported type: invalid"


@pytest.mark.parametrize("arguments", [{}, {"blocks": [], "view": {}, "message": {"text": "x"}}])
def test_exactly_one_argument_is_required(http: httpx.Client, arguments: Json) -> None:
    response = http.post("/api/blocks.validate", json=arguments).json()
    assert response["error"] == "invalid_arguments"
    assert response["response_metadata"]["messages"] == [
        "must provide exactly one of `blocks`, `view`, or `message`"
    ]


def test_malformed_json_is_rejected(http: httpx.Client) -> None:
    response = http.post("/api/blocks.validate", data={"view": "{"}).json()
    assert response == {"ok": False, "error": "invalid_view"}
