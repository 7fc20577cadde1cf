"""The campaign form: valid and with defaults for every kind, and it keeps what was entered."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.sandbox.blockkit import check_view
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.campaign_form import view as campaign_form_view
from bot.slack.parsing.action_ids import Action
from tests.slack.conftest import as_yaml, submitted_state

TIME_ZONE = "Europe/London"


def state_with_kind(kind: str) -> dict[str, Any]:
    """Return `state.values` of a form in which only the kind is chosen."""
    option = {"value": Action("select_kind", 0, "", kind).value}
    return {"select_kind": {"select_kind": {"type": "static_select", "selected_option": option}}}


def submitted_form(kind: str, **entries: object) -> dict[str, Any]:
    """Return `state.values` of the form of a kind, with its defaults and these entries."""
    return submitted_state(
        campaign_form_view.campaign_modal(state_with_kind(kind), TIME_ZONE), **entries
    )


@pytest.mark.parametrize("kind", KINDS)
def test_form_of_every_kind_is_valid(kind: str, snapshot: SnapshotAssertion) -> None:
    view = campaign_form_view.campaign_modal(state_with_kind(kind), TIME_ZONE)
    assert check_view(view) == []
    assert campaign_form_view.selected_kind(submitted_state(view)) == kind
    assert as_yaml(view) == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_entries_are_kept_when_the_kind_changes(kind: str) -> None:
    entries = {
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
    before = submitted_form("rating", **entries) | state_with_kind(kind)
    after = parse_inputs(submitted_state(campaign_form_view.campaign_modal(before, TIME_ZONE)))
    assert {key: after[key] for key in entries} == entries


def test_unknown_kind_selects_the_default() -> None:
    unknown = state_with_kind("nonsense")
    assert campaign_form_view.selected_kind(unknown) == campaign_form_view.DEFAULT_KIND
    assert campaign_form_view.selected_kind({}) == campaign_form_view.DEFAULT_KIND
