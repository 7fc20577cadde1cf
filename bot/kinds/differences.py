"""Differences between two texts that have most of their words in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MIN_SHARED = 0.75
"""Share of words in common from which differences are worth showing, 0 to 1."""

MAX_TOKENS = 4_000
"""Tokens of a text beyond which comparing takes too long: the time grows with their square."""

Side = Literal["both", "first", "second"]

_TOKEN_PATTERN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of both texts, or of one of them only."""

    text: str
    side: Side


def are_close(first: str, second: str) -> bool:
    """Return whether two texts differ, but in few words.

    This counts words in any order, so it is fast enough for every task that is shown.
    """
    words, other_words = first.split(), second.split()
    total = len(words) + len(other_words)
    if first == second or not total or max(len(words), len(other_words)) > MAX_TOKENS // 2:
        return False
    shared = (Counter(words) & Counter(other_words)).total()
    return 2 * shared >= MIN_SHARED * total


def find_differences(first: str, second: str) -> list[TextPart]:
    """Return the parts of two texts in order; those of a side, joined, are its text.

    Where words were replaced, those of the first text come first.
    """
    tokens, other_tokens = _TOKEN_PATTERN.findall(first), _TOKEN_PATTERN.findall(second)
    matcher = SequenceMatcher(None, tokens, other_tokens, autojunk=False)
    parts: list[TextPart] = []
    for operation, start, end, other_start, other_end in matcher.get_opcodes():
        if operation == "equal":
            parts.append(_part(tokens[start:end], "both"))
            continue
        if end > start:
            parts.append(_part(tokens[start:end], "first"))
        if other_end > other_start:
            parts.append(_part(other_tokens[other_start:other_end], "second"))
    return parts


def shorten_common_parts(parts: Sequence[TextPart], max_characters: int) -> Iterator[TextPart]:
    """Yield the parts; of a long one that both texts have, only the words beside differences.

    About `max_characters` of it stay before and after each difference.
    """
    for place, part in enumerate(parts):
        if part.side != "both" or len(part.text) <= 2 * max_characters:
            yield part
            continue
        before = part.text[:max_characters] if place else ""
        after = part.text[-max_characters:] if place < len(parts) - 1 else ""
        yield TextPart(f"{before}…{after}", "both")


def _part(tokens: Sequence[str], side: Side) -> TextPart:
    return TextPart("".join(tokens), side)
