"""The audit trail is read as it was written: of everything, of one campaign, page by page."""

from __future__ import annotations

from datetime import timedelta

from bot.services.actors import audit_log
from bot.services.actors.audit_log import AuditEntry
from bot.services.answers import submit
from bot.services.campaigns import campaigns
from tests.services.conftest import Scenario, pair


def told(events: list[AuditEntry]) -> list[tuple[str, str]]:
    """Return the deeds and subjects of events."""
    return [(event.action, event.subject) for event in events]


def two_campaigns(workshop: Scenario) -> None:
    """Let things happen in two campaigns, minute by minute."""
    workshop.create_campaign("tone", experts=["U0ADA"])
    workshop.import_rows("tone", [pair(1), pair(2)])
    workshop.advance_clock(minutes=1)
    workshop.create_campaign("other")
    workshop.advance_clock(minutes=1)
    given = workshop.assign_next("U0ADA")
    assert given
    workshop.database.write_now(submit.skip_task, given, "unclear", workshop.interaction("U0ADA"))
    workshop.advance_clock(minutes=1)
    workshop.run_for_campaign("other", campaigns.pause, workshop.by)


def test_everything_is_told_the_newest_first(workshop: Scenario) -> None:
    two_campaigns(workshop)
    events = workshop.database.read_now(audit_log.audit_entries)
    assert told(events) == list(reversed(workshop.audit_log()))
    assert (events[0].action, events[0].actor, events[0].origin) == (
        "paused",
        "ada",
        "command line",
    )


def test_of_one_campaign_only_its_own_and_its_tasks_are_told(workshop: Scenario) -> None:
    two_campaigns(workshop)
    of_tone = told(workshop.run_for_campaign("tone", audit_log.audit_entries))
    assert of_tone == [
        ("skipped", "assignment 1"),
        ("imported", "campaign tone"),
        ("added an expert", "campaign tone"),
        ("created", "campaign tone"),
    ]
    assert told(workshop.run_for_campaign("other", audit_log.audit_entries)) == [
        ("paused", "campaign other"),
        ("created", "campaign other"),
    ]


def test_pages_follow_each_other_without_a_gap(workshop: Scenario) -> None:
    two_campaigns(workshop)
    whole = workshop.database.read_now(audit_log.audit_entries)
    first = workshop.database.read_now(lambda session: audit_log.audit_entries(session, limit=2))
    rest = workshop.database.read_now(
        lambda session: audit_log.audit_entries(session, before=first[-1].id, limit=100)
    )
    assert first + rest == whole


def test_since_leaves_out_what_was_before(workshop: Scenario) -> None:
    two_campaigns(workshop)
    since = workshop.now - timedelta(minutes=1)
    newer = workshop.database.read_now(
        lambda session: audit_log.audit_entries(session, since=since)
    )
    assert told(newer) == [("paused", "campaign other"), ("skipped", "assignment 1")]


def test_the_last_of_some_deeds_is_found(workshop: Scenario) -> None:
    two_campaigns(workshop)
    event = workshop.run_for_campaign("other", audit_log.latest_entry, "paused", "created")
    assert event is not None
    assert event.action == "paused"
    assert workshop.run_for_campaign("other", audit_log.latest_entry, "closed") is None
