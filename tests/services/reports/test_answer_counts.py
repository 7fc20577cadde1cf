"""Counts of answers: equal ones are counted together, and give the same figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from random import Random

import pytest
from sqlmodel import Session

from bot.quality.agreement.coefficients import Coefficient
from bot.services.campaigns import campaigns
from bot.services.reports.answer_labels import AnswerLabels
from bot.services.reports.answer_stream import TaskWithCandidates, stream_tasks
from bot.services.reports.quality_counter import QualityCounter
from storage.row_id import id_of
from storage.tables import Campaign
from tests.services.conftest import Scenario
from tests.services.exports.test_templated_rows import fill_campaign


@pytest.mark.parametrize("kind", ["comparison", "ranking"])
def test_tasks_counted_together_give_the_figures_of_each_counted_alone(
    scenario: Scenario, kind: str
) -> None:
    fill_campaign(scenario, kind, Random(kind))  # noqa: S311 - gives the same campaign each time, nothing secret
    scenario.database.read_now(compare_counts)


def compare_counts(session: Session) -> None:
    """Check that one batch of all tasks and a batch for each give the same counts."""
    campaign = campaigns.campaign_by_name(session, "tone")
    together, alone = QualityCounter.start(campaign), QualityCounter.start(campaign)
    tasks = read_tasks(session, campaign, together.agreement.labels)
    assert len(tasks) > 10
    together.add(tasks)
    for task in tasks:
        alone.add([task])
    assert together.agreement.to_figures() == alone.agreement.to_figures()
    assert sorted_coefficients(together.coefficients()) == sorted_coefficients(alone.coefficients())
    assert together.items == alone.items
    assert together.models == alone.models
    assert list(together.passes.rates()) == list(alone.passes.rates())
    assert list(together.days.periods()) == list(alone.days.periods())
    rows = [
        counter.reliability.rows(counter.agreement, counter.agreement.peers.find_evidence())
        for counter in (together, alone)
    ]
    assert rows[0] == rows[1]


def read_tasks(
    session: Session, campaign: Campaign, labels: AnswerLabels
) -> Sequence[TaskWithCandidates]:
    """Return the answered tasks of a campaign."""
    with closing(stream_tasks(session, id_of(campaign), labels)) as tasks:
        return list(tasks)


def sorted_coefficients(found: Iterable[Coefficient]) -> list[Coefficient]:
    """Return coefficients in the order of their questions, names and experts."""
    return sorted(found, key=lambda one: (one.question, one.metric, one.experts))
