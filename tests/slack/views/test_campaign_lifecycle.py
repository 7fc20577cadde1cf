"""What coordinators see of campaigns: lists to choose from, what became of one, a question."""

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


def test_campaigns_to_choose_from(snapshot: SnapshotAssertion) -> None:
    message = render_campaign_picker("Pause", "pause", [JOKES, TONE])
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_nothing_to_choose_from_says_how_to_make_one() -> None:
    said = visible_text(render_campaign_picker("Resume", "resume", []).blocks)
    assert said == "There is no campaign to resume. /label new makes one.\nNew campaign"


def test_of_very_many_campaigns_some_are_shown_and_the_rest_can_be_typed() -> None:
    many = [CampaignOption(n, f"c{n}", "x" * 200, "rating", OPEN) for n in range(500)]
    message = render_campaign_picker("Pause", "pause", many)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert len([one for one in message.blocks if one["type"] == "section"]) == MAX_CAMPAIGNS_LISTED
    assert "480 more" in visible_text(message.blocks)


def test_hint_of_a_long_list_names_the_subcommand() -> None:
    many = [CampaignOption(n, f"c{n}", "x", "rating", OPEN) for n in range(21)]
    message = render_campaign_picker(
        "Guidelines of", "edit_guidelines", many, subcommand="guidelines"
    )
    assert "as in /label guidelines c20" in visible_text(message.blocks)


@pytest.mark.parametrize("state", CampaignState)
@pytest.mark.parametrize("was_so", [False, True], ids=["now", "already"])
def test_what_became_of_a_campaign(
    state: CampaignState, *, was_so: bool, snapshot: SnapshotAssertion
) -> None:
    at = NOW - timedelta(minutes=2)
    message = render_state_change(
        TransitionResult(3, "tone", state, was_so, "U1CORA", "slack", at), NOW
    )
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_the_question_before_closing(snapshot: SnapshotAssertion) -> None:
    view = close_modal(ClosePreview(3, "tone", 12, 2))
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


def test_the_question_counts_as_people_do() -> None:
    said = visible_text(close_modal(ClosePreview(3, "tone", 1, 0)))
    assert "1 open task is taken back" in said
    assert "scheduled export" not in said
