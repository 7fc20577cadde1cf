"""Evidence that an expert answers by chance or on a reversed scale, answer by answer.

The sum of log ratios is a CUSUM (Ewan Page, *Continuous Inspection Schemes*, 1954): it may start at
the first answer or at any later one, so that a change of behavior is found, too. Each start has a
weight, and all weights sum to 1.

**Looks.** A check after every answer often meets a careful expert in an unlucky moment. So answers
by chance are reported after 20 compared answers and after each further 40: a group sequential test
(Stuart Pocock, *Group Sequential Methods in the Design and Analysis of Clinical Trials*, 1977).
Between the looks only very clear evidence is reported.

**The first look** may come too early: if careful experts often disagree, 20 answers tell little,
and how much they agree is known only roughly. So the evidence counts times the probability that the
others agree enough.

The limits were chosen by simulation; docs/label-quality.md has the results with other seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf, log
from typing import Literal

from bot.quality.reliability.peer_model import QUANTILES
from bot.quality.reliability.sequential import log_sum

FIRST_LOOK = 20
"""Compared answers after which answers by chance are first looked for."""

LOOK_INTERVAL = 40
"""Compared answers between two looks."""

MIN_LOG_RATIO = 0.5
"""Log ratio from which answers by chance are reported at a look."""

MIN_LOG_RATIO_BETWEEN_LOOKS = 5.0
"""Log ratio from which they are reported after any answer."""

MIN_INFORMATION = 10.0
"""Log ratio that answers by chance must be expected to have at the first look."""

MIN_COMPARED_ANSWERS = 16
"""Compared answers before anything is reported."""

MIN_REVERSED_LOG_RATIO = 2.0
"""Log ratio from which a reversed scale is reported, after any answer."""

FIRST_START_WEIGHT = 0.9
"""Weight of the first answer among the possible starts."""

CACHED_STARTS = 65_536
"""Answers whose weight is kept: the same for every expert."""

Alternative = Literal["pool", "uniform", "reversed"]

WEIGHTS: Mapping[Alternative, float] = {"pool": 0.6, "uniform": 0.4, "reversed": 1.0}
"""Weights of the alternatives; those of each pattern sum to 1."""

PeerPattern = Literal["chance", "reversed"]


@dataclass(frozen=True, slots=True)
class PeerEvidence:
    """How much likelier an expert's answers are under an alternative.

    Attributes:
        pattern: the likeliest alternative: answers by chance, or a reversed scale.
        log_ratio: natural logarithm of the ratio.
        compared: number of answers compared; for a look, those until then.
        since: number of the compared answer from which the pattern holds; 1 is the first.
        enough_agreement: probability that the others agree enough to tell answers by chance from
            careful ones after so many answers.
    """

    pattern: PeerPattern
    log_ratio: float
    compared: int
    since: int
    enough_agreement: float

    @property
    def is_clear(self) -> bool:
        """Return whether to report the expert."""
        if self.compared < MIN_COMPARED_ANSWERS:
            return False
        if self.pattern == "reversed":
            return self.log_ratio >= MIN_REVERSED_LOG_RATIO
        if not is_look(self.compared):
            return self.log_ratio >= MIN_LOG_RATIO_BETWEEN_LOOKS
        if self.compared > FIRST_LOOK:
            return self.log_ratio >= MIN_LOG_RATIO
        return self.log_ratio + log(self.enough_agreement) >= MIN_LOG_RATIO


def is_look(compared: int) -> bool:
    """Return whether answers by chance are looked for after so many compared answers."""
    return compared >= FIRST_LOOK and (compared - FIRST_LOOK) % LOOK_INTERVAL == 0


@dataclass(slots=True)
class CusumOfAlternatives:
    """One CUSUM for each alternative, while answers are added.

    Attributes:
        count: number of answers.
        levels, starts: by alternative, the sum of log ratios and the answer at which it starts.
        information: expected log ratio of the answers until the first look if they are by chance,
            for each part of the probability of how much the others agree.
        last_look: the evidence of answers by chance at the last look.
    """

    count: int = 0
    levels: list[float] = field(default_factory=lambda: [-inf] * len(WEIGHTS))
    starts: list[int] = field(default_factory=lambda: [1] * len(WEIGHTS))
    information: list[float] = field(default_factory=lambda: [0.0] * QUANTILES)
    last_look: PeerEvidence | None = None

    def add_information(self, information: Sequence[float]) -> None:
        """Add what the next answer is expected to tell; only needed until the first look."""
        self.information = list(map(float.__add__, self.information, information))

    def add(self, log_ratios: Sequence[float]) -> None:
        """Add an answer: its log ratio for each alternative."""
        self.count = count = self.count + 1
        restart, levels = _start_level(count), self.levels
        for index, log_ratio in enumerate(log_ratios):
            level = levels[index]
            if level < restart:
                level, self.starts[index] = restart, count
            levels[index] = level + log_ratio
        if is_look(count):
            self.last_look = self._chance()

    def evidence(self) -> PeerEvidence:
        """Return the evidence of the pattern that is clear, or else likelier."""
        patterns = [self._chance(), self._evidence_of("reversed", [len(WEIGHTS) - 1])]
        if self.last_look:
            patterns.append(self.last_look)
        return max(patterns, key=lambda one: (one.is_clear, one.log_ratio))

    def _chance(self) -> PeerEvidence:
        return self._evidence_of("chance", range(len(WEIGHTS) - 1))

    def _evidence_of(self, pattern: PeerPattern, alternatives: Sequence[int]) -> PeerEvidence:
        weights = [*WEIGHTS.values()]
        logs = {index: log(weights[index]) + self.levels[index] for index in alternatives}
        best = max(logs, key=logs.__getitem__)
        enough = sum(one >= MIN_INFORMATION for one in self.information)
        return PeerEvidence(
            pattern=pattern,
            log_ratio=log_sum(logs.values()),
            compared=self.count,
            since=self.starts[best],
            enough_agreement=max(enough, 0.5) / QUANTILES,
        )


@lru_cache(maxsize=CACHED_STARTS)
def _start_level(number: int) -> float:
    """Return the logarithm of the weight of a start at this answer; all weights sum to 1."""
    if number == 1:
        return log(FIRST_START_WEIGHT)
    return log((1 - FIRST_START_WEIGHT) * 2 / (number * (number + 1)))
