"""The effects of a skip: the campaign's policy, and undo."""

from __future__ import annotations

import pytest

from bot.services.answers import submit
from bot.services.answers.skip import ITEM_REASONS, SKIP_LABELS, SkipReason
from storage.queries import on_hold_tasks
from storage.tables import Assignment, Campaign, Membership, Task
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def assignment(scenario: Scenario) -> int:
    """Return Ada's assignment in a campaign whose skip policy is to hold."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=2)
    scenario.import_rows("tone", [pair(1)])

    def set_policy(_session: object, campaign: Campaign) -> None:
        campaign.skip_policy = "hold"

    scenario.run_for_campaign("tone", set_policy)
    return scenario.assign_next(ADA) or 0


def skip(scenario: Scenario, assignment: int, reason: str, person: str = ADA) -> None:
    """Skip a task."""
    scenario.database.write_now(submit.skip_task, assignment, reason, scenario.interaction(person))


@pytest.mark.parametrize("reason", SkipReason)
def test_only_item_reasons_put_the_task_on_hold(
    scenario: Scenario, assignment: int, reason: SkipReason
) -> None:
    skip(scenario, assignment, reason)
    on_hold = scenario.database.read_now(on_hold_tasks.on_hold_tasks, 1)
    assert bool(on_hold) == (reason in ITEM_REASONS)
    assert (scenario.assign_next(BOB) is None) == bool(on_hold)
    assert scenario.assign_next(ADA) is None


def test_undo_reverts_all_effects_of_a_skip(scenario: Scenario, assignment: int) -> None:
    skip(scenario, assignment, "unsafe")
    scenario.database.write_now(submit.undo, assignment, scenario.interaction(ADA))
    (task,), (row,) = scenario.rows(Task), scenario.rows(Assignment)
    assert (task.on_hold_since, task.on_hold_reason, task.slots_taken) == (None, None, 1)
    assert (row.state, row.skip_reason) == ("delivered", None)
    assert scenario.assign_next(BOB) is not None


def test_undo_keeps_holds_of_other_people(scenario: Scenario, assignment: int) -> None:
    other = scenario.assign_next(BOB) or 0
    skip(scenario, assignment, "unsafe")
    skip(scenario, other, "broken", BOB)
    scenario.database.write_now(submit.undo, assignment, scenario.interaction(ADA))
    assert scenario.database.read_now(on_hold_tasks.on_hold_tasks, 1) != []
    scenario.database.write_now(on_hold_tasks.return_to_queue, 1)
    scenario.database.write_now(on_hold_tasks.put_on_hold, 1, "flagged: odd", scenario.now)
    scenario.database.write_now(submit.undo, other, scenario.interaction(BOB))
    (on_hold,) = scenario.database.read_now(on_hold_tasks.on_hold_tasks, None)
    assert on_hold.reason == "flagged: odd"


def test_every_reason_has_a_label() -> None:
    assert list(SKIP_LABELS) == list(SkipReason)


def test_undo_restarts_the_scans_of_this_expert_only(scenario: Scenario, assignment: int) -> None:
    scenario.assign_next(BOB)
    positions = [row.scan_position for row in scenario.rows(Membership)]
    assert positions == [1, 1]
    skip(scenario, assignment, "not_my_field")
    scenario.database.write_now(submit.undo, assignment, scenario.interaction(ADA))
    assert [row.scan_position for row in scenario.rows(Membership)] == [0, 1]
