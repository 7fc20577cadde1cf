"""Counts of contests between models, while the answers of a campaign are streamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from bot.kinds.content import Candidate
from bot.kinds.label import Label
from bot.quality.ranking.contests import ContestProfile, ContestTally, profile_of
from bot.quality.ranking.label_orders import bad_pair, order_of
from bot.quality.ranking.style import style_of
from bot.quality.ranking.style_tally import StyleTally, models_of
from bot.services.reports.answer_labels import VotedLabel
from storage.queries.votes import TaskCandidate

CACHED_CONTESTS = 16_384
"""Combinations of answers and models whose contest is kept."""


class Contest(NamedTuple):
    """What experts preferred in one task.

    Attributes:
        profile: the orders of models that they gave; empty if they compared no known models.
        bad_pairs: the known models of each pair of which both were bad.
        places: each model of the profile with its position.
    """

    profile: ContestProfile
    bad_pairs: Sequence[Sequence[str]]
    places: Sequence[tuple[str, int]]


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

    def add(self, labels: Sequence[Label], candidates: Sequence[Candidate]) -> None:
        """Count the answers to one task, whose candidates are in imported order."""
        contest = contest_of(labels, [candidate.model for candidate in candidates])
        if contest:
            self.add_contest(contest, [candidate.text or "" for candidate in candidates])

    def add_task(self, labels: tuple[VotedLabel, ...], candidates: Sequence[TaskCandidate]) -> None:
        """Count the answers to one task, whose candidates are in imported order."""
        contest = _contest_of_task(labels, tuple([one.model for one in candidates]))
        if contest:
            self.add_contest(contest, [candidate.text or "" for candidate in candidates])

    def add_contest(self, contest: Contest, texts: Sequence[str]) -> None:
        """Count what experts preferred in one task, whose responses have these texts."""
        self.contests.add_profile(contest.profile, contest.bad_pairs)
        if contest.profile and self.has_styles:
            places = contest.places
            styles = {model: style_of(texts[position]) for model, position in places}
            self.styles.add(contest.profile, styles)


def contest_of(labels: Sequence[Label], models: Sequence[str | None]) -> Contest | None:
    """Return what the answers to one task prefer; None if no model is known.

    Args:
        labels: the answers.
        models: the model of each candidate in imported order, None where it is unknown.
    """
    if not any(models):
        return None
    profile = profile_of(order for order in (order_of(label, models) for label in labels) if order)
    bad_pairs = [bad_pair(label, models) for label in labels]
    places = [(model, models.index(model)) for model in models_of(profile)]
    return Contest(profile, [pair for pair in bad_pairs if pair], places)


@lru_cache(maxsize=CACHED_CONTESTS)
def _contest_of_task(
    labels: tuple[VotedLabel, ...], models: tuple[str | None, ...]
) -> Contest | None:
    return contest_of([voted.label for voted in labels], models)
