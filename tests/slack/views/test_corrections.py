"""The messages and modals of corrections."""

from __future__ import annotations

from datetime import UTC, date, datetime

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.reviews.corrections import OverlapChange, ReassignResult
from bot.services.reviews.exclusions import Exclusion
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.views import corrections

EXCLUSION = Exclusion("U0ADA", datetime(2026, 3, 2, tzinfo=UTC), "always *a tie* <!channel>", 12)
PEOPLE = [("U0ADA", "Ada <!here>"), ("U0GRACE", "Grace")]


def messages() -> list[Message]:
    """Return every message."""
    return [
        corrections.render_corrections(7, "Tone <!channel>", [EXCLUSION]),
        corrections.render_overlap_changed("Tone", OverlapChange(3, 2, 14)),
        corrections.render_unassigned(ReassignResult(3, 2)),
        corrections.render_reopened("pair-7"),
        corrections.render_excluded(EXCLUSION),
        corrections.render_included(EXCLUSION),
    ]


def views() -> list[ModalView]:
    """Return every modal."""
    return [
        corrections.overlap_modal(7, "Tone", 3),
        corrections.unassign_modal(7, PEOPLE),
        corrections.reopen_modal(7, PEOPLE),
        corrections.exclude_modal(7, PEOPLE, date(2026, 3, 2)),
    ]


def test_screens_match_snapshots(snapshot: SnapshotAssertion) -> None:
    assert [*messages(), *views()] == snapshot


def test_slack_accepts_every_screen() -> None:
    assert all(check_view(view) == [] for view in views())
    for message in messages():
        assert check_message({"blocks": message.blocks, "text": message.text}) == []
