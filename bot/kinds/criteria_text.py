"""Criteria as people write them, a line each: “Humor (How funny is it?): not funny | laughed”."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import ValidationError

from bot.errors import BotError
from bot.kinds.rating import CRITERIA_PRESETS, Criterion

CRITERION_LINE = re.compile(
    r"(?P<label>[^:(]+?)\s*(?:\((?P<question>[^)]*)\)\s*)?:(?P<anchors>.*)", re.DOTALL
)
MAX_KEY_CHARS = 40
KEY_BY_LABEL = {one.label.lower(): one.key for known in CRITERIA_PRESETS.values() for one in known}


class InvalidCriterionError(BotError):
    """Line {number}: {reason}. Write it as “Humor: not funny | faint smile | laughed out loud”."""


def format_criteria(criteria: Iterable[Criterion]) -> str:
    """Return criteria as a coordinator edits them."""
    return "\n".join(_format_criterion(one) for one in criteria)


def _format_criterion(one: Criterion) -> str:
    question = f" ({one.question})" if one.question else ""
    return f"{one.label}{question}: {' | '.join(one.anchors)}"


def parse_criteria(text: str) -> tuple[Criterion, ...]:
    """Read what `in_lines` wrote, changed by hand; empty lines count for nothing.

    Raises:
        BadCriterionError: with the first line that cannot be read, and why.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return tuple(_parse_criterion(number, line) for number, line in lines if line)


def _parse_criterion(number: int, line: str) -> Criterion:
    found = CRITERION_LINE.fullmatch(line)
    if not found:
        raise InvalidCriterionError(number=number, reason="a colon must follow the name")
    label = found["label"].strip()
    anchors = tuple(anchor.strip() for anchor in found["anchors"].split("|"))
    if not all(anchors):
        raise InvalidCriterionError(number=number, reason="each point needs a word or two")
    question = " ".join((found["question"] or "").split())
    try:
        return Criterion(key=_column_key(label), label=label, question=question, anchors=anchors)
    except ValidationError as error:
        raise InvalidCriterionError(number=number, reason=_describe_error(error)) from None


def _column_key(label: str) -> str:
    """Return the name of the column that the criterion becomes in datasets."""
    slug = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    key = slug if slug[:1].isalpha() else f"criterion_{slug}".strip("_")
    return KEY_BY_LABEL.get(label.lower(), key[:MAX_KEY_CHARS].strip("_"))


def _describe_error(error: ValidationError) -> str:
    field = str(error.errors()[0]["loc"][0])
    if field == "anchors":
        return "it needs 2 to 7 points of at most 60 characters"
    return f"the {field} is too long"
