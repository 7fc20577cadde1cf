"""Scales of a campaign's ordinal questions, and how close two points on them must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

Scales: TypeAlias = Mapping[str, int]
"""Number of points by criterion."""

EXACT_UP_TO_POINTS = 4
"""On scales with up to so many points, two answers must be equal to match. On longer ones they may
be one point apart, because a matter of taste has no exact point."""

_TURN_PREFIX = re.compile(r"turn\d+_")


def tolerance_of(question: str, scales: Scales) -> int:
    """Return by how many points answers to a question may differ and still match.

    The question of a conversation's turn, such as `turn2_clarity`, has the scale of its criterion.
    A question without a known scale has no tolerance.
    """
    return int(points_of(question, scales) > EXACT_UP_TO_POINTS)


def points_of(question: str, scales: Scales) -> int:
    """Return the number of points of a question's scale, 0 if it is not known."""
    return scales.get(question) or scales.get(criterion_of(question), 0)


def criterion_of(question: str) -> str:
    """Return a question without the turn that it is about: `turn2_clarity` is about `clarity`."""
    return _TURN_PREFIX.sub("", question, count=1)
