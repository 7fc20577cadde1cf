"""Actions of Ada and a coordinator on one task, for tests of answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.assignments import assign, selection
from bot.services.campaigns import campaigns
from bot.services.tasks import scheduled_delivery
from storage.queries.assignments import HeldTask
from storage.tables import Annotation, Expert
from tests.services.conftest import Scenario

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def assign_next(session: Session, expert: int, now: datetime) -> HeldTask | None:
    """Assign an expert the next task without delivering it."""
    return assign.next_assignment(
        session, selection.build_search(session, expert, now, locked=True), now
    )


def requeue(scenario: Scenario) -> None:
    """Reassign the expired task to Ada without delivering it."""
    expire(scenario)
    ada = scenario.rows(Expert)[0]
    scenario.database.write_now(assign_next, ada.id, scenario.now)


def keep_delivered(_scenario: Scenario) -> None:
    """Leave the task delivered."""


def answer_a(scenario: Scenario) -> None:
    """Answer as Ada that A is better."""
    scenario.submit_answer(ADA, 1, verdict="a")


def skip(scenario: Scenario) -> None:
    """Skip as Ada."""
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))


def expire(scenario: Scenario) -> None:
    """Expire the lease."""
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)


def expire_and_reassign(scenario: Scenario) -> None:
    """Expire the lease, and assign the task to Bob."""
    expire(scenario)
    assert scenario.assign_next(BOB) is not None


def skip_and_reassign(scenario: Scenario) -> None:
    """Skip as Ada, and assign the task to Bob."""
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))
    assert scenario.assign_next(BOB) is not None


def close(scenario: Scenario) -> None:
    """Close the campaign while the task is open."""
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)


def answer_and_close(scenario: Scenario) -> None:
    """Close the campaign after the task was answered."""
    answer_a(scenario)
    close(scenario)


def pause(scenario: Scenario) -> None:
    """Pause the campaign."""
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)


Action = Callable[[Session, int, Interaction], object]


def answer_b(session: Session, assignment: int, interaction: Interaction) -> object:
    """Submit the answer that B is better."""
    return submit.submit_answer(session, assignment, {"verdict": "b"}, interaction)


def skip_as_broken(session: Session, assignment: int, interaction: Interaction) -> None:
    """Skip the task as broken."""
    submit.skip_task(session, assignment, "broken", interaction)


def versions(scenario: Scenario) -> list[tuple[int, object, bool]]:
    """Return every version of Ada's annotation."""
    return [(row.version, row.value, row.complete) for row in scenario.rows(Annotation)]
