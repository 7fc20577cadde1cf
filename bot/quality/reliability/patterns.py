"""Answer patterns of one expert: the preferred side, the repeated answer, the pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TypeAlias

from bot.quality.reliability.false_discovery import discoveries
from bot.quality.reliability.jumps import Jump
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.quality.reliability.sequential import p_of_excess, p_of_preferred_side

AnswerKey: TypeAlias = Hashable
"""An answer as the expert saw it; equal answers have equal keys."""

MIN_ANSWERS = 10
"""Answers of an expert before a pattern is reported."""

MIN_REPEATED_SHARE = 0.8
"""Share of equal answers from which an expert repeats one answer."""

MAX_EXPECTED_SHARE = 0.95
"""If others give an answer this often, repeating it says nothing."""

FAST_SHARE = 0.2
"""An expert is fast who needs less than this share of the others' time."""

FAST_SECONDS = 2.0
"""Nobody reads an item and answers in less; without others to compare with, this is the limit."""


@dataclass(slots=True)
class ExpertPattern:
    """What one expert answered, in the order in which they saw the candidates.

    Attributes:
        sides: how often each side was preferred, by position from 0.
        answers: how often each answer was given.
        seconds: time of each answer, where it is known.
    """

    sides: Counter[int] = field(default_factory=Counter)
    answers: Counter[AnswerKey] = field(default_factory=Counter)
    seconds: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PositionBias:
    """An expert prefers the response at one position: `chosen` of `total` times; 0 is A."""

    position: int
    chosen: int
    total: int


@dataclass(frozen=True, slots=True)
class RepeatedAnswer:
    """An expert gives the same answer `count` of `total` times; others do so in a `share`."""

    count: int
    total: int
    share: float


@dataclass(frozen=True, slots=True)
class FastAnswers:
    """An expert's median time per answer, and that of the others; None if they are as fast."""

    seconds: float
    others_seconds: float | None


Finding: TypeAlias = PositionBias | RepeatedAnswer | FastAnswers | PeerEvidence | Jump


def find_patterns(patterns: Mapping[int, ExpertPattern]) -> dict[int, list[Finding]]:
    """Return what is suspicious about each expert's answers, by expert.

    Counts are tested with the exact binomial likelihood, so that the test may be repeated after
    every answer (`sequential.py`), and the rate of false discoveries is controlled over all
    experts. Experts without findings are missing.
    """
    found: dict[int, list[Finding]] = {}
    for findings in (_position_biases(patterns), _repeated_answers(patterns), _fast(patterns)):
        for expert, finding in findings.items():
            found.setdefault(expert, []).append(finding)
    return found


def _position_biases(patterns: Mapping[int, ExpertPattern]) -> dict[int, Finding]:
    """Test whether the first and the second response are chosen equally often.

    Candidates are shuffled for each expert, so that each position is equally often the better one.
    """
    biases: dict[int, PositionBias] = {}
    p_values: dict[int, float] = {}
    for expert, pattern in patterns.items():
        total = pattern.sides.total()
        if total >= MIN_ANSWERS:
            position, chosen = pattern.sides.most_common(1)[0]
            biases[expert] = PositionBias(position, chosen, total)
            p_values[expert] = p_of_preferred_side(chosen, total - chosen)
    return {expert: biases[expert] for expert in sorted(discoveries(p_values))}


def _repeated_answers(patterns: Mapping[int, ExpertPattern]) -> dict[int, Finding]:
    """Test whether an expert gives one answer more often than the others do."""
    everyone: Counter[AnswerKey] = Counter()
    for pattern in patterns.values():
        everyone.update(pattern.answers)
    repeated: dict[int, RepeatedAnswer] = {}
    p_values: dict[int, float] = {}
    for expert, pattern in patterns.items():
        total, others = pattern.answers.total(), everyone.total() - pattern.answers.total()
        if total < MIN_ANSWERS or others < MIN_ANSWERS:
            continue
        answer, count = pattern.answers.most_common(1)[0]
        share = (everyone[answer] - count + 1) / (others + 2)
        if count >= MIN_REPEATED_SHARE * total and share < MAX_EXPECTED_SHARE:
            repeated[expert] = RepeatedAnswer(count, total, share)
            p_values[expert] = min(1.0, len(everyone) * p_of_excess(count, total, share))
    return {expert: repeated[expert] for expert in sorted(discoveries(p_values))}


def _fast(patterns: Mapping[int, ExpertPattern]) -> dict[int, Finding]:
    medians = {
        expert: median(pattern.seconds)
        for expert, pattern in patterns.items()
        if len(pattern.seconds) >= MIN_ANSWERS
    }
    fast: dict[int, Finding] = {}
    for expert, seconds in medians.items():
        others = [other for key, other in medians.items() if key != expert]
        usual = median(others) if others else None
        if usual is not None and seconds < FAST_SHARE * usual:
            fast[expert] = FastAnswers(seconds, usual)
        elif seconds < FAST_SECONDS:
            fast[expert] = FastAnswers(seconds, None)
    return fast
