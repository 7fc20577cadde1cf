r"""Formulas in a text: `$x$`, `$$x$$`, `\(x\)` and `\[x\]`, but not those in code."""

from __future__ import annotations

import re

MAX_FORMULA_CHARACTERS = 400
"""Longest formula that counts as one. It also bounds the search in a text from anywhere."""

_SIGNS = ("$", r"\(", r"\[")

_BODY = rf".{{1,{MAX_FORMULA_CHARACTERS}}}?"

_PATTERN = re.compile(
    r"```.*?(?:```|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`).{1,1000}?(?<!`)(?P=ticks)(?!`)"
    rf"|\$\$(?P<double>{_BODY})\$\$"
    rf"|\\\[(?P<bracket>{_BODY})\\\]"
    rf"|\\\((?P<parenthesis>{_BODY})\\\)"
    rf"|(?<![\\$\w])\$(?P<single>(?!\s)[^$\n]{{1,{MAX_FORMULA_CHARACTERS}}}(?<![\s\\]))\$(?![\w$])",
    re.DOTALL,
)
"""Code, or a formula. A dollar sign before a space, or after one, is money."""


def formulas_in(text: str) -> tuple[str, ...]:
    """Return the sources of the formulas in a text, in order, each once, without their signs."""
    if not any(sign in text for sign in _SIGNS):
        return ()
    groups = ("double", "bracket", "parenthesis", "single")
    found = (
        " ".join(match[group].split())
        for match in _PATTERN.finditer(text)
        for group in groups
        if match[group]
    )
    return tuple(dict.fromkeys(source for source in found if source))
