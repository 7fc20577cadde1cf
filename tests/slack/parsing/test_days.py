"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.parsing.days import parse_day

WEDNESDAY = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("until 2026-12-24", date(2026, 12, 24)),
        ("24 December", date(2026, 12, 24)),
        ("until December 24, 2027.", date(2027, 12, 24)),
        ("1 Mar", date(2027, 3, 1)),
        ("29 February", date(2028, 2, 29)),
        ("today", WEDNESDAY),
        ("Tomorrow", date(2026, 12, 3)),
        ("1 day", date(2026, 12, 3)),
        ("3 days", date(2026, 12, 5)),
        ("for three days", date(2026, 12, 5)),
        ("a week", date(2026, 12, 9)),
        ("next week", date(2026, 12, 9)),
        ("for 2 weeks", date(2026, 12, 16)),
        ("a month", date(2027, 1, 1)),
        ("until Friday", date(2026, 12, 4)),
        ("next mon", date(2026, 12, 7)),
        ("Wednesday", date(2026, 12, 9)),
    ],
)
def test_day_is_understood(text: str, expected: date) -> None:
    assert parse_day(text, WEDNESDAY) == expected


@pytest.mark.parametrize(
    "text", ["", "until", "days", "some day", "0 days", "99999 days", "31 February", "fr", "friyay"]
)
def test_other_texts_name_no_day(text: str) -> None:
    assert parse_day(text, WEDNESDAY) is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse_day(text, WEDNESDAY)
