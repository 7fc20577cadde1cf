"""Quality alerts: once per expert and pattern; pausing is an option and can be undone."""

from __future__ import annotations

import pytest

from bot.services.reports import agreement
from bot.services.reviews import quality_alerts
from bot.services.reviews.quality_alerts import AlreadyPausedError, NotPausedError
from storage.tables import Assignment, Membership, OutboxMessage, QualityAlert
from tests.services.conftest import Scenario, pair

ADA, BOB, COORDINATOR = "U0ADA", "U0BOB", "U0COOR"


def always_left(scenario: Scenario, *, pauses: bool = False) -> None:
    """Let Ada prefer the response on the left in 14 of 15 comparisons, and compute the figures."""
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], pause_on_quality_failure=pauses)
    scenario.import_rows("tone", [pair(number) for number in range(15)])
    for _ in range(14):
        assignment_id = scenario.assign_next(ADA) or 0
        scenario.advance_clock(seconds=20)
        scenario.submit_answer(ADA, assignment_id, verdict="a")
    assert scenario.assign_next(ADA)
    figures = scenario.database.read_now(agreement.compute_figures, 1)
    scenario.database.write_now(agreement.store_figures, 1, figures, scenario.now)


def raise_alerts(scenario: Scenario) -> int:
    """Notify the coordinator of new failures; return how many."""
    return scenario.database.write_now(quality_alerts.raise_alerts, 1, [COORDINATOR], scenario.now)


def queued(scenario: Scenario, *types: str) -> list[tuple[str, str]]:
    """Return the recipients and types of queued messages of these types."""
    rows = scenario.rows(OutboxMessage)
    return [(row.recipient, row.message_type) for row in rows if row.message_type in types]


def test_coordinator_is_notified_of_a_failure_once(scenario: Scenario) -> None:
    always_left(scenario)
    assert scenario.database.read_now(quality_alerts.has_new_alerts, 1)
    assert (raise_alerts(scenario), raise_alerts(scenario)) == (1, 0)
    assert not scenario.database.read_now(quality_alerts.has_new_alerts, 1)
    assert queued(scenario, "quality_alert", "text") == [(COORDINATOR, "quality_alert")]
    (alert,) = scenario.rows(QualityAlert)
    assert (alert.pattern, alert.text) == ("position", "chose response A in 14 of 14 comparisons")
    assert all(row.left_at is None for row in scenario.rows(Membership))


def test_campaign_that_pauses_tells_the_expert_and_takes_open_tasks(scenario: Scenario) -> None:
    always_left(scenario, pauses=True)
    raise_alerts(scenario)
    assert (ADA, "text") in queued(scenario, "text")
    assert [row.state for row in scenario.rows(Assignment)] == ["answered"] * 14 + ["released"]
    assert scenario.assign_next(ADA) is None
    assert scenario.assign_next(BOB) is not None
    assert ("paused an expert", "campaign tone") in scenario.audit_log()


def test_paused_expert_can_be_resumed_once(scenario: Scenario) -> None:
    always_left(scenario, pauses=True)
    raise_alerts(scenario)
    scenario.advance_clock(hours=1)
    row = scenario.database.write_now(quality_alerts.resume_expert, 1, scenario.actor)
    assert not row.is_paused
    assert scenario.assign_next(ADA) is not None
    with pytest.raises(NotPausedError):
        scenario.database.write_now(quality_alerts.resume_expert, 1, scenario.actor)
    assert raise_alerts(scenario) == 0


def test_coordinator_can_pause_without_the_option(scenario: Scenario) -> None:
    always_left(scenario)
    raise_alerts(scenario)
    assert scenario.database.write_now(quality_alerts.pause_expert, 1, scenario.actor).is_paused
    assert scenario.assign_next(ADA) is None
    with pytest.raises(AlreadyPausedError):
        scenario.database.write_now(quality_alerts.pause_expert, 1, scenario.actor)
