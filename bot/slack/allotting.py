"""What became of tasks that a coordinator handed out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.allotting import Handed
from bot.slack.cards import Drawn
from bot.slack.mentioning import Named, Part, lines, sentence, told
from bot.slack.text import counted


def handed(campaign: str, results: Sequence[Handed]) -> Drawn:
    """Draw what each person was given, and why somebody was given nothing."""
    rows: list[tuple[Part, ...]] = [_row(one) for one in results]
    total = sum(one.given for one in results)
    head = f"{counted(total, 'task')} of “{campaign}” handed out, to be seen in their own hours."
    head = head if total else f"Nothing of “{campaign}” was handed out."
    return Drawn(told(head), [sentence(head), lines(rows)])


def _row(one: Handed) -> tuple[Part, ...]:
    return (Named(one.person), f": {counted(one.given, 'task')}" if one.given else f": {one.why}")
