"""A delivered task."""

from __future__ import annotations

import pytest

from tests.services.answers.task_actions import ADA, BOB
from tests.services.conftest import Scenario, pair


@pytest.fixture
def assignment_id(scenario: Scenario) -> int:
    """Return Ada's delivered assignment; the campaign has an overlap of 1, and Bob is a member."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    assignment = scenario.assign_next(ADA)
    assert assignment is not None
    return assignment
