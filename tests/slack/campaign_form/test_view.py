"""The modal of a new campaign: good defaults for each kind, all of it read back, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.sandbox.blockkit import check_view
from bot.slack.blockkit.inputs import parse_inputs
from bot.slack.campaign_form import view as campaign_form_view
from bot.slack.parsing.action_ids import Action
from tests.slack.conftest import as_yaml, submitted_state

ZONE = "Europe/London"


def chosen(kind: str) -> dict[str, Any]:
    """Return `state.values` of a modal in which only the kind was chosen."""
    option = {"value": Action("select_kind", 0, "", kind).value}
    return {"select_kind": {"select_kind": {"type": "static_select", "selected_option": option}}}


def filled(kind: str, **entries: object) -> dict[str, Any]:
    """Return `state.values` of the modal of a kind, sent with these entries and its defaults."""
    return submitted_state(campaign_form_view.campaign_modal(chosen(kind), ZONE), **entries)


@pytest.mark.parametrize("kind", KINDS)
def test_slack_takes_the_modal_of_every_kind(kind: str, snapshot: SnapshotAssertion) -> None:
    view = campaign_form_view.campaign_modal(chosen(kind), ZONE)
    assert check_view(view) == []
    assert campaign_form_view.selected_kind(submitted_state(view)) == kind
    assert as_yaml(view) == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_typed_stays_when_the_kind_changes(kind: str) -> None:
    typed = {
        "title": "Good jokes",
        "guidelines": "Be kind.",
        "guidelines_link": "https://example.com",
        "people": ["U1ADA"],
        "user_group": "@linguists",
        "domains": "law",
        "gold_percent": "10",
        "deadline": "2026-04-01",
        "reminders": None,
        "tz": "Asia/Tokyo",
    }
    before = filled("rating", **typed) | chosen(kind)
    after = parse_inputs(submitted_state(campaign_form_view.campaign_modal(before, ZONE)))
    assert {key: after[key] for key in typed} == typed


def test_a_kind_that_nobody_knows_is_the_first_one() -> None:
    assert campaign_form_view.selected_kind(chosen("nonsense")) == campaign_form_view.DEFAULT_KIND
    assert campaign_form_view.selected_kind({}) == campaign_form_view.DEFAULT_KIND
