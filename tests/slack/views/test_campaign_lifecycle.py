"""The campaign picker, the results of state changes, and the modal for closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.campaigns.lifecycle import CampaignOption, ClosePreview, TransitionResult
from bot.slack.views.campaign_lifecycle import (
    MAX_CAMPAIGNS_LISTED,
    close_modal,
    render_campaign_picker,
    render_state_change,
)
from storage.tables import CampaignState
from tests.slack.conftest import as_yaml, message_yaml, visible_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED
TONE = CampaignOption(3, "tone", "<!channel> of voice", "comparison", OPEN)
JOKES = CampaignOption(4, "jokes", "jokes", "rating", PAUSED)


def test_picker_matches_snapshot(snapshot: SnapshotAssertion) -> None:
    message = render_campaign_picker("Pause", "pause", [JOKES, TONE])
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_empty_picker_offers_to_create_a_campaign() -> None:
    text = visible_text(render_campaign_picker("Resume", "resume", []).blocks)
    assert text == (
        "Resume: no campaigns available. To create one, type /label new.\nCreate campaign…"
    )


def test_long_picker_is_cut_and_says_how_to_name_the_others() -> None:
    campaigns = [CampaignOption(n, f"c{n}", "x" * 200, "rating", OPEN) for n in range(500)]
    message = render_campaign_picker("Pause", "pause", campaigns)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    rows = [block for block in message.blocks if block["type"] == "section"]
    assert len(rows) == MAX_CAMPAIGNS_LISTED
    assert "480 more" in visible_text(message.blocks)


def test_hint_of_a_long_picker_names_the_subcommand() -> None:
    campaigns = [CampaignOption(n, f"c{n}", "x", "rating", OPEN) for n in range(21)]
    message = render_campaign_picker(
        "Edit guidelines…", "edit_guidelines", campaigns, subcommand="guidelines"
    )
    assert message.text == "Edit guidelines: choose a campaign."
    assert "as in /label guidelines c20" in visible_text(message.blocks)


@pytest.mark.parametrize("state", CampaignState)
@pytest.mark.parametrize("is_unchanged", [False, True], ids=["changed", "unchanged"])
def test_state_change_matches_snapshot(
    state: CampaignState, *, is_unchanged: bool, snapshot: SnapshotAssertion
) -> None:
    at = NOW - timedelta(minutes=2)
    message = render_state_change(
        TransitionResult(3, "tone", state, is_unchanged, "U1CORA", "slack", at), NOW
    )
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


@pytest.mark.parametrize(
    ("actor", "origin", "expected"),
    [
        ("ada", "command line", "already closed (by ada via the command line, 2 minutes ago). It"),
        (None, "", "already closed. It"),
    ],
)
def test_unchanged_state_names_the_actor_if_known(
    actor: str | None, origin: str, expected: str
) -> None:
    at = NOW - timedelta(minutes=2) if actor else None
    change = TransitionResult(
        3, "tone", CLOSED, is_unchanged=True, actor_name=actor, origin=origin, at=at
    )
    text = visible_text(render_state_change(change, NOW).blocks).replace("\n", "")
    assert expected in text


def test_close_modal_matches_snapshot(snapshot: SnapshotAssertion) -> None:
    view = close_modal(ClosePreview(3, "tone", 12, 2))
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


def test_close_modal_mentions_only_what_exists() -> None:
    text = visible_text(close_modal(ClosePreview(3, "tone", 1, 0)))
    assert "1 open task will be unassigned" in text
    assert "scheduled export" not in text
