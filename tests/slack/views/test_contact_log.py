"""The contact log, as people and coordinators see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.outbox.contact_log import ContactEntry, ContactLog
from bot.slack.views.contact_log import PAGE_SIZE, render_contact_log
from tests.slack.conftest import message_yaml, visible_text

NEWEST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def log_of(count: int, total: int, *, has_older: bool = False) -> ContactLog:
    """Return a log of some reminders, one an hour."""
    entries = (
        ContactEntry(
            900 - number, NEWEST - timedelta(hours=number), "reminder", "Reminder", "tasks are open"
        )
        for number in range(count)
    )
    return ContactLog("U1ADA", tuple(entries), total, "Europe/Berlin", has_older)


def test_log_shows_local_times_and_reasons(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_contact_log(log_of(2, 2), is_own=False)) == snapshot


def test_page_fits_and_has_buttons_for_the_next_page_and_the_first() -> None:
    log = log_of(PAGE_SIZE, 1_204, has_older=True)
    message = render_contact_log(log, is_own=True, is_first=False)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert "1,204 messages:" in visible_text(message.blocks)
    assert f"0:U1ADA:{901 - PAGE_SIZE}" in str(message.blocks)
    assert "Show newest messages" in str(message.blocks)
    assert "Show newest messages" not in str(render_contact_log(log, is_own=True).blocks)


def test_reason_addresses_the_person_only_in_their_own_log() -> None:
    entry = ContactEntry(1, NEWEST, "chart", "Chart", "the person asked for it")
    log = ContactLog("U1ADA", (entry,), 1)
    own = visible_text(render_contact_log(log, is_own=True).blocks)
    assert "Chart, because you asked for it" in own
    others = visible_text(render_contact_log(log, is_own=False).blocks)
    assert "Chart, because the person asked for it" in others


def test_empty_log_says_so() -> None:
    message = render_contact_log(ContactLog("U1ADA"), is_own=True)
    assert visible_text(message.blocks) == "The bot has sent \nyou\n no messages lately."
