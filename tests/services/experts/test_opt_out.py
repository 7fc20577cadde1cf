"""Opt-out, and confirming to stay, each with one click."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.services.experts import opt_out
from bot.services.experts.time_off import NotAnExpertError
from storage.tables import Assignment, Expert, Membership
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts
from tests.services.tasks.test_scheduled_delivery import (
    ADA,
    BOB,
    deliver_waiting,
    dispatch,
    messages_of_type,
    open_campaign,
)

COORDINATOR = "U0BOSS"


def opt_out_ada(scenario: Scenario) -> list[str]:
    """Opt Ada out and deliver the messages; return the titles of the campaigns she left."""
    interaction = scenario.interaction(ADA)
    titles = scenario.database.write_now(opt_out.opt_out, interaction, (COORDINATOR,))
    deliver_waiting(scenario)
    return titles


def test_confirming_to_stay_shows_next_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.database.write_now(opt_out.keep_participating, scenario.interaction(ADA))
    assert messages_of_type(scenario, "task_page")[0].recipient == ADA
    assert ("confirmed participation", "expert U0ADA") in scenario.audit_log()


def test_opt_out_ends_tasks_and_notifies_coordinators(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=3, title="Tone")
    scenario.create_campaign("jokes", title="Jokes", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [pair(1)])
    scenario.assign_next(ADA)
    assert opt_out_ada(scenario) == ["Tone", "Jokes"]
    assert scenario.rows(Assignment)[0].state == "released"
    (released,) = messages_of_type(scenario, "released")
    assert released.payload == {"assignment_id": 1, "is_opt_out": True}
    (notification,) = messages_of_type(scenario, "text")
    assert notification.recipient == COORDINATOR
    assert notification.payload["text"] == (
        "An expert left “Tone” and “Jokes”. Their open tasks go to other experts."
    )
    assert scenario.assign_next(ADA) is None
    assert dispatch(scenario) == 1
    assert messages_of_type(scenario, "new_task")[-1].recipient == BOB
    assert not scenario.rows(Expert)[0].welcome_back_due
    check_counts(scenario)


def test_opt_out_keeps_answers(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    opt_out_ada(scenario)
    assert scenario.rows(Assignment)[0].state == "answered"


def test_expert_who_opted_out_can_be_added_again(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    opt_out_ada(scenario)
    joined = scenario.run_for_campaign("tone", campaigns.add_experts, [ADA], scenario.actor)
    assert joined.added == (ADA,)
    assert scenario.rows(Membership)[0].left_at is None
    assert scenario.assign_next(ADA) is not None


def test_second_opt_out_sends_no_message(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    opt_out_ada(scenario)
    assert opt_out_ada(scenario) == []
    assert len(messages_of_type(scenario, "text")) == 1


def test_non_expert_cannot_opt_out(scenario: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        opt_out_ada(scenario)


@pytest.mark.parametrize(
    ("titles", "text"),
    [([], "no campaign"), (["A"], "“A”"), (["A", "B", "C"], "“A”, “B” and “C”")],
)
def test_titles_are_quoted_and_joined(titles: list[str], text: str) -> None:
    assert opt_out.join_quoted(titles) == text
