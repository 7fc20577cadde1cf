"""Fields drawn and read back: both directions agree."""

from __future__ import annotations

from typing import Any

import pytest

from bot.kinds.form import Choice, Option, Ordered, Scale, Tap, options_of
from bot.kinds.ordering import ranks_of
from bot.slack.fields import given_from, tap_rows
from bot.slack.ids import press_from

VERDICT = Choice("verdict", "Verdict", tuple(Option(v, v.upper()) for v in "abcdefghi"))
HUMOR = Scale("humor", "Humor", tuple(Option(str(n), str(n), f"h{n}") for n in range(1, 6)), "How?")


def buttons(tap: Tap, chosen: object = None) -> list[dict[str, Any]]:
    """Return the buttons drawn for a tap."""
    rows = tap_rows(17, tap, chosen)
    return [element for row in rows for element in row.get("elements", ())]


@pytest.mark.parametrize("tap", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_a_tap_is_read_back_as_what_was_drawn(tap: Tap) -> None:
    options = options_of(tap)
    drawn = buttons(tap)
    assert [given_from(press_from(button)) for button in drawn] == [
        {tap.key: option.value} for option in options
    ]
    assert {press_from(button).assignment for button in drawn} == {17}


@pytest.mark.parametrize("tap", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_nothing_is_marked_before_it_is_chosen_and_one_thing_after(tap: Tap) -> None:
    values = [option.value for option in options_of(tap)]
    assert [b["action_id"] for b in buttons(tap) if "style" in b] == []
    for value in values:
        chosen: object = int(value) if value.isdigit() else value
        marked = [press_from(b).option for b in buttons(tap, chosen) if "style" in b]
        assert marked == [value]


def test_a_row_is_never_longer_than_a_desktop_shows() -> None:
    rows = [row for row in tap_rows(17, VERDICT, None) if row["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [4, 4, 1]
    assert len({row["block_id"] for row in rows}) == 3


RANKS = Ordered("ranks", "Ranking", tuple(Option(c, c.upper()) for c in "abcdefg"))


@pytest.mark.parametrize(
    ("line", "said", "ways"),
    [
        ("", "Ranking — tap the best one first.", []),
        ("b", "Ranking — 1. B.  Tap number 2.", ["equal", "back", "over"]),
        ("b=", "Ranking — 1. B.  Tap number 1.", ["equal", "back", "over"]),
        ("b>a=c", "Ranking — 1. B  2. A, C.  Tap number 3.", ["equal", "back", "over"]),
        ("b>a=c>d>e>f>g", "Ranking — 1. B  2. A, C  3. D  4. E  5. F  6. G", ["back", "over"]),
    ],
)
def test_an_order_says_what_stands_where_and_what_comes_next(
    line: str, said: str, ways: list[str]
) -> None:
    title, *rows = tap_rows(17, RANKS, line)
    assert title["text"]["text"] == said
    assert [len(row["elements"]) for row in rows[:-1]] == [5, 2]
    presses = [press_from(button) for button in rows[-1]["elements"]]
    assert [press.option for press in presses] == [*ways, ""]
    assert (presses[-1].deed, presses[-1].field) == ("write", "ranks")
    placed = [b["text"]["text"] for row in rows[:-1] for b in row["elements"] if "style" in b]
    assert len(placed) == len(ranks_of(line))


def test_a_tie_is_only_offered_where_there_are_ties() -> None:
    strict = Ordered("ranks", "Ranking", RANKS.options, ties=False)
    presses = [press_from(button) for button in tap_rows(17, strict, "b")[-1]["elements"]]
    assert [press.option for press in presses] == ["back", "over", ""]


def test_a_scale_says_what_is_asked_and_what_each_point_means() -> None:
    title, row = tap_rows(17, HUMOR, 4)
    assert title["text"]["text"] == "Humor — How?"
    assert [b["text"]["text"] for b in row["elements"]] == [
        "1 h1",
        "2 h2",
        "3 h3",
        "✓ 4 h4",
        "5 h5",
    ]
