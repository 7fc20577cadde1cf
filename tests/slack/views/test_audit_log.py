"""Pages of the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.actors.audit_log import CLOCK, COMMAND_LINE, SLACK, AuditEntry
from bot.slack.views.audit_log import PAGE_SIZE, render_page
from tests.slack.conftest import message_yaml, objects_in, visible_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(number: int, action: str, origin: str = SLACK, **details: object) -> AuditEntry:
    """Return an event of some minutes ago; a higher number is newer."""
    actor = {SLACK: "U1CORA", COMMAND_LINE: "ada", CLOCK: "clock"}[origin]
    at = NOW - timedelta(minutes=100 - number)
    return AuditEntry(number, at, actor, action, "campaign tone", origin, details)


def test_page_shows_actors_details_and_times(snapshot: SnapshotAssertion) -> None:
    events = [
        event(6, "resumed a campaign", before="paused"),
        event(5, "changed the audience", domains=["law", "medicine"], language=None),
        event(4, "unassigned a task after its time limit", CLOCK),
        event(3, "scheduled an export", channel="C1GENERAL", cron="0 6 * * *"),
        event(2, "created a campaign", COMMAND_LINE, kind="rating", title="x" * 500),
    ]
    message = render_page(events, 3, NOW, is_first=True)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_button_leads_to_the_older_page_if_there_is_one() -> None:
    events = [event(number, "paused a campaign") for number in range(50, 50 - PAGE_SIZE - 1, -1)]
    page = render_page(events, 3, NOW, is_first=True)
    (older_button,) = (element for element in objects_in(page.blocks) if "value" in element)
    assert older_button["value"] == f"3::{50 - PAGE_SIZE + 1}"
    last_page = render_page(events[1:], 3, NOW, is_first=True)
    assert not any("value" in element for element in objects_in(last_page.blocks))


def test_empty_page_says_so() -> None:
    assert visible_text(render_page([], 0, NOW, is_first=True).blocks) == "No events yet."
    assert visible_text(render_page([], 0, NOW, is_first=False).blocks) == "No older events."


def test_text_in_details_does_not_mention_anybody() -> None:
    message = render_page(
        [event(1, "reassigned tasks", note="<!channel> U1ADA", expert="U1ADA")],
        0,
        NOW,
        is_first=True,
    )
    mentions = [element for element in objects_in(message.blocks) if element.get("type") == "user"]
    assert len(mentions) == 2, "the actor, and the detail that is a Slack id"
