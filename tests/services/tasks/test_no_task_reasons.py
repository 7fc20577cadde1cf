"""Daily quotas: an expert gets no more tasks of a campaign a day than one expert may get."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.services.experts import campaign_choice
from bot.services.reminders import manual, scheduled
from bot.services.tasks import expert_progress, manual_assignment, next_task, scheduled_delivery
from bot.services.tasks.manual_assignment import DAILY_QUOTA_REACHED, AssignmentRequest
from bot.services.tasks.next_task import TaskPage
from bot.services.tasks.no_task_reasons import NoTaskReason, Obstacle
from storage.queries import quotas
from storage.queries.experts import expert_by_slack_id
from storage.tables import Campaign, Expert
from tests.services.conftest import Scenario, pair, run_notifications
from tests.services.tasks.test_scheduled_delivery import deliver_waiting

ADA, BOB = "U0ADA", "U0BOB"
REACHED = NoTaskReason(Obstacle.DAILY_QUOTA, "Tone", 2)


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with nine items, of which one expert gets two a day at most."""
    scenario.create_campaign(title="Tone", experts=[ADA, BOB], overlap=2, max_answers_per_day=2)
    scenario.import_rows("tone", [pair(number) for number in range(1, 10)])
    scenario.sync_profiles()
    return scenario


def set_zone(scenario: Scenario, slack_id: str, zone: str) -> None:
    """Change the time zone of an expert."""

    def change(session: Session) -> None:
        expert = expert_by_slack_id(session, slack_id)
        assert expert
        expert.tz = zone
        session.add(expert)

    scenario.database.write_now(change)


def set_quota(_session: Session, campaign: Campaign, count: int) -> None:
    """Change how many answers one expert may give a day."""
    campaign.max_answers_per_day = count


def next_page(scenario: Scenario, previous: int | None = None) -> TaskPage:
    """Return what Ada sees next."""
    decision = scenario.database.write_now(
        next_task.decide_next_task, ADA, previous, scenario.now, is_requested=True
    )
    assert decision
    page = scenario.database.read_now(next_task.build_page, decision)
    assert page
    return page


def progress(scenario: Scenario) -> expert_progress.CampaignProgress:
    """Return what the Home tab shows Ada of the campaign."""

    def load(session: Session) -> expert_progress.CampaignProgress:
        (found,) = expert_progress.list_campaigns(session, 1, scenario.now)
        return found

    return scenario.database.read_now(load)


def test_expert_continues_on_the_next_day(scenario: Scenario) -> None:
    for _ in range(2):
        assert progress(scenario).waiting == 2
        assert scenario.answer_all(ADA, verdict="a") == 2
        assert progress(scenario).waiting == 0
        assert scenario.assign_next(BOB)  # the quota is that of each expert
        scenario.advance_clock(days=1)


def test_day_is_that_of_the_expert(scenario: Scenario) -> None:
    set_zone(scenario, ADA, "Pacific/Auckland")  # 13 hours ahead of UTC in March
    scenario.now = datetime(2026, 3, 2, 10, 59, tzinfo=UTC)
    assert scenario.answer_all(ADA, verdict="a") == 2
    assert scenario.assign_next(ADA) is None
    scenario.advance_clock(minutes=1)
    assert scenario.assign_next(ADA)


def test_task_held_since_yesterday_counts_today(scenario: Scenario) -> None:
    held = scenario.assign_next(ADA)
    scenario.advance_clock(days=1)
    assert scenario.assign_next(ADA) == held
    assert scenario.answer_all(ADA, verdict="a") == 2
    assert scenario.assign_next(ADA) is None


def test_edited_answer_counts_once(scenario: Scenario) -> None:
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, verdict="a")
    scenario.submit_answer(ADA, first, verdict="b")
    assert scenario.answer_all(ADA, verdict="a") == 1


def test_expert_is_told_that_tasks_continue_tomorrow(scenario: Scenario) -> None:
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, verdict="a")
    second = next_page(scenario, first).task
    assert second
    scenario.submit_answer(ADA, second.id, verdict="a")
    page = next_page(scenario, second.id)
    assert page.task is None
    assert page.receipt
    assert page.reasons == (REACHED,)
    assert str(REACHED) == (
        "You have reached today's limit of 2 in “Tone”. Tasks continue tomorrow."
    )
    assert progress(scenario).reason == REACHED
    with pytest.raises(campaign_choice.NothingWaitingError, match="today's limit of 2 in “Tone”"):
        scenario.database.write_now(campaign_choice.choose_by_name, ADA, "tone", scenario.now)


def test_no_reason_is_given_when_the_campaign_has_nothing_left(scenario: Scenario) -> None:
    scenario.run_for_campaign("tone", set_quota, 9)
    assert scenario.answer_all(ADA, verdict="a") == 9
    assert next_page(scenario).reasons == ()


def test_no_task_is_sent_until_the_next_day(scenario: Scenario) -> None:
    scenario.answer_all(ADA, verdict="a")
    scenario.answer_all(BOB, verdict="a")
    assert run_notifications(scenario, scheduled_delivery.dispatch_tasks) == 0
    deliver_waiting(scenario)
    assert run_notifications(scenario, scheduled_delivery.dispatch_tasks) == 0
    scenario.advance_clock(days=1)
    assert run_notifications(scenario, scheduled_delivery.dispatch_tasks) == 2


def test_no_reminder_is_sent_after_the_quota(scenario: Scenario) -> None:
    for _ in range(2):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
        scenario.run_for_campaign("tone", set_quota, 3)
    scenario.assign_next(ADA)
    scenario.run_for_campaign("tone", set_quota, 2)
    scenario.advance_clock(hours=5)
    assert run_notifications(scenario, scheduled.send_due_reminders) == 0
    result = scenario.run_for_campaign("tone", manual.remind_holders, scenario.actor)
    assert result.skipped == {manual.ReminderSkipReason.QUOTA: [ADA]}
    scenario.advance_clock(days=1)
    assert run_notifications(scenario, scheduled.send_due_reminders) == 1


def test_tasks_assigned_by_hand_stay_within_the_quota(scenario: Scenario) -> None:
    def assign() -> tuple[int, str]:
        result = scenario.run_for_campaign(
            "tone", manual_assignment.assign_tasks, ADA, AssignmentRequest(count=5), scenario.actor
        )
        return result.assigned_count, result.reason

    assert assign() == (2, "")
    assert assign() == (0, DAILY_QUOTA_REACHED)


def test_members_at_their_daily_quota_are_known(scenario: Scenario) -> None:
    set_zone(scenario, BOB, "Pacific/Auckland")
    scenario.answer_all(ADA, verdict="a")
    scenario.answer_all(BOB, verdict="a")
    starts = {"UTC": scenario.now.replace(hour=0), "Pacific/Auckland": scenario.now}

    def find(session: Session) -> dict[int, set[int]]:
        return quotas.members_at_daily_quota(session, starts.__getitem__)

    assert scenario.database.read_now(find) == {1: {1, 2}}
    scenario.advance_clock(minutes=1)
    starts["Pacific/Auckland"] = scenario.now
    assert scenario.database.read_now(find) == {1: {1}}
    assert {one.tz for one in scenario.rows(Expert)} == set(starts)
