"""One campaign as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.quality.agreement import NO_AGREEMENT, Agreement
from bot.quality.forecast import Speedup
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import campaign_status
from bot.slack.views.task_modals import read_only_modal
from tests.services.conftest import NOW
from tests.slack.campaign_examples import (
    ADA,
    ANY_EXPERT,
    ANY_OVERVIEW,
    BOB,
    EMPTY_OVERVIEW,
    REPORT,
    report_in_state,
)
from tests.slack.conftest import FEWER_EXAMPLES, message_problems, message_yaml, view_problems

LIVING, SEEN = "review import_items list_experts invite edit_guidelines export", "status chart"


def done(state: str, *, in_modal: bool = False) -> list[str]:
    """Return the deeds that are offered below a campaign in this state."""
    blocks = campaign_status.render_campaign_status(
        report_in_state(state), NOW, in_modal=in_modal
    ).blocks
    elements = [one for row in blocks if row["type"] == "actions" for one in row["elements"]]
    values = [
        {**one, "value": option["value"]}
        for one in elements
        for option in one.get("options", [one])
    ]
    pressed = [parse_block_action(one) for one in values]
    assert {press.target_id for press in pressed} == {7}
    return [payload.name for payload in pressed]


@FEWER_EXAMPLES
@given(one=ANY_OVERVIEW, experts=st.lists(ANY_EXPERT, max_size=60))
def test_slack_takes_any_campaign(one: Overview, experts: list[ExpertSummary]) -> None:
    found = CampaignReport(one, tuple(experts))
    message = campaign_status.render_campaign_status(found, NOW)
    assert message_problems(Message(message.text[:4_000], message.blocks)) == []
    in_modal = campaign_status.render_campaign_status(found, NOW, in_modal=True)
    assert view_problems(read_only_modal("Campaign", in_modal.blocks)) == []


def test_a_campaign_looks_like_this(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(campaign_status.render_campaign_status(REPORT, NOW)) == snapshot(
        name="in trouble"
    )
    assert message_yaml(
        campaign_status.render_campaign_status(CampaignReport(EMPTY_OVERVIEW, ()), NOW)
    ) == snapshot(name="empty")
    assert message_yaml(
        campaign_status.render_campaign_status(REPORT, NOW, in_modal=True)
    ) == snapshot(name="in a modal")


@pytest.mark.parametrize(
    ("state", "deeds"),
    [
        (
            "open",
            f"{LIVING} {SEEN} pause close assign remind fix export_schedules older_audit_events",
        ),
        ("paused", f"{LIVING} {SEEN} resume close fix export_schedules older_audit_events"),
        ("closed", f"review list_experts export {SEEN} fix older_audit_events"),
    ],
)
def test_there_are_buttons_for_what_can_be_done(state: str, deeds: str) -> None:
    assert done(state) == deeds.split()


def test_a_modal_offers_what_can_be_shown_above_it() -> None:
    assert done("open", in_modal=True) == [
        *(
            "import_items",
            "invite",
            "edit_guidelines",
            "export",
            "status",
            "chart",
            "pause",
            "close",
        )
    ]


@pytest.mark.parametrize(
    ("question", "found", "said"),
    [
        (
            "humor",
            Agreement(60, 180, 0.34, 0.16, 0.11, 0.19),
            (
                "humor: 34% of pairs the same, Krippendorff's alpha 0.16 (0.11 to 0.19); "
                "0.1 to 0.2 is usual where people rate how funny a joke is"
            ),
        ),
        (
            "humor",
            Agreement(60, 180, 0.2, 0.01, -0.05, 0.06),
            (
                "humor: 20% of pairs the same, Krippendorff's alpha 0.01 (-0.05 to 0.06); "
                "less than usual: 0.1 to 0.2 is usual where people rate how funny a joke is"
            ),
        ),
        (
            "faithful",
            Agreement(3, 6, 0.5, 0.2, None, None),
            "faithful: 50% of pairs the same, Krippendorff's alpha 0.20",
        ),
        (
            "faithful",
            Agreement(9, 18, 1.0, None, None, None),
            "faithful: 100% of pairs the same, all said the same, so alpha says nothing",
        ),
        ("faithful", NO_AGREEMENT, "faithful: no item has two answers yet"),
    ],
)
def test_agreement_is_told_with_what_is_usual(question: str, found: Agreement, said: str) -> None:
    assert campaign_status.format_agreement(question, found) == said


def test_what_would_help_is_told_with_how_much() -> None:
    more, less = REPORT.overview.forecast.suggestions
    assert campaign_status.format_suggestion(more) == "4 experts more (8 days sooner, Thu 12 Mar)"
    assert (
        campaign_status.format_suggestion(less)
        == "one answer less for each item (7 days sooner, Fri 13 Mar)"
    )
    assert isinstance(more, Speedup)


def test_an_expert_is_told_in_a_line_where_there_is_no_table() -> None:
    assert campaign_status.format_expert(ADA) == (
        "Ada Okafor: 312 answers, 1 open, 24 seconds each, 36% the same as others, "
        "gold 18 of 20 (70% to 97%)"
    )
    assert campaign_status.format_expert(BOB) == "expert-2: 0 answers"
