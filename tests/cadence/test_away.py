"""Slack statuses that mean out of office; an ambiguous one does not count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cadence.away import AWAY_EMOJI, DEFAULT_STATUS_DURATION, away_until, is_out_of_office

QUICK = settings(max_examples=60)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

AWAY = [
    ("", ":palm_tree:"),
    ("Vacationing", ":palm_tree:"),
    ("Out sick", ":face_with_thermometer:"),
    ("", ":face_with_thermometer::skin-tone-2:"),
    ("", ":airplane:"),
    ("OOO", ":speech_balloon:"),
    ("ooo until Monday", ""),
    ("OOO until next Monday, back on 4 January", ""),
    ("OOO, back next week", ""),
    ("Out of office", ":calendar:"),
    ("I am out of the office this week", ""),
    ("On vacation, not checking messages", ":wave:"),
    ("On annual leave", ""),
    ("on parental leave till March", ":baby:"),
    ("Holiday!", ""),
    ("Sick", ""),
    ("PTO - back Thursday", ""),
    ("Vacation until the 5th", ""),
    ("Im Urlaub", ""),
    ("Urlaub bis 7.1.", ""),
    ("Krank", ""),
    ("Außer Haus", ""),
    ("En congés", ""),
    ("De vacaciones", ""),
    ("In ferie", ""),
    ("På semester", ""),
    ("休暇中", ""),
    ("Я в отпуске", ""),
]
NOT_AWAY = [
    ("", ""),
    ("", ":speech_balloon:"),
    ("In a meeting", ":spiral_calendar_pad:"),
    ("Working remotely", ":house_with_garden:"),
    ("Commuting", ":bus:"),
    ("Working from the beach", ":palm_tree:"),
    ("Back from vacation", ":palm_tree:"),
    ("Back from vacation", ""),
    ("Back in the office", ""),
    ("OOO tomorrow", ""),
    ("OOO next week", ":palm_tree:"),
    ("Vacation starts Friday", ":palm_tree:"),
    ("Urlaub ab Montag", ""),
    ("Not on vacation", ""),
    ("Planning the holiday campaign", ""),
    ("Holiday season launch", ":gift:"),
    ("Vacation rentals launch", ":rocket:"),
    ("Sick of merge conflicts", ""),
    ("Semester planning", ""),
    ("Leave me a message", ""),
    ("Flying to Berlin, reachable", ":airplane:"),
    ("Boooo", ":ghost:"),
    ("foooo bar", ""),
]


@pytest.mark.parametrize(("text", "emoji"), AWAY)
def test_status_means_away(text: str, emoji: str) -> None:
    assert is_out_of_office(text, emoji)
    assert is_out_of_office(f"  {text.upper()}  ", emoji)


@pytest.mark.parametrize(("text", "emoji"), NOT_AWAY)
def test_status_does_not_mean_away(text: str, emoji: str) -> None:
    assert not is_out_of_office(text, emoji)


@QUICK
@given(text=st.text(max_size=100), emoji=st.text(max_size=40) | st.sampled_from(sorted(AWAY_EMOJI)))
def test_any_status_can_be_parsed(text: str, emoji: str) -> None:
    assert is_out_of_office(text, emoji) in (True, False)


@QUICK
@given(words=st.lists(st.sampled_from(["coffee", "code", "tests", "ship", "desk"])))
def test_unrelated_words_do_not_mean_away(words: list[str]) -> None:
    assert not is_out_of_office(" ".join(words), ":coffee:")


@pytest.mark.parametrize(
    ("text", "expires", "until"),
    [
        ("OOO", None, NOW + DEFAULT_STATUS_DURATION),
        ("OOO", NOW + timedelta(days=3), NOW + timedelta(days=3)),
        ("OOO", NOW, None),
        ("Lunch", NOW + timedelta(hours=1), None),
    ],
)
def test_status_counts_until_it_ends(
    text: str, expires: datetime | None, until: datetime | None
) -> None:
    assert away_until(text, "", expires, NOW) == until
