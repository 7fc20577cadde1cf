"""Bodies of requests: each content type is parsed, and no text is changed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http_server import (
    BadRequestError,
    parse_body,
    unquote_form,
)
from tests.slack_requests import FORM_CONTENT_TYPE, JSON

BODIES = [
    (b'{"type":"event_callback"}', JSON, {"type": "event_callback"}),
    (b"payload=%7B%22a%22%3A%22b+c%26%22%7D", FORM_CONTENT_TYPE, {"a": "b c&"}),
    (b"payload=%7B%22a%22%3A1%7D&x=1", FORM_CONTENT_TYPE, {"a": 1}),
    (b"x=1&payload=%7B%22a%22%3A1%7D", FORM_CONTENT_TYPE, {"a": 1}),
    (
        b"command=%2Flabel&text=my+payload",
        FORM_CONTENT_TYPE,
        {"command": "/label", "text": "my payload"},
    ),
    (
        b"command=%2Flabel&text=payload%3Dx",
        FORM_CONTENT_TYPE,
        {"command": "/label", "text": "payload=x"},
    ),
    (b"command=%2Flabel&text=", FORM_CONTENT_TYPE, {"command": "/label", "text": ""}),
    (b"text=%F0%9F%99%82", FORM_CONTENT_TYPE, {"text": "🙂"}),
    (b"", FORM_CONTENT_TYPE, {}),
]


@pytest.mark.parametrize(("raw", "content_type", "body"), BODIES)
def test_json_payload_form_and_plain_form_are_parsed(
    raw: bytes, content_type: str, body: dict[str, Any]
) -> None:
    assert parse_body(raw, content_type) == body


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'"payload"', JSON),
        (b"\xff", JSON),
        (b"payload=", FORM_CONTENT_TYPE),
        (b"payload=1", FORM_CONTENT_TYPE),
        (b"payload=%7B", FORM_CONTENT_TYPE),
        (b"payload=%FF", FORM_CONTENT_TYPE),
        (b"x=1&payload=", FORM_CONTENT_TYPE),
    ],
)
def test_invalid_body_is_rejected(raw: bytes, content_type: str) -> None:
    with pytest.raises(BadRequestError):
        parse_body(raw, content_type)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)

UNSTORABLE_TEXTS = [
    (rb'{"a": "x\u0000y"}', JSON),
    (rb'{"a": "x\ud800y"}', JSON),
    (b"payload=%7B%22a%22%3A%22x%5Cu0000y%22%7D", FORM_CONTENT_TYPE),
    (b"a=x%00y", FORM_CONTENT_TYPE),
]


@pytest.mark.parametrize(("raw", "content_type"), UNSTORABLE_TEXTS)
def test_characters_that_no_database_stores_are_replaced(raw: bytes, content_type: str) -> None:
    assert parse_body(raw, content_type) == {"a": "x\N{REPLACEMENT CHARACTER}y"}


@given(body=st.dictionaries(TEXTS, TEXTS | st.integers(-(2**53), 2**53) | st.none(), max_size=5))
def test_interaction_arrives_unchanged(body: dict[str, Any]) -> None:
    quoted = quote_plus(json.dumps(body)).encode()
    assert parse_body(b"payload=" + quoted, FORM_CONTENT_TYPE) == body


@given(fields=st.dictionaries(TEXTS.filter(lambda name: name != "payload"), TEXTS, max_size=5))
def test_command_arrives_as_typed(fields: dict[str, str]) -> None:
    assert parse_body(urlencode(fields).encode(), FORM_CONTENT_TYPE) == fields


PIECES = (
    "a",
    " ",
    "_",
    "\\",
    "+",
    "=",
    "\n",
    "\r",
    "%",
    "%%",
    "%zz",
    "%4",
    "%41",
    "%3D",
    "%0A",
    "%C3%A9",
)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=9))
def test_unusual_quoting_is_decoded_like_urllib(pieces: list[str]) -> None:
    quoted = "".join(pieces).encode()
    assert unquote_form(quoted) == unquote_to_bytes(quoted.replace(b"+", b" "))


@given(
    raw=st.binary(max_size=120),
    content_type=st.sampled_from([JSON, FORM_CONTENT_TYPE, "text/plain", ""]),
)
def test_no_bytes_break_the_parser(raw: bytes, content_type: str) -> None:
    with suppress(BadRequestError):
        assert isinstance(parse_body(raw, content_type), dict)
