"""Labels in words, with all text of a response. Candidates are A, B … in imported order."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import assert_never

from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict

STRENGTH_PHRASES = ("", "slightly better", "better", "much better")


def describe_label(label: Label) -> str:
    """Describe a label for a reader who sees the candidates in imported order."""
    match label:
        case Demonstration():
            return _quote(label.response)
        case Preference():
            return _describe_preference(label)
        case Rating():
            return ", ".join(f"{key} {points}" for key, points in label.scores)
        case Ranking():
            on_criteria = (f", {key} {_describe_ranks(ranks)}" for key, ranks in label.criteria)
            return f"{_describe_ranks(label.ranks)}{''.join(on_criteria)}"
        case Verdict():
            corrected = f": {_quote(label.corrected_text)}" if label.corrected_text else ""
            return f"{label.verdict}{corrected}"
    assert_never(label)


def _describe_ranks(ranks: Sequence[int]) -> str:
    """Describe ranks by candidate: “B > A = C”."""
    rank_groups = [
        " = ".join(
            ascii_uppercase[index] for index, own_rank in enumerate(ranks) if own_rank == rank
        )
        for rank in sorted(set(ranks))
    ]
    return " > ".join(rank_groups)


def _describe_preference(label: Preference) -> str:
    names = {"left": "A", "right": "B", "tie": "tie"}
    on_criteria = "".join(f", {key} {names[winner]}" for key, winner in label.criteria)
    return f"{_describe_winner(label)}{on_criteria}"


def _describe_winner(label: Preference) -> str:
    if label.winner == "tie":
        return "a tie"
    if label.winner == "both_bad":
        return "both are bad"
    name = "A" if label.winner == "left" else "B"
    return f"{name} is {STRENGTH_PHRASES[abs(label.strength)] if label.strength else 'better'}"


def _quote(text: str) -> str:
    return f"“{text}”"
