"""Priorities of tasks in a comparison of models: the most informative pairs first.

They are computed from all answers in a child process, together with the agreement. They hold for
the next few hundred answers; when those are used up, tasks are assigned in the campaign's order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from random import Random

import orjson
from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.content import Candidate, Content
from bot.kinds.label import Preference
from bot.routing.informative_pairs import Pair, PairDesign, PairVotes, plan_votes, votes_needed
from storage.queries import task_priority, votes
from storage.tables import Campaign

PLANNED_VOTES = 500
"""Votes with a priority: more than experts give before the next plan."""

RANDOM_SHARE = 0.1
"""Share of the planned votes on pairs at random."""


@dataclass(slots=True)
class ModelComparison:
    """The models of a campaign's tasks, and the votes on each pair.

    `half_wins` counts by (winner, loser): two for a win, one for each model of a tie.
    """

    pair_by_task: dict[int, tuple[str, str]] = field(default_factory=dict)
    half_wins: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def pairs(self) -> list[Pair]:
        """Return the pairs of models that tasks compare, each in alphabetical order."""
        return sorted({_sorted_pair(pair) for pair in self.pair_by_task.values()})

    def design(self) -> PairDesign:
        """Return the design with the votes so far."""
        models = sorted({model for pair in self.pairs for model in pair})
        return PairDesign(
            models, PairVotes({pair: count / 2 for pair, count in self.half_wins.items()})
        )


def needs_plan(session: Session, campaign_id: int) -> bool:
    """Return whether informative pairs come first in a campaign."""
    return task_priority.has_informative_pairs(session, campaign_id)


def plan_campaign(session: Session, campaign_id: int) -> list[int]:
    """Return the tasks of a campaign that should come first, in order; empty without the option."""
    if not needs_plan(session, campaign_id):
        return []
    comparison = compare_models(session, campaign_id)
    free_slots = task_priority.free_slots_by_task(session, campaign_id)
    tasks_by_pair: defaultdict[Pair, list[int]] = defaultdict(list)
    for task_id, slots in free_slots.items():
        if task_id in comparison.pair_by_task:
            tasks_by_pair[_sorted_pair(comparison.pair_by_task[task_id])] += [task_id] * slots
    open_votes = {pair: len(tasks) for pair, tasks in tasks_by_pair.items()}
    seed = f"{session.get_one(Campaign, campaign_id).seed}/pairs {comparison.half_wins.total()}"
    rng = Random(seed)  # noqa: S311 - seeded, not for cryptography
    plan = plan_votes(comparison.design(), open_votes, PLANNED_VOTES, RANDOM_SHARE, rng)
    return _tasks_of(plan, tasks_by_pair)


def _tasks_of(plan: Sequence[Pair], tasks_by_pair: dict[Pair, list[int]]) -> list[int]:
    """Return the tasks for planned votes, each at its first vote."""
    slots = {pair: iter(tasks) for pair, tasks in tasks_by_pair.items()}
    return list(dict.fromkeys(next(slots[pair]) for pair in plan))


def store_plan(session: Session, campaign_id: int, task_ids: Sequence[int]) -> None:
    """Store the tasks that come first, in place of the previous ones."""
    task_priority.replace_priorities(session, campaign_id, task_ids)


def count_votes_needed(session: Session, campaign_id: int) -> int | None:
    """Return how many more votes are expected to separate the models of a campaign.

    None: there are no models to compare, or no number of votes separates them.
    """
    comparison = compare_models(session, campaign_id)
    if not comparison.pairs:
        return None
    return votes_needed(comparison.design(), comparison.pairs)


def compare_models(session: Session, campaign_id: int) -> ModelComparison:
    """Return the models that a campaign's tasks compare, and the votes on them. No text is read."""
    comparison = ModelComparison()
    with closing(votes.stream_candidates(session, campaign_id)) as candidates:
        for task_id, rows in groupby(candidates, key=attrgetter("task_id")):
            models = [row.model for row in rows]
            if len(models) == 2 and all(models) and models[0] != models[1]:  # noqa: PLR2004 - a pair
                comparison.pair_by_task[task_id] = (str(models[0]), str(models[1]))
    kind = kind_named(session.get_one(Campaign, campaign_id).kind)
    content = Content(candidates=(Candidate(""), Candidate("")))
    with closing(votes.stream_votes(session, campaign_id)) as answers:
        for row in answers:
            if pair := comparison.pair_by_task.get(row.task_id):
                order = orjson.loads(row.candidate_order)
                label = kind.to_label(content, orjson.loads(row.value), order)
                if isinstance(label, Preference):
                    _count_vote(comparison.half_wins, pair, label)
    return comparison


def _count_vote(wins: Counter[tuple[str, str]], pair: tuple[str, str], label: Preference) -> None:
    """Count a vote in halves; that both are bad says nothing about who is better."""
    left, right = pair
    match label.winner:
        case "left":
            wins[left, right] += 2
        case "right":
            wins[right, left] += 2
        case "tie":
            wins[left, right] += 1
            wins[right, left] += 1
        case _:
            pass


def _sorted_pair(pair: tuple[str, str]) -> Pair:
    first, second = sorted(pair)
    return first, second
