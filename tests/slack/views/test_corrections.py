"""Corrections, drawn: Slack takes each screen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.reviews.corrections import Exclusion, OverlapChange, ReassignResult
from bot.slack.blockkit.message import Message
from bot.slack.views import corrections

LEFT_OUT = Exclusion("U0ADA", datetime(2026, 3, 2, tzinfo=UTC), "always *a tie* <!channel>", 12)
PEOPLE = [("U0ADA", "Ada <!here>"), ("U0GRACE", "Grace")]


def messages() -> list[Message]:
    """Return every message there is to see."""
    return [
        corrections.render_corrections(7, "Tone <!channel>", [LEFT_OUT]),
        corrections.render_overlap_changed("Tone", OverlapChange(3, 2, 14)),
        corrections.render_unassigned(ReassignResult(3, 2)),
        corrections.render_reopened("pair-7"),
        corrections.render_excluded(LEFT_OUT),
        corrections.render_included(LEFT_OUT),
    ]


def views() -> list[dict[str, Any]]:
    """Return every window there is to see."""
    return [
        corrections.overlap_modal(7, "Tone", 3),
        corrections.unassign_modal(7, PEOPLE),
        corrections.reopen_modal(7, PEOPLE),
        corrections.exclude_modal(7, PEOPLE, date(2026, 3, 2)),
    ]


def test_the_screens_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert [*messages(), *views()] == snapshot


def test_slack_takes_every_screen() -> None:
    assert all(check_view(view) == [] for view in views())
    assert all(check_message({"blocks": d.blocks, "text": d.text}) == [] for d in messages())
