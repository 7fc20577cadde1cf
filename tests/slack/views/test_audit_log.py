"""The audit trail as coordinators read it: plain words, a page at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.actors.audit_log import CLOCK, COMMAND_LINE, SLACK, AuditEntry
from bot.slack.views.audit_log import PAGE_SIZE, render_page
from tests.slack.conftest import message_yaml, objects_in, visible_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(number: int, deed: str, through: str = SLACK, **facts: object) -> AuditEntry:
    """Return an event of some minutes ago."""
    actor = {SLACK: "U1CORA", COMMAND_LINE: "ada", CLOCK: "clock"}[through]
    at = NOW - timedelta(minutes=100 - number)
    return AuditEntry(number, at, actor, deed, "campaign tone", through, facts)


def test_a_page_in_plain_words(snapshot: SnapshotAssertion) -> None:
    events = [
        event(6, "open", before="paused"),
        event(5, "invited", people=["U1ADA", "U1BO"], domains=["law"], role=None),
        event(4, "lease expired", CLOCK),
        event(3, "scheduled an export", channel="C1GENERAL", cron="0 6 * * *"),
        event(2, "created", COMMAND_LINE, kind="rating", title="x" * 500),
    ]
    message = render_page(events, 3, NOW, is_first=True)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_a_full_page_leads_to_the_one_before() -> None:
    events = [event(number, "paused") for number in range(50, 50 - PAGE_SIZE - 1, -1)]
    (older,) = (
        found
        for found in objects_in(render_page(events, 3, NOW, is_first=True).blocks)
        if "value" in found
    )
    assert older["value"] == f"3::{50 - PAGE_SIZE + 1}"
    last = render_page(events[1:], 3, NOW, is_first=True)
    assert not any("value" in one for one in objects_in(last.blocks))


def test_an_empty_page_says_so() -> None:
    assert (
        visible_text(render_page([], 0, NOW, is_first=True).blocks) == "Nothing has happened yet."
    )
    assert visible_text(render_page([], 0, NOW, is_first=False).blocks) == "That was all."


def test_what_somebody_wrote_stays_plain() -> None:
    message = render_page(
        [event(1, "said", words="<!channel> U1ADA", who="U1ADA")], 0, NOW, is_first=True
    )
    kinds = [found["type"] for found in objects_in(message.blocks) if found.get("type") == "user"]
    assert len(kinds) == 2  # who did it, and whom it names
