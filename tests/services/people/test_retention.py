"""Tests of the retention of a campaign: who is erased, and when."""

from __future__ import annotations

import pytest

from bot.services.actors import roles
from bot.services.campaigns import campaigns
from bot.services.people import retention
from bot.services.people.retention import BadRetentionError
from storage.tables import Expert, Role
from tests.services.conftest import Scenario, pair

ADA, BOB, CORA, DAN = "U0ADA", "U0BOB", "U0CORA", "U0DAN"


def erased(scenario: Scenario) -> list[str]:
    """Run the job until nothing is left; return who is erased, by their place in the table."""
    while scenario.database.write_now(retention.erase_expired, scenario.now, (DAN,)):
        pass
    names = {1: "ada", 2: "bob", 3: "cora", 4: "dan"}
    rows = scenario.rows(Expert)
    return [names[expert.id] for expert in rows if expert.slack_id == expert.pseudonym]


def test_experts_are_erased_after_their_last_campaign(scenario: Scenario) -> None:
    scenario.create_campaign("tone", experts=[ADA, BOB, CORA, DAN])
    scenario.create_campaign("jokes", experts=[BOB])
    scenario.import_rows("tone", [pair(1)])
    scenario.answer_all(ADA, verdict="tie")
    scenario.database.write_now(roles.grant_role, CORA, Role.SENIOR, scenario.actor)
    scenario.run_for_campaign("tone", retention.change_retention, 30, scenario.actor)
    assert erased(scenario) == []  # it is open
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    scenario.advance_clock(days=29)
    assert not scenario.database.read_now(retention.has_expired, scenario.now, ())
    scenario.advance_clock(days=1)
    assert erased(scenario) == ["ada"]  # Bob is in another campaign, Cora and Dan have roles
    scenario.run_for_campaign("jokes", campaigns.close, scenario.actor)
    assert erased(scenario) == ["ada"]  # that one keeps its experts
    scenario.run_for_campaign("jokes", retention.change_retention, 0, scenario.actor)
    assert erased(scenario) == ["ada", "bob"]


@pytest.mark.parametrize("days", [-1, 36_501])
def test_retention_out_of_range_is_refused(scenario: Scenario, days: int) -> None:
    scenario.create_campaign()
    with pytest.raises(BadRetentionError):
        scenario.run_for_campaign("tone", retention.change_retention, days, scenario.actor)


def test_only_a_change_of_the_retention_is_recorded(scenario: Scenario) -> None:
    scenario.create_campaign()
    for days, changed in ((90, [(None, 90)]), (90, []), (None, [(90, None)]), (None, [])):
        before = scenario.count("audit_event")
        differences = scenario.run_for_campaign(
            "tone", retention.edit_retention, days, scenario.actor
        )
        assert [(one.before, one.after) for one in differences] == changed
        assert scenario.count("audit_event") == before + len(changed)
