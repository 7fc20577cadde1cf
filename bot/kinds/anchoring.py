"""Criteria as people write them, a line each: “Humor (How funny is it?): not funny | laughed”."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import ValidationError

from bot.errors import BotError
from bot.kinds.rating import CRITERIA, Criterion

LINE = re.compile(
    r"(?P<label>[^:(]+?)\s*(?:\((?P<question>[^)]*)\)\s*)?:(?P<anchors>.*)", re.DOTALL
)
LONGEST_KEY = 40
KNOWN = {one.label.lower(): one.key for known in CRITERIA.values() for one in known}


class BadCriterionError(BotError):
    """Line {number}: {reason}. Write it as “Humor: not funny | faint smile | laughed out loud”."""


def in_lines(criteria: Iterable[Criterion]) -> str:
    """Return criteria as a coordinator edits them."""
    return "\n".join(_in_line(one) for one in criteria)


def _in_line(one: Criterion) -> str:
    question = f" ({one.question})" if one.question else ""
    return f"{one.label}{question}: {' | '.join(one.anchors)}"


def from_lines(text: str) -> tuple[Criterion, ...]:
    """Read what `in_lines` wrote, changed by hand; empty lines count for nothing.

    Raises:
        BadCriterionError: with the first line that cannot be read, and why.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return tuple(_criterion(number, line) for number, line in lines if line)


def _criterion(number: int, line: str) -> Criterion:
    found = LINE.fullmatch(line)
    if not found:
        raise BadCriterionError(number=number, reason="a colon must follow the name")
    label = found["label"].strip()
    anchors = tuple(anchor.strip() for anchor in found["anchors"].split("|"))
    if not all(anchors):
        raise BadCriterionError(number=number, reason="each point needs a word or two")
    question = " ".join((found["question"] or "").split())
    try:
        return Criterion(key=_key(label), label=label, question=question, anchors=anchors)
    except ValidationError as error:
        raise BadCriterionError(number=number, reason=_reason(error)) from None


def _key(label: str) -> str:
    """Return the name of the column that the criterion becomes in datasets."""
    slug = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    named = slug if slug[:1].isalpha() else f"criterion_{slug}".strip("_")
    return KNOWN.get(label.lower(), named[:LONGEST_KEY].strip("_"))


def _reason(error: ValidationError) -> str:
    place = str(error.errors()[0]["loc"][0])
    if place == "anchors":
        return "it needs 2 to 7 points of at most 60 characters"
    return f"the {place} is too long"
