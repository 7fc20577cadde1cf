"""Accuracies of a campaign's members, for campaigns with an adaptive overlap.

They are estimated from all answers in a child process, together with the agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from sqlmodel import Session

from bot.kinds import kind_named
from bot.quality.gold import is_correct
from bot.quality.posterior import ExpertVotes, GoldCount, estimate_accuracies
from bot.services.reports.answer_labels import AnswerLabels
from bot.services.reports.task_answers import stream_answers
from storage.queries import adaptive_overlap
from storage.tables import Campaign


def needs_estimates(session: Session, campaign_id: int) -> bool:
    """Return whether a campaign needs the accuracies of its members: its overlap is adaptive."""
    return adaptive_overlap.is_adaptive(session, campaign_id)


def estimate_campaign(session: Session, campaign_id: int) -> dict[int, float]:
    """Return the accuracy of each expert with answers; empty if the overlap is fixed."""
    if not needs_estimates(session, campaign_id):
        return {}
    campaign = session.get_one(Campaign, campaign_id)
    kind = kind_named(campaign.kind)
    labels, scales = AnswerLabels(kind), kind.settings.model_validate(campaign.settings).scales
    items: list[list[ExpertVotes]] = []
    gold: dict[int, GoldCount] = {}
    with closing(stream_answers(session, campaign_id)) as answers:
        for rows in answers:
            ballots: list[ExpertVotes] = []
            for row in rows:
                label = labels.label_of(row.value, row.candidate_order).label
                if row.gold is None:
                    ballots.append(ExpertVotes(row.expert_id, label.ballot.votes))
                    continue
                known = labels.gold_of(row.gold, row.candidate_order)
                before = gold.get(row.expert_id, GoldCount(0, 0))
                right = int(is_correct(label.label, known.label, scales))
                gold[row.expert_id] = GoldCount(before.correct + right, before.total + 1)
            items.append(ballots)
    return estimate_accuracies(items, gold, scales)


def store_campaign(session: Session, campaign_id: int, accuracies: Mapping[int, float]) -> None:
    """Store the accuracies of a campaign's members."""
    adaptive_overlap.store_accuracies(session, campaign_id, accuracies)
