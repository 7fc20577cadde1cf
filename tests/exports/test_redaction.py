"""Redaction: what is replaced by a marker, what stays, and patterns that are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.label_record import LabelRecord
from bot.exports.redaction import (
    MAX_PATTERN_CHARACTERS,
    MAX_PATTERNS,
    InvalidPatternError,
    Redaction,
    TooManyPatternsError,
    parse_patterns,
)
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Preference
from bot.kinds.media import Media
from bot.kinds.rationale import Rationale

PHONES = (
    "+49 (0)171 1234567",
    "(555) 123-4567",
    "555 0199",
    "030/1234-567",
    "5551234567",
    "0301234567",
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
)

NO_PHONES = (
    "2026-03-02",
    "02.03.2026",
    "2026-03-02 10",
    "2019-2020",
    "3.14159265",
    "192.168.100.200",
    "1 000 000",
    "1234567",
    "x1234567890",
    "1234567890123456789",
)

EMAILS = (
    "ada@example.org",
    "ada.b+c@mail.example.co.uk",
    "j\u00f6rg@m\u00fcller.example",
    '"ada b"@example.org',
)


@pytest.mark.parametrize("phone", PHONES)
def test_phone_numbers_are_replaced(phone: str) -> None:
    assert Redaction(("phone",)).redact_text(f"Call {phone}, now.") == "Call [phone], now."


@pytest.mark.parametrize("text", NO_PHONES)
def test_other_numbers_stay(text: str) -> None:
    assert Redaction(("phone",)).redact_text(f"It is {text}, yes.") == f"It is {text}, yes."


@pytest.mark.parametrize("email", EMAILS)
def test_addresses_are_replaced(email: str) -> None:
    redaction = Redaction(("email",))
    assert redaction.redact_text(f"Write <{email}>.") == "Write <[email]>."
    assert redaction.counts == {"email": 1}


def test_other_uses_of_the_at_sign_stay() -> None:
    for text in ("user@localhost", "@ada", "a @ b.c", "3@4"):
        assert Redaction(("email",)).redact_text(text) == text


TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    [*EMAILS, *PHONES, *NO_PHONES]
)


@given(st.lists(TEXTS), st.sampled_from(EMAILS), st.lists(TEXTS))
def test_no_address_is_left_whatever_surrounds_it(
    before: list[str], email: str, after: list[str]
) -> None:
    text = f"{''.join(before)} {email} {''.join(after)}"
    redaction = Redaction(("email", "phone"))
    redacted = redaction.redact_text(text)
    assert email not in redacted
    assert redacted.count("[email]") - text.count("[email]") == redaction.counts["email"] or (
        redaction.counts["email"] > 0
    )


@given(st.lists(TEXTS))
def test_redacting_again_changes_nothing(parts: list[str]) -> None:
    once = Redaction(("email",)).redact_text(" ".join(parts))
    again = Redaction(("email",))
    assert again.redact_text(once) == once
    assert again.counts == {"email": 0}


@given(st.text(st.characters(exclude_categories=())))
def test_text_without_a_match_is_the_same(text: str) -> None:
    assert Redaction(("zzzzzzzzzzzz",)).redact_text(text) == text


def test_overlapping_matches_are_replaced_together() -> None:
    redaction = Redaction(("email", "example.org/[a-z]+"))
    assert redaction.redact_text("See ada@example.org/secret.") == "See [email]."
    assert redaction.counts == {"email": 1, "example.org/[a-z]+": 1}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a)\\1", "invalid escape sequence"),
        ("(?=a)", "invalid perl operator"),
        ("a{1000}{1000}", "bad repetition"),
        ("(", "missing"),
        ("a*", "matches an empty text"),
        ("", "it is empty"),
        (" \n ", "it is empty"),
        ("x" * (MAX_PATTERN_CHARACTERS + 1), "longer than 500 characters"),
        ("\ud800", "not valid Unicode"),
    ],
)
def test_patterns_that_cannot_be_used_are_refused(pattern: str, reason: str) -> None:
    with pytest.raises(InvalidPatternError, match=reason):
        parse_patterns(pattern)


def test_too_many_patterns_are_refused() -> None:
    with pytest.raises(TooManyPatternsError):
        parse_patterns("\n".join(f"x{number}" for number in range(MAX_PATTERNS + 1)))


def test_names_and_patterns_are_told_apart() -> None:
    assert parse_patterns("Email, PHONE\n[a-c]{2,3}, x\nemail") == (
        "email",
        "phone",
        "[a-c]{2,3}, x",
    )


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "([a-z]+)*[0-9]"])
def test_no_pattern_takes_more_than_linear_time(pattern: str) -> None:
    patterns = parse_patterns(f"{pattern}|never")
    start = perf_counter()
    Redaction(patterns).redact_text("a" * 100_000)
    assert perf_counter() - start < 60, "a backtracking matcher takes longer than the universe"


def make_record(text: str) -> LabelRecord:
    """Return a record that has a text everywhere."""
    turn = ConversationTurn("user", text, {"tool_calls": [{"arguments": text}]})
    media = Media("image", "https://example.org/1.png", text, title=text)
    candidate = Candidate(text, "wren", (media,), turns=(turn,), extra={"reasoning": text})
    return LabelRecord(
        label=Preference((turn,), candidate, candidate, "both_bad", None, text, "blank"),
        item_key=text,
        campaign="tone",
        kind="comparison",
        expert="expert-1",
        answered_at=datetime(2026, 3, 2, tzinfo=UTC),
        version=1,
        guidelines_version=1,
        value={"better_response": text, "parts": [text, {"deep": text}]},
        meta={"contact": text, "list": [text]},
        media=((media,),),
        rationale=Rationale(text, ("style",)),
        item_id=17,
    )


def test_every_text_of_a_record_is_redacted() -> None:
    record = make_record("ada@example.org")
    redacted = Redaction(("email",)).redact_record(record)
    assert "ada@" not in repr(redacted)
    assert redacted.item_key == "[email]-17"
    expected = replace(make_record("[email]"), item_key="[email]-17")
    assert redacted == expected
