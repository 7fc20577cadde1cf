"""Who was reminded by a coordinator's hand, and who was left alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.urging import Urged
from bot.slack.cards import Drawn
from bot.slack.mentioning import Named, Part, lines, sentence, told
from bot.slack.text import counted

NOBODY = "Nobody holds a task now, so there is nobody to remind."
MOST_NAMED = 20


def urged(what: Urged) -> Drawn:
    """Draw who was reminded, and who was left alone and why."""
    if not what.people and not what.left:
        return Drawn(NOBODY, [sentence(NOBODY)])
    head = f"{counted(len(what.people), 'person')} reminded."
    left = sum(map(len, what.left.values()))
    head += f" {counted(left, 'person')} left alone:" if left else ""
    rows: list[tuple[Part, ...]] = [
        (*_names(people), f": {why.value}") for why, people in what.left.items()
    ]
    return Drawn(told(head), [sentence(head), *([lines(rows)] if rows else [])])


def _names(people: Sequence[str]) -> list[Part]:
    named = [Named(one) for one in people[:MOST_NAMED]]
    parts: list[Part] = [part for one in named for part in (one, ", ")][:-1]
    more = len(people) - MOST_NAMED
    return [*parts, *([f" and {more} more"] if more > 0 else [])]
