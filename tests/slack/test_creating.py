"""The modal of a new campaign: good defaults for each kind, all of it read back, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.sandbox.blockkit import check_view
from bot.slack import creating
from bot.slack.ids import Press
from bot.slack.inputs import entered
from tests.slack.conftest import as_yaml, sent

ZONE = "Europe/London"


def chosen(kind: str) -> dict[str, Any]:
    """Return `state.values` of a modal in which only the kind was chosen."""
    option = {"value": Press("kind", 0, "", kind).value}
    return {"kind": {"kind": {"type": "static_select", "selected_option": option}}}


def filled(kind: str, **entries: object) -> dict[str, Any]:
    """Return `state.values` of the modal of a kind, sent with these entries and its defaults."""
    return sent(creating.draw(chosen(kind), ZONE), **entries)


@pytest.mark.parametrize("kind", KINDS)
def test_slack_takes_the_modal_of_every_kind(kind: str, snapshot: SnapshotAssertion) -> None:
    view = creating.draw(chosen(kind), ZONE)
    assert check_view(view) == []
    assert creating.kind_in(sent(view)) == kind
    assert as_yaml(view) == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_typed_stays_when_the_kind_changes(kind: str) -> None:
    typed = {
        "title": "Good jokes",
        "guidelines": "Be kind.",
        "guidelines_link": "https://example.com",
        "people": ["U1ADA"],
        "group": "@linguists",
        "domains": "law",
        "gold": "10",
        "deadline": "2026-04-01",
        "reminders": None,
        "tz": "Asia/Tokyo",
    }
    before = filled("rating", **typed) | chosen(kind)
    after = entered(sent(creating.draw(before, ZONE)))
    assert {key: after[key] for key in typed} == typed


def test_a_kind_that_nobody_knows_is_the_first_one() -> None:
    assert creating.kind_in(chosen("nonsense")) == creating.FIRST_KIND
    assert creating.kind_in({}) == creating.FIRST_KIND
