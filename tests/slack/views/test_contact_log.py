"""The contact log, as people and coordinators see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.outbox.contact_log import ContactEntry, ContactLog
from bot.slack.views.contact_log import MAX_SHOWN, render_contact_log
from tests.slack.conftest import message_yaml, visible_text

NEWEST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def log_of(count: int, total: int) -> ContactLog:
    """Return a log of some reminders, one an hour."""
    entries = (
        ContactEntry(NEWEST - timedelta(hours=number), "reminder", "Reminder", "tasks are open")
        for number in range(count)
    )
    return ContactLog("U1ADA", tuple(entries), total, "Europe/Berlin")


def test_log_shows_local_times_and_reasons(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_contact_log(log_of(2, 2), is_own=False)) == snapshot


def test_longest_log_says_how_many_are_hidden_and_fits() -> None:
    message = render_contact_log(log_of(MAX_SHOWN, 1_204), is_own=True)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert "1,204 messages; the newest 50 are shown" in visible_text(message.blocks)


def test_reason_addresses_the_person_only_in_their_own_log() -> None:
    entry = ContactEntry(NEWEST, "chart", "Chart", "the person asked for it")
    log = ContactLog("U1ADA", (entry,), 1)
    own = visible_text(render_contact_log(log, is_own=True).blocks)
    assert "Chart, because you asked for it" in own
    others = visible_text(render_contact_log(log, is_own=False).blocks)
    assert "Chart, because the person asked for it" in others


def test_empty_log_says_so() -> None:
    message = render_contact_log(ContactLog("U1ADA"), is_own=True)
    assert visible_text(message.blocks) == "The bot has sent \nyou\n no messages lately."
