"""Two coordinators act at the same time: one succeeds, the other is told, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns, lifecycle
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.exports.export_request import ExportRequest, request_export
from bot.services.reviews import decisions
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import AssignmentRequest
from storage.tables import Campaign, CampaignState, Decision, ExportRun
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts
from tests.services.reviews.test_review_queue import EXPERTS, answer_by_text

COORDINATORS = ("U0CORA", "U0BOSS")


def run_concurrently(scenario: Scenario, action: Callable[[Session, Actor], Any]) -> list[Any]:
    """Run an action for both coordinators at once; return both results or error messages."""
    ready = Barrier(2, timeout=20)

    def run(slack_id: str) -> object:
        ready.wait()
        try:
            return scenario.database.write_now(action, Actor(slack_id, SLACK, scenario.now))
        except BotError as error:
            return str(error)

    with ThreadPoolExecutor(2) as executor:
        return list(executor.map(run, COORDINATORS))


def error_of(results: list[Any]) -> str:
    """Return the error message of the coordinator who came second."""
    (message,) = (text for text in results if isinstance(text, str) and text.endswith("."))
    return str(message)


def test_campaign_is_paused_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    results = run_concurrently(
        scenario,
        lambda session, actor: lifecycle.change_state_by_name(
            session, "tone", CampaignState.PAUSED, actor
        ),
    )
    first, second = sorted(results, key=lambda change: change.is_unchanged)
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert second.actor_name == first.actor_name
    assert [action for action, _subject in scenario.audit_log()] == [
        "created a campaign",
        "paused a campaign",
    ]


def test_close_wins_over_concurrent_pause(scenario: Scenario) -> None:
    scenario.create_campaign()

    def change_state(session: Session, actor: Actor) -> CampaignState:
        is_first = actor.name == COORDINATORS[0]
        state = CampaignState.CLOSED if is_first else CampaignState.PAUSED
        return lifecycle.change_state_by_name(session, "tone", state, actor).state

    results = run_concurrently(scenario, change_state)
    assert results[0] == CampaignState.CLOSED
    assert results[1] == CampaignState.PAUSED or "is closed" in results[1]
    assert scenario.rows(Campaign)[0].state == CampaignState.CLOSED


def test_export_is_requested_once(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    scenario.answer_all("U01", verdict="tie")

    def export(session: Session, actor: Actor) -> str:
        campaign = campaign_by_name(session, "tone", lock=True)
        return request_export(session, campaign, ExportRequest("", scenario.folder), actor)

    assert "is already being exported" in error_of(run_concurrently(scenario, export))
    assert len(scenario.rows(ExportRun)) == 1


def test_task_is_decided_once(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    answer_by_text(scenario, "a", "a", "b")

    def decide(session: Session, actor: Actor) -> None:
        verdict = "tie" if actor.name == COORDINATORS[0] else "a"
        decisions.override_answer(session, 1, {"verdict": verdict}, "", actor)

    message = error_of(run_concurrently(scenario, decide))
    assert message.startswith("This task was already decided by another reviewer")
    assert len(scenario.rows(Decision)) == 1


def test_campaign_name_is_taken_once(scenario: Scenario) -> None:
    new_campaign = NewCampaign("tone", "comparison")

    def create(session: Session, actor: Actor) -> str:
        return campaigns.create_campaign(session, new_campaign, actor).name

    assert "choose another name" in error_of(run_concurrently(scenario, create))
    assert len(scenario.rows(Campaign)) == 1


def test_task_is_assigned_to_same_expert_once(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=2)
    scenario.import_rows("tone", [pair(number) for number in range(1, 9)])

    def assigned_counts(item_key: str) -> list[int]:
        def assign(session: Session, actor: Actor) -> int:
            campaign = campaign_by_name(session, "tone")
            return manual_assignment.assign_tasks(
                session, campaign, "U01", AssignmentRequest(item_key), actor
            ).assigned_count

        return sorted(run_concurrently(scenario, assign))

    assert [assigned_counts(f"pair-{number}") for number in range(1, 9)] == [[0, 1]] * 8
    check_counts(scenario)
