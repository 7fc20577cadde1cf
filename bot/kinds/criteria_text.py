"""Criteria as text, one per line: “Humor (How funny is it?): not funny | laughed”."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import ValidationError

from bot.errors import BotError
from bot.kinds.criteria_presets import CRITERIA_PRESETS, MAX_ANCHOR_CHARACTERS, Criterion

CRITERION_LINE = re.compile(
    r"(?P<label>[^:(]+?)\s*(?:\((?P<question>[^)]*)\)\s*)?:(?P<anchors>.*)", re.DOTALL
)
MAX_KEY_CHARS = 40
KEY_BY_LABEL = {
    criterion.label.lower(): criterion.key
    for criteria in CRITERIA_PRESETS.values()
    for criterion in criteria
}
"""Keys of the preset criteria, kept if a coordinator edits their text."""


class InvalidCriterionError(BotError):
    """Line {number}: {reason}. Write it as “Humor: not funny | faint smile | laughed out loud”."""


def format_criteria(criteria: Iterable[Criterion]) -> str:
    """Return criteria as the text that a coordinator edits, one per line."""
    return "\n".join(_format_criterion(criterion) for criterion in criteria)


def _format_criterion(criterion: Criterion) -> str:
    question = f" ({criterion.question})" if criterion.question else ""
    return f"{criterion.label}{question}: {' | '.join(criterion.anchors)}"


def parse_criteria(text: str) -> tuple[Criterion, ...]:
    """Parse the text of `format_criteria`, possibly edited; empty lines are ignored.

    Raises:
        InvalidCriterionError: a line is invalid; the message names the first one and the reason.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return tuple(_parse_criterion(number, line) for number, line in lines if line)


def _parse_criterion(number: int, line: str) -> Criterion:
    match = CRITERION_LINE.fullmatch(line)
    if not match:
        raise InvalidCriterionError(number=number, reason="a colon must follow the name")
    label = match["label"].strip()
    anchors = tuple(anchor.strip() for anchor in match["anchors"].split("|"))
    if not all(anchors):
        raise InvalidCriterionError(number=number, reason="each point needs a description")
    for anchor in anchors:
        if len(anchor) > MAX_ANCHOR_CHARACTERS:
            raise InvalidCriterionError(number=number, reason=_describe_long_anchor(anchor))
    question = " ".join((match["question"] or "").split())
    try:
        return Criterion(key=_column_key(label), label=label, question=question, anchors=anchors)
    except ValidationError as error:
        raise InvalidCriterionError(number=number, reason=_describe_error(error)) from None


def _column_key(label: str) -> str:
    """Return the column name of a criterion in datasets."""
    slug = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    key = slug if slug[:1].isalpha() else f"criterion_{slug}".strip("_")
    return KEY_BY_LABEL.get(label.lower(), key[:MAX_KEY_CHARS].strip("_"))


def _describe_long_anchor(anchor: str) -> str:
    return (
        f"the point “{anchor[:20].strip()}…” has {len(anchor):,} characters, "
        f"but a button holds at most {MAX_ANCHOR_CHARACTERS}"
    )


def _describe_error(error: ValidationError) -> str:
    field = str(error.errors()[0]["loc"][0])
    if field == "anchors":
        return "it needs 2 to 7 points"
    return f"the {field} is too long"
