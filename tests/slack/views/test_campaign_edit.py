"""The dialog that edits a campaign: what it shows is what it saves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.cron import format_duration, parse_duration
from bot.kinds import kind_named
from bot.sandbox.blockkit import check_message, check_view
from bot.services.campaigns.campaigns import validate_settings
from bot.services.campaigns.edit import Difference
from bot.services.campaigns.qualification import PracticeChange
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.views.campaign_changes import render_cloned, render_edited
from bot.slack.views.campaign_edit import (
    edit_modal,
    parse_practice,
    parse_retention,
)
from storage.tables import Campaign, SkipPolicy
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    TEXTS,
    as_yaml,
    submitted_state,
    visible_text,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def campaign(kind: str = "comparison", title: str = "Tone of voice") -> Campaign:
    """Return a campaign."""
    return Campaign(
        id=3,
        name="tone",
        title=title,
        kind=kind,
        settings=validate_settings(kind_named(kind), {}),
        overlap=2,
        lease_minutes=960,
        reminder_minutes=[90, 480],
        seed="x",
        deadline=NOW,
        skip_policy=SkipPolicy.REASSIGN,
        gold_share=0.1,
        created_at=NOW,
        practice_questions=4,
        practice_pass_mark=0.755,
        practice_attempts=2,
    )


def views() -> list[ModalView]:
    """Return the dialog for every kind."""
    return [edit_modal(campaign(kind), 3) for kind in KIND_NAMES]


def messages() -> list[Message]:
    """Return what an edit changed, an edit without effect, and a clone."""
    settings = campaign().settings
    differences = [
        Difference("title", "Tone", "Tone of voice"),
        Difference("deadline", None, NOW),
        Difference("lease_minutes", 960, 240),
        Difference("reminder_minutes", [240, 480], []),
        Difference("gold_share", 0.0, 0.1),
        Difference("practice_questions", 0, 4),
        Difference("practice_pass_mark", 0.8, 0.75),
        Difference("retention_days", None, 90),
        Difference("removal_days", 0, 30),
        Difference("max_answers", 12, 0),
        Difference("skip_policy", SkipPolicy.REASSIGN, SkipPolicy.HOLD),
        Difference("settings", settings, {**settings, "confidence": True, "reason": "required"}),
    ]
    return [
        render_edited(campaign(), differences),
        render_edited(campaign(), []),
        render_cloned(campaign(), 3, "Tone"),
    ]


def test_screens(snapshot: SnapshotAssertion) -> None:
    assert (
        as_yaml(
            [views()[KIND_NAMES.index("comparison")], *(message.blocks for message in messages())]
        )
        == snapshot
    )


def test_dialog_names_the_remedy_for_other_settings() -> None:
    assert "/label clone tone" in visible_text(views()[0])


@given(st.integers(1, 100_000))
def test_duration_is_read_as_it_is_written(minutes: int) -> None:
    assert parse_duration(format_duration(minutes)).total_seconds() == minutes * 60


@FEWER_EXAMPLES
@pytest.mark.parametrize("kind", KIND_NAMES)
@given(title=TEXTS)
def test_slack_accepts_any_title(kind: str, title: str) -> None:
    shown = campaign(kind, title[:80] or "x")
    assert check_view(edit_modal(shown, 3)) == []
    for message in (render_edited(shown, []), render_cloned(shown, 3, title[:80])):
        assert check_message({"text": message.text, "blocks": message.blocks}) == []


def test_practice_is_unchanged_unless_it_is_edited() -> None:
    """A pass mark that is no whole percentage stays as it is."""
    shown = campaign()
    state = submitted_state(edit_modal(shown, 3))
    assert parse_practice(state, shown) == PracticeChange(4, 0.755, 2)
    state["pass_percent"]["pass_percent"]["value"] = "90"
    assert parse_practice(state, shown) == PracticeChange(4, 0.9, 2)


def test_kind_without_gold_answers_has_no_practice() -> None:
    shown = campaign("demonstration")
    assert parse_practice(submitted_state(edit_modal(shown, 3)), shown) == PracticeChange()


def test_retention_is_unchanged_unless_it_is_edited() -> None:
    shown = campaign()
    for days in (None, 0, 90):
        shown.retention_days = days
        state = submitted_state(edit_modal(shown, 3))
        assert parse_retention(state, shown) == days
    state["retention_days"]["retention_days"]["value"] = "30"
    assert parse_retention(state, shown) == 30
    state["retention_days"]["retention_days"]["value"] = None
    assert parse_retention(state, shown) is None
    del state["retention_days"]  # a dialog that an older version has opened
    assert parse_retention(state, shown) == 90
