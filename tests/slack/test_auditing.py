"""The audit trail as coordinators read it: plain words, a page at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.auditing import CLOCK, COMMAND_LINE, SLACK, Event
from bot.slack.auditing import PAGE, page
from tests.slack.conftest import as_sent, objects_in, told

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(number: int, deed: str, through: str = SLACK, **facts: object) -> Event:
    """Return an event of some minutes ago."""
    actor = {SLACK: "U1CORA", COMMAND_LINE: "ada", CLOCK: "clock"}[through]
    at = NOW - timedelta(minutes=100 - number)
    return Event(number, at, actor, deed, "campaign tone", through, facts)


def test_a_page_in_plain_words(snapshot: SnapshotAssertion) -> None:
    events = [
        event(6, "open", before="paused"),
        event(5, "invited", people=["U1ADA", "U1BO"], domains=["law"], role=None),
        event(4, "expired", CLOCK),
        event(3, "scheduled an export", channel="C1GENERAL", cron="0 6 * * *"),
        event(2, "created", COMMAND_LINE, kind="rating", title="x" * 500),
    ]
    drawn = page(events, 3, NOW, is_first=True)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_a_full_page_leads_to_the_one_before() -> None:
    events = [event(number, "paused") for number in range(50, 50 - PAGE - 1, -1)]
    (older,) = (
        found
        for found in objects_in(page(events, 3, NOW, is_first=True).blocks)
        if "value" in found
    )
    assert older["value"] == f"3::{50 - PAGE + 1}"
    last = page(events[1:], 3, NOW, is_first=True)
    assert not any("value" in one for one in objects_in(last.blocks))


def test_an_empty_page_says_so() -> None:
    assert told(page([], 0, NOW, is_first=True).blocks) == "Nothing has happened yet."
    assert told(page([], 0, NOW, is_first=False).blocks) == "That was all."


def test_what_somebody_wrote_stays_plain() -> None:
    drawn = page([event(1, "said", words="<!channel> U1ADA", who="U1ADA")], 0, NOW, is_first=True)
    kinds = [found["type"] for found in objects_in(drawn.blocks) if found.get("type") == "user"]
    assert len(kinds) == 2  # who did it, and whom it names
