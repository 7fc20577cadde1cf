"""The settings of every kind, drawn and read back, whatever they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import KINDS
from bot.slack import tuning
from bot.slack.inputs import entered
from tests.slack.conftest import QUICK, sent


@pytest.mark.parametrize("kind", KINDS)
def test_the_defaults_of_a_kind_are_drawn_and_read_back(kind: str) -> None:
    drawn = tuning.draw(kind, {})
    read = tuning.read(kind, entered(sent({"blocks": drawn})))
    settings = KINDS[kind].settings
    assert settings.model_validate(read) == settings()
    assert tuning.draw(kind, entered(sent({"blocks": drawn}))) == drawn


@QUICK
@given(st.data())
def test_what_is_ticked_is_read(data: Any) -> None:  # noqa: ANN401 - hypothesis' own
    on = data.draw(st.booleans())
    said = {"comparison_strength": ["yes"] if on else []}
    assert tuning.read("comparison", said) == {"strength": on}
