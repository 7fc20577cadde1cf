"""The audit trail is read as it was written: of everything, of one campaign, page by page."""

from __future__ import annotations

from datetime import timedelta

from bot.services import answering, auditing, campaigning
from bot.services.auditing import Event
from tests.services.conftest import Workshop, pair


def told(events: list[Event]) -> list[tuple[str, str]]:
    """Return the deeds and subjects of events."""
    return [(event.deed, event.subject) for event in events]


def two_campaigns(workshop: Workshop) -> None:
    """Let things happen in two campaigns, minute by minute."""
    workshop.creates("tone", experts=["U0ADA"])
    workshop.imports("tone", [pair(1), pair(2)])
    workshop.passes(minutes=1)
    workshop.creates("other")
    workshop.passes(minutes=1)
    given = workshop.asks("U0ADA")
    assert given
    workshop.database.write_now(answering.skip, given, "unclear", workshop.click("U0ADA"))
    workshop.passes(minutes=1)
    workshop.directs("other", campaigning.pause, workshop.by)


def test_everything_is_told_the_newest_first(workshop: Workshop) -> None:
    two_campaigns(workshop)
    events = workshop.database.read_now(auditing.events)
    assert told(events) == list(reversed(workshop.deeds()))
    assert (events[0].deed, events[0].actor, events[0].through) == ("paused", "ada", "command line")


def test_of_one_campaign_only_its_own_and_its_tasks_are_told(workshop: Workshop) -> None:
    two_campaigns(workshop)
    of_tone = told(workshop.directs("tone", auditing.events))
    assert of_tone == [
        ("skipped", "assignment 1"),
        ("imported", "campaign tone"),
        ("added an expert", "campaign tone"),
        ("created", "campaign tone"),
    ]
    assert told(workshop.directs("other", auditing.events)) == [
        ("paused", "campaign other"),
        ("created", "campaign other"),
    ]


def test_pages_follow_each_other_without_a_gap(workshop: Workshop) -> None:
    two_campaigns(workshop)
    whole = workshop.database.read_now(auditing.events)
    first = workshop.database.read_now(lambda session: auditing.events(session, most=2))
    rest = workshop.database.read_now(
        lambda session: auditing.events(session, before=first[-1].id, most=100)
    )
    assert first + rest == whole


def test_since_leaves_out_what_was_before(workshop: Workshop) -> None:
    two_campaigns(workshop)
    since = workshop.now - timedelta(minutes=1)
    newer = workshop.database.read_now(lambda session: auditing.events(session, since=since))
    assert told(newer) == [("paused", "campaign other"), ("skipped", "assignment 1")]


def test_the_last_of_some_deeds_is_found(workshop: Workshop) -> None:
    two_campaigns(workshop)
    event = workshop.directs("other", auditing.last_of, "paused", "created")
    assert event is not None
    assert event.deed == "paused"
    assert workshop.directs("other", auditing.last_of, "closed") is None
