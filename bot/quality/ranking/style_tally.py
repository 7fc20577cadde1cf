"""Counts contests together with the style of the responses, in compact form."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from struct import Struct

from bot.quality.ranking.contests import CACHED_CHOICES, ContestProfile
from bot.quality.ranking.style import Style

_pack = Struct(f"{len(Style._fields)}f").pack
"""Returns the numbers of a style as bytes of an array, which `extend` would convert one by one."""


@lru_cache(maxsize=CACHED_CHOICES)
def models_of(profile: ContestProfile) -> tuple[str, ...]:
    """Return the models in a profile, sorted."""
    return tuple(sorted({model for order in profile for place in order for model in place}))


@dataclass(slots=True)
class StyleTally:
    """The styles of responses by what experts preferred.

    Attributes:
        styles: by profile, the numbers of a `Style` for each item and each model of the profile,
            with the models sorted. Single precision keeps a million items under 50 MB.
    """

    styles: dict[ContestProfile, array[float]] = field(default_factory=dict)

    def add(self, profile: ContestProfile, styles: Mapping[str, Style]) -> None:
        """Count one item: what experts preferred, and the style of each model's response."""
        numbers = self.styles.get(profile)
        if numbers is None:
            numbers = self.styles[profile] = array("f")
        for model in models_of(profile):
            numbers.frombytes(_pack(*styles[model]))
