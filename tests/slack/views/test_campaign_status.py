"""The status of one campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.quality.agreement.agreement import Agreement
from bot.quality.agreement.interval import Estimate
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import campaign_status
from bot.slack.views.task_modals import read_only_modal
from tests.quality.agreement.examples import make_agreement
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

MAIN_ACTIONS = (
    "review import_items items list_experts invite edit_guidelines edit_campaign export_options"
)
CLOSED_ACTIONS = "review items list_experts export_options"
VIEW_ACTIONS = "status chart"
MODAL_ACTIONS = (
    "import_items items invite edit_guidelines edit_campaign export_options "
    "status chart pause clone_campaign save_template close"
)


def offered_actions(state: str, *, in_modal: bool = False) -> list[str]:
    """Return the names of the actions that are offered on a campaign in this state."""
    blocks: Sequence[Mapping[str, Any]] = campaign_status.render_campaign_status(
        report_in_state(state), NOW, in_modal=in_modal
    ).blocks
    elements = [
        element
        for row in blocks
        if row["type"] == "actions" and row["block_id"].startswith("campaign_")
        for element in row["elements"]
    ]
    options = [
        {**element, "value": option["value"]}
        for element in elements
        for option in element.get("options", [element])
    ]
    parsed = [parse_block_action(option) for option in options]
    assert {action.target_id for action in parsed} == {7}
    return [action.name for action in parsed]


@FEWER_EXAMPLES
@given(overview=ANY_OVERVIEW, experts=st.lists(ANY_EXPERT, max_size=60))
def test_slack_accepts_any_status(overview: Overview, experts: list[ExpertSummary]) -> None:
    report = CampaignReport(overview, tuple(experts))
    message = campaign_status.render_campaign_status(report, NOW)
    assert message_problems(Message(message.text[:4_000], message.blocks)) == []
    in_modal = campaign_status.render_campaign_status(report, NOW, in_modal=True)
    assert view_problems(read_only_modal("Campaign", in_modal.blocks)) == []


def test_status_matches_snapshots(snapshot: SnapshotAssertion) -> None:
    message = campaign_status.render_campaign_status(REPORT, NOW)
    assert message_yaml(message) == snapshot(name="with warnings")
    message = campaign_status.render_campaign_status(CampaignReport(EMPTY_OVERVIEW, ()), NOW)
    assert message_yaml(message) == snapshot(name="empty")
    message = campaign_status.render_campaign_status(REPORT, NOW, in_modal=True)
    assert message_yaml(message) == snapshot(name="in a modal")


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        (
            "open",
            (
                f"{MAIN_ACTIONS} {VIEW_ACTIONS} pause clone_campaign save_template close "
                "assign remind fix export_schedules older_audit_events"
            ),
        ),
        (
            "paused",
            (
                f"{MAIN_ACTIONS} {VIEW_ACTIONS} resume clone_campaign save_template close "
                "fix export_schedules older_audit_events"
            ),
        ),
        (
            "closed",
            f"{CLOSED_ACTIONS} {VIEW_ACTIONS} clone_campaign save_template fix older_audit_events",
        ),
    ],
)
def test_actions_depend_on_the_state(state: str, actions: str) -> None:
    assert offered_actions(state) == actions.split()


def test_modal_offers_only_actions_that_work_in_one() -> None:
    assert offered_actions("open", in_modal=True) == MODAL_ACTIONS.split()


@pytest.mark.parametrize(
    ("question", "agreement", "text"),
    [
        (
            "humor",
            make_agreement(0.34, Estimate(0.16, 0.11, 0.19), 0.45),
            (
                "Humor: 34% pairwise agreement, Krippendorff's alpha 0.16 (0.11 to 0.19), "
                "Gwet's AC2 0.45; "
                "usual is 0.1 to 0.2 where people rate how funny a joke is"
            ),
        ),
        (
            "humor",
            make_agreement(0.2, Estimate(0.01, -0.05, 0.06), 0.05),
            (
                "Humor: 20% pairwise agreement, Krippendorff's alpha 0.01 (-0.05 to 0.06), "
                "Gwet's AC2 0.05; "
                "below the usual 0.1 to 0.2 where people rate how funny a joke is"
            ),
        ),
        (
            "winner",
            make_agreement(0.9, Estimate(0.8, 0.7, 0.9), 0.82, "nominal"),
            (
                "Verdict: 90% pairwise agreement, Krippendorff's alpha 0.80 (0.70 to 0.90), "
                "Gwet's AC1 0.82; "
                "above the usual 0.25 to 0.5 where people compare model responses"
            ),
        ),
        (
            "is_faithful",
            make_agreement(0.5, Estimate(0.2), 0.3),
            (
                "Is faithful: 50% pairwise agreement, Krippendorff's alpha 0.20 "
                "(too few answers for an interval), Gwet's AC2 0.30"
            ),
        ),
        (
            "faithful",
            make_agreement(1.0),
            (
                "Faithful: 100% pairwise agreement, "
                "Krippendorff's alpha undefined: all answers are the same"
            ),
        ),
        ("faithful", Agreement(), "Faithful: no item has two answers yet"),
    ],
)
def test_agreement_is_compared_with_its_norm(
    question: str, agreement: Agreement, text: str
) -> None:
    assert campaign_status.format_agreement(question, agreement) == text


def test_suggestions_say_how_much_sooner() -> None:
    more_experts, fewer_answers = REPORT.overview.forecast.suggestions
    text = campaign_status.format_suggestion(more_experts, overlap=3)
    assert text == "4 more experts (8 days sooner, Thu 12 Mar)"
    text = campaign_status.format_suggestion(fewer_answers, overlap=3)
    assert text == "2 answers per item (7 days sooner, Fri 13 Mar)"


def test_expert_is_one_line_where_slack_has_no_tables() -> None:
    assert campaign_status.format_expert(ADA) == (
        "Ada Okafor: 312 answers, 1 open, 24 sec per task, 36% agreement, "
        "gold accuracy 18 of 20 (68% to 99%; 0.85 beyond chance)"
    )
    assert campaign_status.format_expert(BOB) == "expert-2: 0 answers"


def test_range_of_answers_and_expected_answers_are_shown() -> None:
    status = replace(
        REPORT.overview.status, overlap=2, max_overlap=5, target_posterior=0.9, expected=1_304
    )
    report = CampaignReport(replace(REPORT.overview, status=status), ())
    shown = str(campaign_status.render_campaign_status(report, NOW).blocks)
    assert "2 to 5 answers per item" in shown
    assert "1,304" in shown
