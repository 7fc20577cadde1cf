"""A label in a few words: candidates are called A, B … in imported order."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import assert_never

from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict

LONGEST = 300
"""Characters of a written response that are quoted."""

HOW_MUCH = ("", "slightly better", "better", "much better")


def in_words(label: Label) -> str:
    """Say what a label says, for somebody who sees the candidates in imported order."""
    match label:
        case Demonstration():
            return _quoted(label.response)
        case Preference():
            return _preferred(label)
        case Rating():
            return ", ".join(f"{key} {points}" for key, points in label.scores)
        case Ranking():
            return _ranked(label.ranks)
        case Verdict():
            corrected = f": {_quoted(label.corrected)}" if label.corrected else ""
            return f"{label.verdict}{corrected}"
    assert_never(label)


def _ranked(ranks: Sequence[int]) -> str:
    """Say who is better than whom: “B > A = C”."""
    places = [
        " = ".join(ascii_uppercase[place] for place, its in enumerate(ranks) if its == rank)
        for rank in sorted(set(ranks))
    ]
    return " > ".join(places)


def _preferred(label: Preference) -> str:
    if label.winner == "tie":
        return "a tie"
    if label.winner == "both_bad":
        return "both bad"
    name = "A" if label.winner == "left" else "B"
    return f"{name} is {HOW_MUCH[abs(label.strength)] if label.strength else 'better'}"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= LONGEST else f'{line[:LONGEST]}…'}”"
