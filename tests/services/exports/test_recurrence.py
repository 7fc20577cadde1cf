"""When scheduled exports run, as people write it and as they read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cron import CronSchedule
from bot.services.exports.recurrence import (
    MAX_ANSWERS,
    AfterAnswers,
    InvalidAnswerCountError,
    InvalidRecurrenceError,
    OnCompletion,
    Recurrence,
    describe_recurrence,
    parse_recurrence,
    stored_recurrence,
)


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("every 500 answers", AfterAnswers(500)),
        ("After 1,000 new  ANSWERS", AfterAnswers(1000)),
        ("every 1 answer", AfterAnswers(1)),
        ("on completion", OnCompletion()),
        ("When complete", OnCompletion()),
        ("weekly fri 18:00", CronSchedule("0 18 * * fri", "Asia/Tokyo")),
        ("0 6 * * *", CronSchedule("0 6 * * *", "Asia/Tokyo")),
    ],
)
def test_recurrence_is_read_as_people_write_it(text: str, recurrence: Recurrence) -> None:
    assert parse_recurrence(text, "Asia/Tokyo") == recurrence


@pytest.mark.parametrize("text", ["every day", "every 5", "on friday", "after answers"])
def test_other_recurrence_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidRecurrenceError, match="“every 500 answers” or “on completion”"):
        parse_recurrence(text, "UTC")


@pytest.mark.parametrize("text", ["every 0 answers", "every 1000001 answers"])
def test_number_of_answers_has_limits(text: str) -> None:
    with pytest.raises(InvalidAnswerCountError, match="1 to 1,000,000"):
        parse_recurrence(text, "UTC")


@given(st.integers(1, MAX_ANSWERS), st.integers(0, MAX_ANSWERS))
def test_description_names_the_answers_that_are_missing(count: int, new_answers: int) -> None:
    text = describe_recurrence(AfterAnswers(count), None, new_answers)
    assert f"next after {max(count - new_answers, 0):,} more" in text
    assert parse_recurrence(f"every {count} answers", "UTC") == AfterAnswers(count)


def test_stored_recurrence_is_the_same() -> None:
    assert stored_recurrence("0 6 * * *", "UTC", None) == CronSchedule("0 6 * * *", "UTC")
    assert stored_recurrence("", "UTC", 5) == AfterAnswers(5)
    assert stored_recurrence("", "UTC", None) == OnCompletion()
    assert describe_recurrence(OnCompletion()) == "when every item has its answers"
    assert describe_recurrence(AfterAnswers(1)) == "after every answer, next after 1 more"
