"""Adaptive overlap: after an answer, whether its item needs another expert.

An item starts with the campaign's overlap. When it has that many answers and their posterior is
below the target, it needs one more, up to the maximum. If an expert changes an answer and the
posterior reaches the target, the item needs no more answers than it has slots taken.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from bot.kinds import kind_named
from bot.quality.posterior import PRIOR_ACCURACY, WeightedVotes, item_posterior
from bot.quality.votes import votes_of
from bot.services.reports.answer_labels import label_of
from storage.queries import adaptive_overlap
from storage.queries.adaptive_overlap import TaskAnswer
from storage.queries.answer_submission import AssignmentSnapshot


def update_demand(session: Session, snapshot: AssignmentSnapshot) -> None:
    """Set how many answers the item of a complete answer wants; without effect if it is fixed."""
    if snapshot.max_overlap is None:
        return
    demand = adaptive_overlap.lock_demand(session, snapshot.task_id)
    if demand is None or demand.slots_taken < snapshot.overlap:
        return
    answers = adaptive_overlap.answers_to(session, snapshot.task_id)
    wanted = len(answers)
    if posterior_of(snapshot, answers) < (snapshot.target_posterior or 1.0):
        wanted = min(len(answers) + 1, snapshot.max_overlap)
    overlap = max(wanted, snapshot.overlap, demand.slots_taken)
    if overlap != demand.overlap:
        adaptive_overlap.set_overlap(session, snapshot.task_id, overlap)


def posterior_of(snapshot: AssignmentSnapshot, answers: Iterable[TaskAnswer]) -> float:
    """Return the probability that the answers to an item are right together. No text is read."""
    kind = kind_named(snapshot.kind)
    scales = kind.settings.model_validate(snapshot.settings).scales
    ballots = []
    for answer in answers:
        label = label_of(kind, answer.value, answer.candidate_order)
        accuracy = PRIOR_ACCURACY if answer.accuracy is None else answer.accuracy
        ballots.append(WeightedVotes(accuracy, votes_of(label)))
    return item_posterior(ballots, scales)
