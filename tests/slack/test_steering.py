"""What coordinators see of campaigns: lists to choose from, what became of one, a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.steering import Ending, Moved, Named
from bot.slack.steering import MOST_LISTED, closing, moved, pick
from storage.tables import CampaignState
from tests.slack.conftest import as_sent, as_yaml, told

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED
TONE = Named(3, "tone", "<!channel> of voice", "comparison", OPEN)
JOKES = Named(4, "jokes", "jokes", "rating", PAUSED)


def test_campaigns_to_choose_from(snapshot: SnapshotAssertion) -> None:
    drawn = pick("Pause", "pause", [JOKES, TONE])
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_nothing_to_choose_from_says_how_to_make_one() -> None:
    said = told(pick("Resume", "resume", []).blocks)
    assert said == "There is no campaign to resume. /label new makes one.\nNew campaign"


def test_of_very_many_campaigns_some_are_shown_and_the_rest_can_be_typed() -> None:
    many = [Named(n, f"c{n}", "x" * 200, "rating", OPEN) for n in range(500)]
    drawn = pick("Pause", "pause", many)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert len([one for one in drawn.blocks if one["type"] == "section"]) == MOST_LISTED
    assert "480 more" in told(drawn.blocks)


@pytest.mark.parametrize("state", CampaignState)
@pytest.mark.parametrize("was_so", [False, True], ids=["now", "already"])
def test_what_became_of_a_campaign(
    state: CampaignState, *, was_so: bool, snapshot: SnapshotAssertion
) -> None:
    at = NOW - timedelta(minutes=2)
    drawn = moved(Moved(3, "tone", state, was_so, "U1CORA", "slack", at), NOW)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_the_question_before_closing(snapshot: SnapshotAssertion) -> None:
    view = closing(Ending(3, "tone", 12, 2))
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


def test_the_question_counts_as_people_do() -> None:
    said = told(closing(Ending(3, "tone", 1, 0)))
    assert "1 open task is taken back" in said
    assert "scheduled export" not in said
