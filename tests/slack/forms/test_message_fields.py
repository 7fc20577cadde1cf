"""Fields on a message: what is rendered is parsed to the same value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.kinds.form import ChoiceField, MessageField, Option, RankingField, ScaleField, options_of
from bot.kinds.rank_notation import ranks_of
from bot.slack.forms.message_fields import message_field_blocks, parse_form_input
from bot.slack.parsing.action_ids import parse_block_action

VERDICT = ChoiceField("verdict", "Verdict", tuple(Option(v, v.upper()) for v in "abcdefghi"))
HUMOR = ScaleField(
    "humor", "Humor", tuple(Option(str(n), str(n), f"h{n}") for n in range(1, 6)), "How?"
)


def rows_of(field: MessageField, chosen: object = None) -> Sequence[Mapping[str, Any]]:
    """Return the blocks of a field."""
    return message_field_blocks(17, field, chosen)


def buttons(field: MessageField, chosen: object = None) -> list[Mapping[str, Any]]:
    """Return the buttons of a field."""
    return [button for row in rows_of(field, chosen) for button in row.get("elements", ())]


@pytest.mark.parametrize("field", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_tap_is_parsed_to_its_option(field: MessageField) -> None:
    actions = [parse_block_action(button) for button in buttons(field)]
    assert [parse_form_input(action) for action in actions] == [
        {field.key: option.value} for option in options_of(field)
    ]
    assert {action.target_id for action in actions} == {17}


@pytest.mark.parametrize("field", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_only_the_chosen_option_is_marked(field: MessageField) -> None:
    values = [option.value for option in options_of(field)]
    assert [button["action_id"] for button in buttons(field) if "style" in button] == []
    for value in values:
        chosen: object = int(value) if value.isdigit() else value
        marked = [button for button in buttons(field, chosen) if "style" in button]
        assert [parse_block_action(button).option for button in marked] == [value]


@pytest.mark.parametrize("field", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_chosen_option_is_not_marked_by_colour_alone(field: MessageField) -> None:
    option = options_of(field)[2]
    (marked,) = [button for button in buttons(field, option.value) if "style" in button]
    assert marked["text"]["text"].startswith("✓ ")
    assert ", chosen" in marked.get("accessibility_label", ", chosen")


def test_rows_fit_on_a_desktop() -> None:
    rows = [row for row in rows_of(VERDICT) if row["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [4, 4, 1]
    assert len({row["block_id"] for row in rows}) == 3


RANKS = RankingField("ranks", "Ranking", tuple(Option(c, c.upper()) for c in "abcdefg"))


@pytest.mark.parametrize(
    ("value", "title", "controls"),
    [
        ("", "Ranking — tap your 1st choice.", []),
        ("b", "Ranking — 1. B.  Tap your 2nd choice.", ["tie", "undo", "restart"]),
        ("b=", "Ranking — 1. B.  Tap another 1st choice.", ["tie", "undo", "restart"]),
        ("b>a=c", "Ranking — 1. B  2. A, C.  Tap your 3rd choice.", ["tie", "undo", "restart"]),
        ("b>a=c>d>e>f>g", "Ranking — 1. B  2. A, C  3. D  4. E  5. F  6. G", ["undo", "restart"]),
    ],
)
def test_ranking_shows_its_state_and_the_next_step(
    value: str, title: str, controls: list[str]
) -> None:
    heading, *rows = rows_of(RANKS, value)
    assert heading["text"]["text"] == title
    assert [len(row["elements"]) for row in rows[:-1]] == [5, 2]
    actions = [parse_block_action(button) for button in rows[-1]["elements"]]
    assert [action.option for action in actions] == [*controls, ""]
    assert (actions[-1].name, actions[-1].field) == ("write_answer", "ranks")
    marked = [button for row in rows[:-1] for button in row["elements"] if "style" in button]
    assert len(marked) == len(ranks_of(value))


def test_tie_is_offered_only_if_ties_are_allowed() -> None:
    strict = RankingField("ranks", "Ranking", RANKS.options, allows_ties=False)
    actions = [parse_block_action(button) for button in rows_of(strict, "b")[-1]["elements"]]
    assert [action.option for action in actions] == ["undo", "restart", ""]


def test_scale_shows_its_question_and_the_meaning_of_each_point() -> None:
    title, row = rows_of(HUMOR, 4)
    assert title["text"]["text"] == "Humor — How?"
    assert [b["text"]["text"] for b in row["elements"]] == [
        "1 h1",
        "2 h2",
        "3 h3",
        "✓ 4 h4",
        "5 h5",
    ]
