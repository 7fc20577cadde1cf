"""Item keys: ids, and digests that stay the same in later versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.imports.keys import digest_of, key_of, shown_digest_of
from bot.imports.row import InvalidRowError
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media

CONTENT = Content(
    prompt=(ConversationTurn("user", "Why é?"),),
    candidates=(Candidate("A", "wren"), Candidate("B")),
    meta={"b": 1, "a": {"d": 2.5, "c": None}},
)


def test_digest_never_changes() -> None:
    assert digest_of(CONTENT).hex() == "8521c234394b148085f8781dd1ff04e1"


def test_order_of_meta_does_not_change_the_digest() -> None:
    reordered = replace(CONTENT, meta={"a": {"c": None, "d": 2.5}, "b": 1})
    assert digest_of(reordered) == digest_of(CONTENT)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTENT, prompt=(ConversationTurn("system", "Why é?"),)),
        replace(CONTENT, prompt=()),
        replace(CONTENT, candidates=CONTENT.candidates[::-1]),
        replace(CONTENT, candidates=(Candidate("A"), Candidate("B"))),
        replace(CONTENT, draft="A"),
        replace(CONTENT, meta={}),
    ],
)
def test_every_part_changes_the_digest(other: Content) -> None:
    assert digest_of(other) != digest_of(CONTENT)


@pytest.mark.parametrize(
    ("value", "key"),
    [("  q-1 ", "q-1"), (17, "17"), (2**64 - 1, "18446744073709551615"), (1.5, "1.5"), (0, "0")],
)
def test_id_is_text_or_a_number(value: object, key: str) -> None:
    assert key_of(value) == key


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the id is blank"),
        ("  ", "the id is blank"),
        (True, "the id must be text or a number, not a Boolean"),
        (["a"], "the id must be text or a number, not a list"),
        ("x" * 201, "the id has 201 characters; the limit is 200"),
    ],
)
def test_invalid_id_is_rejected(value: object, reason: str) -> None:
    with pytest.raises(InvalidRowError) as caught:
        key_of(value)
    assert str(caught.value) == reason


def test_shown_digest_ignores_what_experts_do_not_see() -> None:
    unseen = replace(
        CONTENT,
        candidates=(Candidate("B", "heron"), Candidate(" A ", author="U1")),
        meta={"source": "x"},
        author="U2",
        domains=("law",),
        language="en",
    )
    assert shown_digest_of(unseen) == shown_digest_of(CONTENT)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTENT, prompt=(ConversationTurn("system", "Why é?"),)),
        replace(CONTENT, prompt=(ConversationTurn("user", "Why é?", {"name": "Ada"}),)),
        replace(CONTENT, candidates=(Candidate("A"), Candidate("C"))),
        replace(CONTENT, candidates=(Candidate("A"), Candidate("B", extra={"tool_calls": [1]}))),
        replace(
            CONTENT,
            candidates=(Candidate("A"), Candidate("B", turns=(ConversationTurn("user", "Hi"),))),
        ),
        replace(CONTENT, draft="A"),
        replace(CONTENT, media=(Media("image", "https://a.b/c.png", "A cat"),)),
    ],
)
def test_everything_that_experts_see_changes_the_shown_digest(other: Content) -> None:
    assert shown_digest_of(other) != shown_digest_of(CONTENT)
