"""Norms: the agreement that people usually reach on a question, to compare an alpha with.

A fixed threshold such as 0.667 is wrong for nearly every question: it suits the coding of facts,
and careful people who judge jokes never reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.quality.agreement.interval import Estimate
from bot.quality.votes import WINNER

NormComparison = Literal["below", "usual", "above"]


@dataclass(frozen=True, slots=True)
class Norm:
    """Usual range of alpha; `description` completes “usual is 0.1 to 0.2 …”."""

    low: float
    high: float
    description: str


NORMS: dict[str, Norm] = {
    # Ustalov's LLMFAO (2023): 0.29 with ties, 0.37 without, among 124 people. The 73 pairs of 100
    # on which the labelers of InstructGPT agreed (Ouyang et al., 2022) are 0.45 without ties.
    WINNER: Norm(0.25, 0.5, "where people compare model responses"),
    # Castro et al. (2018) asked 1,300 people how funny tweets are: “no clear agreement”.
    "humor": Norm(0.1, 0.2, "where people rate how funny a joke is"),
}
"""By question. Other questions have no known norm and are not compared."""


def compare_to_norm(alpha: Estimate, question: str) -> NormComparison | None:
    """Return how an alpha compares with its norm; None without a norm or an interval.

    It is below or above only if its whole interval is: a few answers prove nothing.
    """
    norm = NORMS.get(question)
    if norm is None or alpha.low is None or alpha.high is None:
        return None
    if alpha.high < norm.low:
        return "below"
    return "above" if alpha.low > norm.high else "usual"


def describe_norm(question: str, alpha: Estimate) -> str:
    """Return how an alpha compares with its norm, as a phrase; "" without a norm."""
    norm = NORMS.get(question)
    if norm is None:
        return ""
    phrases = {"below": "below the usual", "above": "above the usual"}
    phrase = phrases.get(compare_to_norm(alpha, question) or "", "usual is")
    return f"{phrase} {norm.low:g} to {norm.high:g} {norm.description}"
