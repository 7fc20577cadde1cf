"""Whether people can see anything of a text."""

from __future__ import annotations

INVISIBLE = "\u2800\u3164\u115f\u1160\uffa0\ufe0f\u034f"
"""Characters without a shape that count as printable in Unicode."""


def has_visible(text: str) -> bool:
    """Return whether a text has a character that people can see."""
    if "!" <= text[:1] <= "~":
        return True
    return any(char.isprintable() and char not in INVISIBLE for char in text.strip())
