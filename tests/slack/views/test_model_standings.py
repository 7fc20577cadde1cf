"""Where models stand, as coordinators see it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.services.reports.model_standing import ModelStanding
from bot.slack.blockkit.message import Message
from bot.slack.views.model_standings import MAX_MODELS, format_standing, model_blocks
from tests.slack.conftest import message_problems

CLEAR = (ModelStanding(1, 1.25, 1.0, 1.5, 1, 1), ModelStanding(1, -1.25, -1.5, -1.0, 2, 2))
EQUAL = (ModelStanding(1, 0.05, -0.3, 0.4, 1, 2), ModelStanding(1, -0.05, -0.4, 0.3, 1, 2))


def text_of(models: Sequence[ModelStanding]) -> str:
    """Return all text of the blocks."""
    return repr(model_blocks("tone", models))


def test_models_have_letters_ranks_and_intervals() -> None:
    text = text_of(CLEAR)
    assert "A: rank 1, strength 1.25 (1.00 to 1.50)" in text
    assert "B: rank 2, strength -1.25 (-1.50 to -1.00)" in text
    assert "labelbot report tone" in text
    assert "Not separable" not in text


def test_models_that_can_all_be_the_best_are_not_separable() -> None:
    assert "A: rank 1 to 2," in text_of(EQUAL)
    assert "Not separable yet: each model can still be the best." in text_of(EQUAL)


def test_groups_are_told_apart() -> None:
    other = [ModelStanding(2, m.strength, m.low, m.high, m.rank_low, m.rank_high) for m in EQUAL]
    text = text_of([*CLEAR, *other])
    assert "C: rank 1 to 2 of group 2," in text
    assert "Not separable yet in group 2:" in text


@pytest.mark.parametrize("has_groups", [True, False])
def test_model_with_few_items_has_no_rank(*, has_groups: bool) -> None:
    text = format_standing(ModelStanding(1, 0.5, None, None, None, None), has_groups=has_groups)
    assert text.endswith("too few items for an interval")
    assert ("group 1" in text) == has_groups


def test_many_models_fit_into_a_message() -> None:
    models = [ModelStanding(1, -n, -n - 1, 1 - n, 1, 59) for n in range(59)]
    blocks = model_blocks("tone", models)
    assert message_problems(Message("Status", blocks)) == []
    assert f"{59 - MAX_MODELS} more models" in repr(blocks)


def test_no_models_have_no_block() -> None:
    assert model_blocks("tone", ()) == []
