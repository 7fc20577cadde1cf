"""Inputs for kind settings: every kind's settings are rendered and parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import KINDS
from bot.kinds.comparison import ComparisonSettings
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.blockkit.types import InputBlock
from bot.slack.campaign_form import kind_settings
from tests.slack.conftest import FEWER_EXAMPLES, submitted_state


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_parsed_as_rendered(kind: str) -> None:
    settings = KINDS[kind].settings
    blocks = _blocks(kind)
    entries = parse_inputs(submitted_state({"blocks": blocks}))
    parsed = kind_settings.parse_kind_settings(kind, entries, settings())
    assert settings.model_validate(parsed) == settings()
    names = settings.model_fields
    assert kind_settings.kind_settings_inputs(kind, entries, names) == blocks


def _blocks(kind: str) -> list[InputBlock]:
    settings = KINDS[kind].settings
    entries = kind_settings.settings_entries(kind, settings())
    return kind_settings.kind_settings_inputs(kind, entries, settings.model_fields)


@FEWER_EXAMPLES
@given(st.data())
def test_checkbox_is_parsed_as_a_boolean(data: Any) -> None:  # noqa: ANN401 - Hypothesis has no public type
    is_checked = data.draw(st.booleans())
    entries = {"comparison_strength": ["yes"] if is_checked else []}
    parsed = kind_settings.parse_kind_settings("comparison", entries, ComparisonSettings())
    assert parsed == {"strength": is_checked}


def test_confirmation_is_chosen_with_yes_and_no() -> None:
    blocks: Sequence[Mapping[str, Any]] = _blocks("rating")
    (levels,) = [block for block in blocks if block["block_id"] == "rating_levels"]
    options = levels["element"]["options"]
    assert [(option["text"]["text"], option["value"]) for option in options] == [
        ("No", "1"),
        ("Yes", "2"),
    ]
