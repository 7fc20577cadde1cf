"""The settings of every kind, drawn and read back, whatever they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import KINDS
from bot.slack.blockkit.inputs import parse_inputs
from bot.slack.campaign_form import kind_settings
from tests.slack.conftest import FEWER_EXAMPLES, submitted_state


@pytest.mark.parametrize("kind", KINDS)
def test_the_defaults_of_a_kind_are_drawn_and_read_back(kind: str) -> None:
    message = kind_settings.kind_settings_inputs(kind, {})
    read = kind_settings.parse_kind_settings(
        kind, parse_inputs(submitted_state({"blocks": message}))
    )
    settings = KINDS[kind].settings
    assert settings.model_validate(read) == settings()
    assert (
        kind_settings.kind_settings_inputs(kind, parse_inputs(submitted_state({"blocks": message})))
        == message
    )


@FEWER_EXAMPLES
@given(st.data())
def test_what_is_ticked_is_read(data: Any) -> None:  # noqa: ANN401 - hypothesis' own
    on = data.draw(st.booleans())
    said = {"comparison_strength": ["yes"] if on else []}
    assert kind_settings.parse_kind_settings("comparison", said) == {"strength": on}
