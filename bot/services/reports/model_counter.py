"""Counts of contests between models, while the answers of a campaign are streamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.kinds.content import Candidate
from bot.kinds.label import Label
from bot.quality.ranking.contests import ContestTally
from bot.quality.ranking.label_orders import bad_pair, order_of
from bot.quality.ranking.style import style_of
from bot.quality.ranking.style_tally import StyleTally
from storage.queries.votes import TaskCandidate


@dataclass(slots=True)
class ModelCounter:
    """Counts which models experts prefer, task by task.

    Attributes:
        has_styles: whether the style of the responses counts as well, which needs their texts.
        contests: contests between models.
        styles: the style of the responses in each contest.
    """

    has_styles: bool = True
    contests: ContestTally = field(default_factory=ContestTally)
    styles: StyleTally = field(default_factory=StyleTally)

    def add(self, labels: Sequence[Label], candidates: Sequence[TaskCandidate | Candidate]) -> None:
        """Count the answers to one task, whose candidates are in imported order."""
        models = [candidate.model for candidate in candidates]
        if not any(models):
            return
        orders = [order_of(label, models) for label in labels]
        bad_pairs = [bad_pair(label, models) for label in labels]
        profile = self.contests.add([order for order in orders if order], filter(None, bad_pairs))
        if profile and self.has_styles:
            styles = {one.model: style_of(one.text or "") for one in candidates if one.model}
            self.styles.add(profile, styles)
