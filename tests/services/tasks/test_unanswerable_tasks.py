"""Tasks that every expert skipped or answered: on hold, until somebody joins."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.services.answers import submit
from bot.services.campaigns import campaigns
from bot.services.reports import overview
from bot.services.reviews import decisions, review_queue
from bot.services.tasks import unanswerable_tasks
from storage.queries import memberships, on_hold_tasks
from storage.queries.experts import expert_by_slack_id
from storage.queries.on_hold_tasks import HOLD_REASON_NO_EXPERT
from storage.tables import Task
from tests.services.conftest import Scenario, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


@pytest.fixture
def tone(scenario: Scenario) -> Scenario:
    """Return a scenario with one item that needs two answers, and two experts."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=2)
    scenario.import_rows("tone", [pair(1)])
    return scenario


def skip(scenario: Scenario, person: str, reason: str = "unclear") -> int:
    """Let an expert skip their next task; return the assignment."""
    assignment_id = scenario.assign_next(person)
    assert assignment_id
    interaction = scenario.interaction(person)
    scenario.database.write_now(submit.skip_task, assignment_id, reason, interaction)
    return assignment_id


def hold(scenario: Scenario) -> int:
    """Put the tasks on hold that no expert is left for."""
    return scenario.database.write_now(unanswerable_tasks.hold_unanswerable, scenario.now)


@pytest.mark.parametrize("reason", ["unclear", "not_my_field", "conflict"])
def test_task_that_both_experts_skipped_is_on_hold(tone: Scenario, reason: str) -> None:
    skip(tone, ADA, reason)
    assert hold(tone) == 0
    skip(tone, BOB, reason)
    assert hold(tone) == 1
    (task,) = tone.rows(Task)
    assert task.on_hold_reason == HOLD_REASON_NO_EXPERT
    assert hold(tone) == 0


def test_status_and_review_show_it(tone: Scenario) -> None:
    skip(tone, ADA)
    skip(tone, BOB)
    hold(tone)
    (campaign,) = tone.database.read_now(overview.list_overviews, tone.now)
    (warning,) = [note for note in campaign.warnings if note.category == "unanswerable"]
    assert warning.text == (
        "1 task was skipped or answered by all experts who may have it: invite more, or decide in "
        "review"
    )
    assert [remedy.action for remedy in warning.remedies] == ["invite", "review"]
    assert "needs_attention" not in [note.category for note in campaign.warnings]
    case = tone.database.read_now(review_queue.next_case, 1, "U0LEAD")
    assert case
    assert case.reason == "on_hold"


def test_task_that_one_skipped_and_the_other_answered_is_on_hold(tone: Scenario) -> None:
    skip(tone, ADA)
    assignment_id = tone.assign_next(BOB) or 0
    assert hold(tone) == 0
    tone.submit_answer(BOB, assignment_id, verdict="a")
    assert hold(tone) == 1


def test_task_is_not_on_hold_while_a_third_expert_can_answer(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB, EVE], overlap=2)
    scenario.import_rows("tone", [pair(1)])
    skip(scenario, ADA)
    skip(scenario, BOB)
    assert hold(scenario) == 0
    scenario.database.write_now(memberships.remove_member, 1, EVE, scenario.now)
    assert hold(scenario) == 1


def test_expert_whom_the_item_does_not_suit_does_not_count(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB, EVE], overlap=2, domains=["birds"])
    scenario.import_rows("tone", [pair(1)])
    scenario.database.write_now(set_domains, EVE, ["law"])
    skip(scenario, ADA)
    skip(scenario, BOB)
    assert hold(scenario) == 1


def set_domains(session: Session, slack_id: str, domains: list[str]) -> None:
    """Set the domains of an expert."""
    expert = expert_by_slack_id(session, slack_id)
    assert expert
    expert.domains = domains
    session.add(expert)


def test_new_expert_gets_the_task(tone: Scenario) -> None:
    skip(tone, ADA)
    skip(tone, BOB)
    hold(tone)
    tone.run_for_campaign("tone", campaigns.add_experts, [EVE], tone.actor)
    assert tone.assign_next(EVE)
    assert hold(tone) == 0


def test_new_expert_gets_no_task_that_is_on_hold_for_another_reason(tone: Scenario) -> None:
    tone.database.write_now(on_hold_tasks.put_on_hold, 1, "flagged: odd", tone.now)
    tone.run_for_campaign("tone", campaigns.add_experts, [EVE], tone.actor)
    assert tone.assign_next(EVE) is None


def test_undone_skip_returns_the_task_to_the_queue(tone: Scenario) -> None:
    skip(tone, ADA)
    assignment_id = skip(tone, BOB)
    hold(tone)
    tone.database.write_now(submit.undo, assignment_id, tone.interaction(BOB))
    (task,) = tone.rows(Task)
    assert task.on_hold_reason is None
    assert hold(tone) == 0


def test_decided_task_stays_decided(tone: Scenario) -> None:
    skip(tone, ADA)
    tone.submit_answer(BOB, tone.assign_next(BOB) or 0, verdict="a")
    hold(tone)
    tone.database.write_now(decisions.keep_as_is, 1, tone.actor)
    assert hold(tone) == 0


def test_paused_campaign_puts_nothing_on_hold(tone: Scenario) -> None:
    skip(tone, ADA)
    skip(tone, BOB)
    tone.run_for_campaign("tone", campaigns.pause, tone.actor)
    assert hold(tone) == 0


def test_gold_task_is_never_on_hold(tone: Scenario) -> None:
    skip(tone, ADA)
    skip(tone, BOB)
    tone.database.write_now(mark_gold)
    assert hold(tone) == 0


def mark_gold(session: Session) -> None:
    """Make the first task a gold task."""
    task = session.get_one(Task, 1)
    task.is_gold = True
    session.add(task)


def test_withdrawn_decision_puts_the_task_on_hold_again(tone: Scenario) -> None:
    skip(tone, ADA)
    tone.submit_answer(BOB, tone.assign_next(BOB) or 0, verdict="a")
    hold(tone)
    tone.database.write_now(decisions.keep_as_is, 1, tone.actor)
    tone.database.write_now(decisions.undo_decision, 1, tone.actor)
    assert hold(tone) == 1
