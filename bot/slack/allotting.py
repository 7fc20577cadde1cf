"""Handing out tasks: the window that asks who gets which, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.services.allotting import MOST, Handed, Portion
from bot.slack.blocks import modal, plain_section
from bot.slack.cards import Drawn
from bot.slack.inputs import entered, number_input, people_input, text_input
from bot.slack.mentioning import Named, Part, lines, sentence, told
from bot.slack.text import counted


def window(campaign_id: int, title: str) -> dict[str, Any]:
    """Draw the window that asks who gets tasks of a campaign, and which."""
    return modal(
        "assign",
        "Hand out tasks",
        [
            plain_section(
                f"Tasks of “{title}” for certain people, whatever their field. They see them one "
                "by one, in their own hours."
            ),
            people_input("people", "To whom?"),
            number_input("count", "How many each?", least=1, most=MOST, value=1, optional=True),
            text_input(
                "item",
                "Or the task of one item",
                hint="Its id, as it was imported; then the number does not count.",
                most=200,
                optional=True,
            ),
        ],
        submit="Hand out",
        metadata=str(campaign_id),
    )


def read(values: Mapping[str, Any]) -> tuple[tuple[str, ...], Portion]:
    """Return whom the window names, and what they get."""
    said = entered(values)
    count = int(said.get("count") or 1)
    return tuple(said.get("people") or ()), Portion(said.get("item") or "", count)


def handed(campaign: str, results: Sequence[Handed]) -> Drawn:
    """Draw what each person was given, and why somebody was given nothing."""
    rows: list[tuple[Part, ...]] = [_row(one) for one in results]
    total = sum(one.given for one in results)
    head = f"{counted(total, 'task')} of “{campaign}” handed out, to be seen in their own hours."
    head = head if total else f"Nothing of “{campaign}” was handed out."
    return Drawn(told(head), [sentence(head), lines(rows)])


def _row(one: Handed) -> tuple[Part, ...]:
    return (Named(one.person), f": {counted(one.given, 'task')}" if one.given else f": {one.why}")
