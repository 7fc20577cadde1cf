"""Quotas in a forecast: experts who may give only so many answers, in all or a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class ExpertQuota:
    """An expert's share of the recent answers, 0 to 1, and how many more they may give."""

    share: float
    left: float = inf


@dataclass(frozen=True, slots=True)
class AnswerQuotas:
    """The quotas of a campaign's members, without gold questions.

    Attributes:
        experts: the members; those without recent answers have a share of 0.
        per_expert: how many answers a new expert may give; infinite without a quota.
        per_day: how many answers one expert may give a day; infinite without a quota.
    """

    experts: tuple[ExpertQuota, ...]
    per_expert: float = inf
    per_day: float = inf

    @property
    def answers_left(self) -> float:
        """Return how many answers all members may still give."""
        return sum(expert.left for expert in self.experts)

    def most_per_day(self, extra_experts: int = 0) -> float:
        """Return how many answers all who may still answer may give a day."""
        return self.per_day * (sum(one.left > 0 for one in self.experts) + extra_experts)

    def unlimited_answers(
        self, remaining: int, per_day: float, active: int, extra_experts: int = 0
    ) -> int | None:
        """Return how many answers would arrive without quotas while `remaining` do with them.

        None if the experts who answer now may not give that many.

        Args:
            remaining: answers still needed.
            per_day: answers of all experts per working day, so far.
            active: how many experts gave these answers.
            extra_experts: additional experts, who answer as much as one of them.
        """
        new = ExpertQuota(1 / max(active, 1), self.per_expert)
        most = self.per_day / per_day if per_day else inf
        experts = [
            ExpertQuota(min(expert.share, most), expert.left)
            for expert in (*self.experts, *[new] * extra_experts)
            if expert.share > 0 and expert.left > 0
        ]
        return _solve(experts, remaining)


def _solve(experts: Iterable[ExpertQuota], remaining: int) -> int | None:
    """Return the least `w` at which min(share · w, left), summed over the experts, is enough."""
    waiting = sorted(experts, key=lambda expert: expert.left / expert.share)
    given, share = 0.0, sum(expert.share for expert in waiting)
    for expert in waiting:
        end = expert.left / expert.share
        if given + share * end >= remaining:
            break
        given += expert.left
        share -= expert.share
    else:
        return None
    return max(round((remaining - given) / share), 0)
