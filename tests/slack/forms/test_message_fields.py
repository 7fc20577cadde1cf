"""Fields drawn and read back: both directions agree."""

from __future__ import annotations

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


def buttons(tap: MessageField, chosen: object = None) -> list[dict[str, Any]]:
    """Return the buttons drawn for a tap."""
    rows = message_field_blocks(17, tap, chosen)
    return [element for row in rows for element in row.get("elements", ())]


@pytest.mark.parametrize("tap", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_a_tap_is_read_back_as_what_was_drawn(tap: MessageField) -> None:
    options = options_of(tap)
    message = buttons(tap)
    assert [parse_form_input(parse_block_action(button)) for button in message] == [
        {tap.key: option.value} for option in options
    ]
    assert {parse_block_action(button).target_id for button in message} == {17}


@pytest.mark.parametrize("tap", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_nothing_is_marked_before_it_is_chosen_and_one_thing_after(tap: MessageField) -> None:
    values = [option.value for option in options_of(tap)]
    assert [b["action_id"] for b in buttons(tap) if "style" in b] == []
    for value in values:
        chosen: object = int(value) if value.isdigit() else value
        marked = [parse_block_action(b).option for b in buttons(tap, chosen) if "style" in b]
        assert marked == [value]


def test_a_row_is_never_longer_than_a_desktop_shows() -> None:
    rows = [row for row in message_field_blocks(17, VERDICT, None) if row["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [4, 4, 1]
    assert len({row["block_id"] for row in rows}) == 3


RANKS = RankingField("ranks", "Ranking", tuple(Option(c, c.upper()) for c in "abcdefg"))


@pytest.mark.parametrize(
    ("line", "said", "ways"),
    [
        ("", "Ranking — tap your 1st choice.", []),
        ("b", "Ranking — 1. B.  Tap your 2nd choice.", ["tie", "undo", "restart"]),
        ("b=", "Ranking — 1. B.  Tap another 1st choice.", ["tie", "undo", "restart"]),
        ("b>a=c", "Ranking — 1. B  2. A, C.  Tap your 3rd choice.", ["tie", "undo", "restart"]),
        ("b>a=c>d>e>f>g", "Ranking — 1. B  2. A, C  3. D  4. E  5. F  6. G", ["undo", "restart"]),
    ],
)
def test_an_order_says_what_stands_where_and_what_comes_next(
    line: str, said: str, ways: list[str]
) -> None:
    title, *rows = message_field_blocks(17, RANKS, line)
    assert title["text"]["text"] == said
    assert [len(row["elements"]) for row in rows[:-1]] == [5, 2]
    presses = [parse_block_action(button) for button in rows[-1]["elements"]]
    assert [payload.option for payload in presses] == [*ways, ""]
    assert (presses[-1].name, presses[-1].field) == ("write_answer", "ranks")
    placed = [b["text"]["text"] for row in rows[:-1] for b in row["elements"] if "style" in b]
    assert len(placed) == len(ranks_of(line))


def test_a_tie_is_only_offered_where_there_are_ties() -> None:
    strict = RankingField("ranks", "Ranking", RANKS.options, allows_ties=False)
    presses = [
        parse_block_action(button)
        for button in message_field_blocks(17, strict, "b")[-1]["elements"]
    ]
    assert [payload.option for payload in presses] == ["undo", "restart", ""]


def test_a_scale_says_what_is_asked_and_what_each_point_means() -> None:
    title, row = message_field_blocks(17, HUMOR, 4)
    assert title["text"]["text"] == "Humor — How?"
    assert [b["text"]["text"] for b in row["elements"]] == [
        "1 h1",
        "2 h2",
        "3 h3",
        "✓ 4 h4",
        "5 h5",
    ]
