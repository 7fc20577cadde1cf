"""Quotas: an expert gets no more tasks of a campaign than one expert may get."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlmodel import Session

from bot.services.assignments import selection
from bot.services.assignments.quotas import describe_quota, quotas_by_expert
from bot.services.tasks import manual_assignment, scheduled_delivery
from bot.services.tasks.manual_assignment import QUOTA_REACHED, AssignmentRequest
from storage.queries import quotas
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Campaign
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with five items, of which one expert gets two at most."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=2, max_answers=2)
    scenario.import_rows("tone", [pair(number) for number in range(1, 6)])
    return scenario


def waiting(scenario: Scenario, slack_id: str) -> int:
    """Return how many tasks an expert has open or would still get."""
    return scenario.database.read_now(_count_waiting, slack_id, scenario.now)


def _count_waiting(session: Session, slack_id: str, now: datetime) -> int:
    expert = expert_by_slack_id(session, slack_id)
    assert expert
    search = selection.build_search(session, id_of(expert), now)
    return selection.count_waiting(session, search, 100)


def test_expert_gets_no_more_tasks_than_the_quota(scenario: Scenario) -> None:
    assert waiting(scenario, ADA) == 2
    assert scenario.answer_all(ADA, verdict="a") == 2
    assert scenario.assign_next(ADA) is None
    assert (waiting(scenario, ADA), waiting(scenario, BOB)) == (0, 2)
    assert scenario.database.read_now(quotas.members_at_quota) == {1: {1}}


def test_open_task_counts_and_a_lower_quota_takes_none_back(scenario: Scenario) -> None:
    assigned = scenario.assign_next(ADA)
    assert assigned
    scenario.run_for_campaign("tone", _set_quota, 1)
    assert waiting(scenario, ADA) == 1
    scenario.submit_answer(ADA, assigned, verdict="a")
    assert scenario.assign_next(ADA) is None


def test_quota_of_another_campaign_does_not_count(scenario: Scenario) -> None:
    scenario.answer_all(ADA, verdict="a")
    scenario.create_campaign("other", experts=[ADA], overlap=1)
    scenario.import_rows("other", [pair(number) for number in range(1, 4)])
    assert waiting(scenario, ADA) == 3


def test_expired_task_does_not_return_beyond_the_quota(scenario: Scenario) -> None:
    assert scenario.assign_next(ADA)
    scenario.advance_clock(days=5)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.answer_all(ADA, verdict="a") == 2
    assert scenario.assign_next(ADA) is None


def test_tasks_assigned_by_hand_stay_within_the_quota(scenario: Scenario) -> None:
    def assign(count: int) -> tuple[int, str]:
        result = scenario.run_for_campaign(
            "tone",
            manual_assignment.assign_tasks,
            ADA,
            AssignmentRequest(count=count),
            scenario.actor,
        )
        return result.assigned_count, result.reason

    assert assign(5) == (2, "")
    assert assign(1) == (0, QUOTA_REACHED)


def _set_quota(_session: Session, campaign: Campaign, count: int) -> None:
    campaign.max_answers = count


def listed_quotas(scenario: Scenario, campaign: Campaign | None = None) -> dict[int, list[str]]:
    """Return the quotas of each expert as coordinators read them."""
    found = scenario.database.read_now(quotas_by_expert, campaign, scenario.now)
    return {expert: [describe_quota(one) for one in shown] for expert, shown in found.items()}


def test_quotas_of_every_campaign_are_listed_with_what_counts_toward_them(
    scenario: Scenario,
) -> None:
    scenario.create_campaign("daily", experts=[ADA], max_answers=30, max_answers_per_day=3)
    scenario.create_campaign("free", experts=[ADA])
    scenario.import_rows("daily", [pair(number) for number in range(1, 3)])
    scenario.answer_all(ADA, verdict="a")
    scenario.assign_next(BOB)
    tone = "tone: 2 of 2 answers"
    bob = ["tone: 1 of 2 answers"]
    assert listed_quotas(scenario) == {1: ["daily: 2 of 30 answers, 2 of 3 today", tone], 2: bob}
    scenario.advance_clock(days=1)
    assert listed_quotas(scenario) == {1: ["daily: 2 of 30 answers, 0 of 3 today", tone], 2: bob}
    only = scenario.run_for_campaign("tone", lambda _session, campaign: campaign)
    assert listed_quotas(scenario, only) == {1: [tone], 2: bob}
