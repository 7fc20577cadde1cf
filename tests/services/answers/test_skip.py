"""What a skip does beside: the campaign's policy, and all of it taken back by an undo."""

from __future__ import annotations

import pytest

from bot.services.answers import submit
from bot.services.answers.skip import ITEM_REASONS, SKIP_LABELS, SkipReason
from storage.queries import on_hold_tasks
from storage.tables import Assignment, Campaign, Task
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def held(scenario: Scenario) -> int:
    """Return Ada's assignment in a campaign where skipped items go to nobody else."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=2)
    scenario.import_rows("tone", [pair(1)])

    def decide(session: object, campaign: Campaign) -> None:
        del session
        campaign.skip_policy = "hold"

    scenario.run_for_campaign("tone", decide)
    return scenario.assign_next(ADA) or 0


def skips(scenario: Scenario, assignment: int, reason: str, who: str = ADA) -> None:
    """Let somebody skip."""
    scenario.database.write_now(submit.skip_task, assignment, reason, scenario.interaction(who))


@pytest.mark.parametrize("reason", SkipReason)
def test_what_is_wrong_with_the_item_goes_to_nobody_what_is_personal_to_others(
    scenario: Scenario, held: int, reason: SkipReason
) -> None:
    skips(scenario, held, reason)
    aside = scenario.database.read_now(on_hold_tasks.on_hold_tasks, 1)
    assert bool(aside) == (reason in ITEM_REASONS)
    assert (scenario.assign_next(BOB) is None) == bool(aside)
    assert scenario.assign_next(ADA) is None


def test_an_undo_takes_all_of_a_skip_back(scenario: Scenario, held: int) -> None:
    skips(scenario, held, "unsafe")
    scenario.database.write_now(submit.undo, held, scenario.interaction(ADA))
    (task,), (row,) = scenario.rows(Task), scenario.rows(Assignment)
    assert (task.on_hold_since, task.on_hold_reason, task.slots_taken) == (None, None, 1)
    assert (row.state, row.skip_reason) == ("delivered", None)
    assert scenario.assign_next(BOB) is not None


def test_an_undo_leaves_what_others_or_a_coordinator_set_aside(
    scenario: Scenario, held: int
) -> None:
    other = scenario.assign_next(BOB) or 0
    skips(scenario, held, "unsafe")
    skips(scenario, other, "broken", BOB)
    scenario.database.write_now(submit.undo, held, scenario.interaction(ADA))
    assert scenario.database.read_now(on_hold_tasks.on_hold_tasks, 1) != []
    scenario.database.write_now(on_hold_tasks.return_to_queue, 1)
    scenario.database.write_now(on_hold_tasks.put_on_hold, 1, "flagged: odd", scenario.now)
    scenario.database.write_now(submit.undo, other, scenario.interaction(BOB))
    (aside,) = scenario.database.read_now(on_hold_tasks.on_hold_tasks, None)
    assert aside.reason == "flagged: odd"


def test_every_reason_has_its_words() -> None:
    assert list(SKIP_LABELS) == list(SkipReason)
