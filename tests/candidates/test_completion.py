"""Tests of answers of endpoints."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.candidates.completion import Flaw, is_refusal, parse_completion
from bot.candidates.cost import Usage
from tests.candidates.model_server import completion

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def body_of(answer: object) -> bytes:
    """Return an answer as an endpoint sends it."""
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (body_of(completion("Yes.", "length")), Flaw.TRUNCATED),
        (body_of(completion("Yes.", None, usage=(9, 50))), Flaw.TRUNCATED),
        (body_of(completion("Yes.", "content_filter")), Flaw.REFUSED),
        (body_of(completion("", "stop", refusal="I cannot.")), Flaw.REFUSED),
        (body_of(completion(None, "tool_calls")), Flaw.MALFORMED),
        (body_of(completion(None)), Flaw.EMPTY),
        (body_of(completion(" \n ")), Flaw.EMPTY),
        (body_of(completion("a\0b")), Flaw.MALFORMED),
        (body_of(completion("\ud800")), Flaw.MALFORMED),
        (body_of(completion("x" * 200_001)), Flaw.MALFORMED),
        (body_of(completion("the key is sk-1")), Flaw.MALFORMED),
        (body_of(completion("Sorry, but I can\u2019t assist with that.")), Flaw.DECLINED),
        (body_of([]), Flaw.MALFORMED),
        (body_of({"choices": [{"message": None}]}), Flaw.MALFORMED),
        (body_of({"choices": [{"message": {"content": 7}}]}), Flaw.MALFORMED),
        (body_of(completion("Yes."))[:-1], Flaw.MALFORMED),
        (b"<html>", Flaw.MALFORMED),
        (body_of({"error": {"message": "x" * 50 + " the key is sk-1"}}), Flaw.MALFORMED),
        (b"", Flaw.MALFORMED),
    ],
)
def test_answer_that_is_no_candidate_says_why(body: bytes, flaw: Flaw) -> None:
    found = parse_completion(body, 50, "sk-1")
    assert (found.flaw, bool(found.reason)) == (flaw, True)
    assert "sk-1" not in found.text + found.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\n<!doctype html>", "it is a web page, not JSON; check the address"),
        (
            body_of({"error": {"message": "Provider is down"}}),
            "it has no choices[0].message; it says “Provider is down”",
        ),
        (body_of({"error": "Provider is down"}), "it says “Provider is down”"),
    ],
)
def test_reason_names_what_came_in_place_of_a_completion(body: bytes, reason: str) -> None:
    assert reason in parse_completion(body, 50).reason


@pytest.mark.parametrize("finish", ["stop", "eos_token", None, ""])
def test_complete_answer_is_a_candidate(finish: str | None) -> None:
    found = parse_completion(body_of(completion(" Yes. ", finish)), 50)
    assert (found.text, found.flaw, found.usage) == ("Yes.", None, Usage(7, 3))


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"prompt_tokens": 7}, (0, 3), (7, 0), (-1, 3), (True, 3), ("7", 3), (7, 1e12)],
)
def test_impossible_usage_counts_as_unknown(usage: object) -> None:
    assert parse_completion(body_of(completion("Yes.", usage=usage)), 50).usage is None


@given(st.binary(max_size=60) | JSON_VALUES.map(body_of))
def test_any_body_is_an_answer_or_a_flaw(body: bytes) -> None:
    found = parse_completion(body, 50)
    assert bool(found.text and not found.flaw) != bool(found.flaw)


@given(JSON_VALUES, JSON_VALUES, JSON_VALUES)
def test_any_message_is_an_answer_or_a_flaw(text: object, finish: object, usage: object) -> None:
    message = {"choices": [{"message": {"content": text}, "finish_reason": finish}], "usage": usage}
    found = parse_completion(body_of(message), 50)
    assert bool(found.text and not found.flaw) != bool(found.flaw)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm sorry, but I can't assist with that request.", True),
        ("I am very sorry, I cannot do that.", True),
        ("I cannot help with that.", True),
        ("As an AI language model, I have no opinion.", True),
        ("Unfortunately, I am unable to translate this.", True),
        ("I'm sorry for your loss. Here is a text for the card.", False),
        ("I cannot recommend this film enough!", False),
        ("Sorry is a word of five letters.", False),
        ("I can't help with that. " + "Instead, here is a plan. " * 30, False),
    ],
)
def test_short_refusals_are_recognized(text: str, expected: bool) -> None:  # noqa: FBT001 - a case
    assert is_refusal(text) is expected
