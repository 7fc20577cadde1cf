"""Agreement in a dataset card: the coefficients of each question with their 95% intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from bot.exports.card_markdown import table

HEAD = ("question", "items", "answers", "percent", "alpha", "kappa", "AC")

NOTES = (
    "Percent is the share of pairs of answers to an item that are equal, alpha is Krippendorff's, "
    "kappa is Fleiss', AC is Gwet's. 95% intervals are in parentheses. Items that fewer than two "
    "experts answered, and gold questions, do not count.\n"
)

NOT_COMPARABLE = "No item has two answers that can be compared.\n"


def describe_agreement(evidence: Mapping[str, object]) -> str:
    """Return the agreement that the evidence of an export has, empty if it has none."""
    figures = cast("Mapping[str, Mapping[str, Any]] | None", evidence.get("agreement"))
    if figures is None:
        return ""
    compared = {name: found for name, found in figures.items() if found["items"]}
    if not compared:
        return NOT_COMPARABLE
    return f"{NOTES}\n{table(HEAD, (_row(*entry) for entry in compared.items()))}"


def _row(question: str, found: Mapping[str, Any]) -> tuple[object, ...]:
    estimates = (found[name] for name in ("percent", "alpha", "kappa", "gwet"))
    return (question, f"{found['items']:,}", f"{found['answers']:,}", *map(_estimate, estimates))


def _estimate(estimate: Mapping[str, Any]) -> str:
    """Return a coefficient with its interval; one that does not exist is undefined."""
    value, low, high = (estimate[name] for name in ("value", "low", "high"))
    if value is None:
        return "undefined"
    return f"{value:.3f}" if low is None else f"{value:.3f} ({low:.3f} to {high:.3f})"
