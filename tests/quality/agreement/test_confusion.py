"""Which values experts give to the same item."""

from __future__ import annotations

from bot.quality.agreement.confusion import confusion_of
from bot.quality.agreement.tally import Tally


def test_confusion_counts_each_answer_once_against_the_others() -> None:
    """The coincidence matrix of two units, worked by hand: {1, 1, 2} and {2, 3}."""
    tally = Tally("ordinal")
    tally.add([[1, 2, 1]])
    tally.add([[3, 2]])
    found = confusion_of(tally)
    assert found.values == (1, 2, 3)
    assert found.counts == ((1, 1, 0), (1, 0, 1), (0, 1, 0))
    assert found.shares()[0] == [0.5, 0.5, 0]


def test_confusion_of_sides_does_not_depend_on_the_side() -> None:
    tally, other = (Tally("nominal", is_sided=True) for _ in range(2))
    tally.add([["left", "tie"]])
    other.add([["right", "tie"]])
    assert confusion_of(tally) == confusion_of(other)


def test_value_that_nobody_else_could_meet_has_no_shares() -> None:
    tally = Tally("nominal")
    tally.add([["pass"]])
    assert confusion_of(tally).shares() == [[None]]
