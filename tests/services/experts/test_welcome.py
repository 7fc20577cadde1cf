"""What experts learn about a campaign before its first task."""

from __future__ import annotations

from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.invitations import Invitation
from bot.services.experts import welcome
from bot.services.experts.welcome import Welcome
from tests.services.conftest import Scenario, pair

ADA, BOB, COORDINATOR = "U0ADA", "U0BOB", "U0COORDINATOR"


def coordinator(scenario: Scenario) -> Actor:
    """Return a coordinator in Slack."""
    return Actor(COORDINATOR, SLACK, scenario.now)


def welcome_before_next(scenario: Scenario, slack_id: str = ADA) -> Welcome | None:
    """Assign and deliver the next task; return the welcome before it."""
    assignment_id = scenario.assign_next(slack_id)
    assert assignment_id is not None
    return scenario.database.read_now(welcome.welcome_before, assignment_id, scenario.now)


def test_only_the_first_task_of_each_campaign_has_a_welcome(scenario: Scenario) -> None:
    for name in ("tone", "jokes"):
        scenario.create_campaign(name, experts=[ADA], overlap=1)
        scenario.import_rows(name, [pair(1), pair(2)])
    titles = []
    for _ in range(4):
        found = welcome_before_next(scenario)
        titles.append(found and found.campaign)
        scenario.submit_answer(ADA, len(titles), verdict="a")
    assert titles == ["tone", None, "jokes", None]


def test_campaign_can_do_without(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], sends_welcome=False)
    scenario.import_rows("tone", [pair(1)])
    assert welcome_before_next(scenario) is None


def test_welcome_names_who_invited_and_how_long_others_needed(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=2, guidelines="Be fair.")
    scenario.import_rows("tone", [pair(number) for number in range(1, 6)])
    for _ in range(3):
        assignment_id = scenario.assign_next(ADA)
        assert assignment_id is not None
        scenario.advance_clock(seconds=30)
        scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.database.write_now(
        invitations.invite, Invitation([BOB], "tone"), coordinator(scenario)
    )
    found = welcome_before_next(scenario, BOB)
    assert found is not None
    assert (found.seconds, found.waiting, found.has_guidelines) == (30, 5, True)
    assert found.invited_by == COORDINATOR


def test_expert_who_returns_was_invited_by_the_last(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    scenario.run_for_campaign("tone", invitations.remove_expert, ADA, scenario.actor)
    scenario.run_for_campaign("tone", campaigns.add_experts, [ADA], coordinator(scenario))
    found = welcome_before_next(scenario)
    assert found is not None
    assert found.invited_by == COORDINATOR
