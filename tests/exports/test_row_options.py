"""Options of the rows of an export, as text."""

from __future__ import annotations

import pytest

from bot.errors import BotError
from bot.exports.row_options import parse_row_options


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"aggregate": "dawid-skene", "min-agreement": "0.75", "source": "unanimous,split"},
        {"min-agreement": "1"},
    ],
)
def test_options_round_trip_as_text(texts: dict[str, str]) -> None:
    assert parse_row_options(texts).to_texts() == texts


@pytest.mark.parametrize("text", ["", "2", "-0.1", "nan", "80%"])
def test_invalid_agreement_is_refused(text: str) -> None:
    with pytest.raises(BotError, match="is not an agreement"):
        parse_row_options({"min_agreement": text})


def test_empty_source_is_refused() -> None:
    with pytest.raises(BotError, match="Unknown consensus source “”"):
        parse_row_options({"source": ""})
