"""Agreement job: recompute figures, accuracies and priorities of the next due campaign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from sqlmodel import Session

from bot.clock import Clock
from bot.quality.ranking.contests import ContestTally
from bot.quality.ranking.leaderboard import build_leaderboard
from bot.services.assignments import pair_priorities
from bot.services.reports import agreement, expert_accuracy
from bot.services.reports.agreement_counter import AgreementCounter
from bot.services.reports.agreement_figures import AgreementFigures
from bot.services.reports.answer_labels import repeated_labels
from bot.services.reports.answer_stream import stream_tasks
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.model_ranks import ModelRank, ranks_models
from bot.services.reports.task_answers import in_batches
from storage.database import Database
from storage.tables import Campaign


def recompute_due(database: Database, clock: Clock) -> None:
    """Recompute and store the figures of the campaign with the oldest ones, if any is due."""
    now = clock.now()
    campaign_id = database.read_now(agreement.next_due_campaign, now)
    if campaign_id is not None:
        figures = database.read_now(compute_all_figures, campaign_id)
        accuracies = database.read_now(expert_accuracy.estimate_campaign, campaign_id)
        database.write_now(agreement.store_figures, campaign_id, figures, now)
        database.write_now(expert_accuracy.store_campaign, campaign_id, accuracies)
        plan = database.read_now(pair_priorities.plan_campaign, campaign_id)
        if plan:
            database.write_now(pair_priorities.store_plan, campaign_id, plan)


def compute_all_figures(session: Session, campaign_id: int) -> AgreementFigures:
    """Compute the figures of a campaign, with its models if there are enough answers."""
    if not ranks_models(session, campaign_id):
        return agreement.compute_figures(session, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    counter = AgreementCounter.start(campaign)
    counter.repeats = repeated_labels(session, campaign)
    models = ModelCounter(has_styles=False)
    labels = counter.labels
    with closing(stream_tasks(session, campaign_id, labels, has_texts=False)) as tasks:
        for batch in in_batches(tasks):
            counter.add([task for task, _ in batch])
            for task, candidates in batch:
                models.add_task(task.labels, candidates)
    return replace(counter.to_figures(), models=tuple(_model_ranks(models.contests)))


def _model_ranks(contests: ContestTally) -> Iterator[ModelRank]:
    for model in build_leaderboard(contests):
        if model.group is not None and model.strength is not None:
            yield ModelRank(
                group=model.group,
                strength=model.strength,
                low=model.low,
                high=model.high,
                rank_low=model.rank_low,
                rank_high=model.rank_high,
            )
