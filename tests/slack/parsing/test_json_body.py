"""Tests of JSON bodies: any text that can be stored is kept, the rest is replaced or refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.parsing.json_body import InvalidJsonError, parse_json_object

REPLACED = "\N{REPLACEMENT CHARACTER}"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@given(body=st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3), max_size=4))
def test_text_is_kept(body: dict[str, object]) -> None:
    assert parse_json_object(json.dumps(body).encode()) == body


@given(body=st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=4))
def test_any_text_of_a_client_can_be_stored(body: dict[str, str]) -> None:
    parsed = parse_json_object(json.dumps(body).encode())
    for text in (*parsed, *parsed.values()):
        assert "\x00" not in text
        text.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (rb'{"a\u0000": ["\u0000"]}', {f"a{REPLACED}": [REPLACED]}),
        (rb'{"a": {"b": "\ud83d!"}}', {"a": {"b": f"{REPLACED}!"}}),
        (rb'{"a": "\ud83d\ude42"}', {"a": "🙂"}),
    ],
)
def test_characters_that_cannot_be_stored_are_replaced(raw: bytes, body: dict[str, object]) -> None:
    assert parse_json_object(raw) == body


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"[]", b"1", b"null", b"{", b"\xff", b'{"a": NaN}', b'{"a": 1e999}'),
        *(b'{"a":' * 3_000, rb'{"a": "\ud800"' + b',"b":[' * 3_000, rb'["\ud800"]'),
    ],
)
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidJsonError):
        parse_json_object(raw)
