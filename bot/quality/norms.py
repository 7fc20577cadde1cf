"""How much people usually agree on a question: what an alpha is to be compared with.

A fixed bar, such as 0.667, is wrong for nearly everything we ask: it suits the coding of facts, and
honest people who judge jokes never reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.quality.agreement import Agreement
from bot.quality.votes import WINNER

NormComparison = Literal["below", "usual", "above"]


@dataclass(frozen=True, slots=True)
class Norm:
    """What alphas are usual; `says` completes “usual is 0.1 to 0.2 …”."""

    low: float
    high: float
    description: str


NORMS: dict[str, Norm] = {
    # Ustalov's LLMFAO (2023): 0.29 with ties, 0.37 without, among 124 people. The 73 pairs of 100
    # on which the labellers of InstructGPT agreed (Ouyang et al., 2022) are 0.45 without ties.
    WINNER: Norm(0.25, 0.5, "where people compare answers of language models"),
    # Castro et al. (2018) asked 1,300 people how funny tweets are: “no clear agreement”.
    "humor": Norm(0.1, 0.2, "where people say how funny a joke is"),
}
"""By question. Of any other we know nothing yet: it is compared with nothing."""


def compare_to_norm(agreement: Agreement, question: str) -> NormComparison | None:
    """Say how an agreement stands to what is usual; None where nobody knows.

    Below or above it is only with its whole interval: a few answers prove nothing.
    """
    norm = NORMS.get(question)
    if norm is None or agreement.low is None or agreement.high is None:
        return None
    if agreement.high < norm.low:
        return "below"
    return "above" if agreement.low > norm.high else "usual"
