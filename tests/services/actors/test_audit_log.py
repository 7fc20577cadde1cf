"""Reading the audit log: of everything, of one campaign, and page by page."""

from __future__ import annotations

from datetime import timedelta

from bot.services.actors import audit_log
from bot.services.actors.audit_log import AuditEntry
from bot.services.answers import submit
from bot.services.campaigns import campaigns
from tests.services.conftest import Scenario, pair


def actions_and_subjects(entries: list[AuditEntry]) -> list[tuple[str, str]]:
    """Return the actions and subjects of audit log entries."""
    return [(entry.action, entry.subject) for entry in entries]


def create_history(scenario: Scenario) -> None:
    """Perform audited actions in two campaigns, a minute apart."""
    scenario.create_campaign("tone", experts=["U0ADA"])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.advance_clock(minutes=1)
    scenario.create_campaign("other")
    scenario.advance_clock(minutes=1)
    assignment = scenario.assign_next("U0ADA")
    assert assignment
    interaction = scenario.interaction("U0ADA")
    scenario.database.write_now(submit.skip_task, assignment, "unclear", interaction)
    scenario.advance_clock(minutes=1)
    scenario.run_for_campaign("other", campaigns.pause, scenario.actor)


def test_entries_come_newest_first(scenario: Scenario) -> None:
    create_history(scenario)
    entries = scenario.database.read_now(audit_log.audit_entries)
    assert actions_and_subjects(entries) == list(reversed(scenario.audit_log()))
    newest = entries[0]
    assert (newest.action, newest.actor, newest.origin) == (
        "paused a campaign",
        "ada",
        "command line",
    )


def test_campaign_filter_includes_its_tasks_only(scenario: Scenario) -> None:
    create_history(scenario)
    of_tone = actions_and_subjects(scenario.run_for_campaign("tone", audit_log.audit_entries))
    assert of_tone == [
        ("skipped a task", "assignment 1"),
        ("imported a file", "campaign tone"),
        ("added an expert", "campaign tone"),
        ("created a campaign", "campaign tone"),
    ]
    assert actions_and_subjects(scenario.run_for_campaign("other", audit_log.audit_entries)) == [
        ("paused a campaign", "campaign other"),
        ("created a campaign", "campaign other"),
    ]


def test_pages_have_no_gaps(scenario: Scenario) -> None:
    create_history(scenario)
    all_entries = scenario.database.read_now(audit_log.audit_entries)
    first_page = scenario.database.read_now(
        lambda session: audit_log.audit_entries(session, limit=2)
    )
    second_page = scenario.database.read_now(
        lambda session: audit_log.audit_entries(session, before=first_page[-1].id, limit=100)
    )
    assert first_page + second_page == all_entries


def test_since_excludes_earlier_entries(scenario: Scenario) -> None:
    create_history(scenario)
    since = scenario.now - timedelta(minutes=1)
    newer = scenario.database.read_now(
        lambda session: audit_log.audit_entries(session, since=since)
    )
    assert actions_and_subjects(newer) == [
        ("paused a campaign", "campaign other"),
        ("skipped a task", "assignment 1"),
    ]


def test_latest_entry_of_given_actions_is_found(scenario: Scenario) -> None:
    create_history(scenario)
    actions = ("paused a campaign", "created a campaign")
    entry = scenario.run_for_campaign("other", audit_log.latest_entry, *actions)
    assert entry is not None
    assert entry.action == "paused a campaign"
    assert scenario.run_for_campaign("other", audit_log.latest_entry, "closed a campaign") is None
