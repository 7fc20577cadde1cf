"""Where the scores of a rating are on their scales, comparable between scales."""

from __future__ import annotations

from statistics import fmean

from bot.kinds.label import Rating
from bot.quality.scales import Scales, points_of


def position_of(rating: Rating, scales: Scales) -> float:
    """Return the mean position of the scores on their scales: 0 is the worst, 1 the best."""
    return fmean(_position(score, points_of(key, scales)) for key, score in rating.scores)


def _position(score: float, points: int) -> float:
    """Return the position of a score on a scale; a scale with one point has only its middle."""
    return (score - 1) / (points - 1) if points > 1 else 0.5
