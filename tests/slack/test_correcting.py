"""Corrections, drawn: Slack takes each screen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.correcting import Excluded, Overlapped, Reassigned
from bot.slack import correcting
from bot.slack.cards import Drawn

LEFT_OUT = Excluded("U0ADA", datetime(2026, 3, 2, tzinfo=UTC), "always *a tie* <!channel>", 12)
PEOPLE = [("U0ADA", "Ada <!here>"), ("U0GRACE", "Grace")]


def messages() -> list[Drawn]:
    """Return every message there is to see."""
    return [
        correcting.ways(7, "Tone <!channel>", [LEFT_OUT]),
        correcting.overlapped("Tone", Overlapped(3, 2, 14)),
        correcting.taken_back(Reassigned(3, 2)),
        correcting.reopened("pair-7"),
        correcting.excluded(LEFT_OUT),
        correcting.included(LEFT_OUT),
    ]


def views() -> list[dict[str, Any]]:
    """Return every window there is to see."""
    return [
        correcting.overlapping(7, "Tone", 3),
        correcting.taking_back(7, PEOPLE),
        correcting.reopening(7, PEOPLE),
        correcting.excluding(7, PEOPLE, date(2026, 3, 2)),
    ]


def test_the_screens_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert [*messages(), *views()] == snapshot


def test_slack_takes_every_screen() -> None:
    assert all(check_view(view) == [] for view in views())
    assert all(check_message({"blocks": d.blocks, "text": d.text}) == [] for d in messages())
