"""Inputs for kind settings: every kind's settings are rendered and parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import KINDS
from bot.slack.blockkit.inputs import parse_inputs
from bot.slack.campaign_form import kind_settings
from tests.slack.conftest import FEWER_EXAMPLES, submitted_state


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_parsed_as_rendered(kind: str) -> None:
    blocks = kind_settings.kind_settings_inputs(kind, {})
    entries = parse_inputs(submitted_state({"blocks": blocks}))
    settings = KINDS[kind].settings
    parsed = kind_settings.parse_kind_settings(kind, entries)
    assert settings.model_validate(parsed) == settings()
    assert kind_settings.kind_settings_inputs(kind, entries) == blocks


@FEWER_EXAMPLES
@given(st.data())
def test_checkbox_is_parsed_as_a_boolean(data: Any) -> None:  # noqa: ANN401 - Hypothesis has no public type
    is_checked = data.draw(st.booleans())
    entries = {"comparison_strength": ["yes"] if is_checked else []}
    parsed = kind_settings.parse_kind_settings("comparison", entries)
    assert parsed == {"strength": is_checked}


def test_confirmation_is_chosen_with_yes_and_no() -> None:
    blocks: Sequence[Mapping[str, Any]] = kind_settings.kind_settings_inputs("rating", {})
    (levels,) = [block for block in blocks if block["block_id"] == "rating_levels"]
    options = levels["element"]["options"]
    assert [(option["text"]["text"], option["value"]) for option in options] == [
        ("No", "1"),
        ("Yes", "2"),
    ]
