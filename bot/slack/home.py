"""The Home tab of an expert."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.services.tallying import Progress
from bot.slack.blocks import Block, actions, button, divider, header, plain_section
from bot.slack.ids import Press

NOBODY = "You are in no campaign yet. A coordinator can add you; then your tasks come by message."


def draw(progress: Progress | None, *sections: Sequence[Block]) -> dict[str, Any]:
    """Draw the Home tab. None: this person is no expert. `sections` stand below: other roles."""
    own = _own(progress) if progress else [header("Hello"), plain_section(NOBODY)]
    more = [block for section in sections for block in (divider(), *section)]
    return {"type": "home", "blocks": [*own, *more]}


def _own(progress: Progress) -> list[Block]:
    go = Press("next")
    begin = button("Bring me the next task", go.action_id, go.value, style="primary")
    return [
        header("Your tasks"),
        plain_section(in_words(progress)),
        *([actions("home", begin)] if progress.waiting else []),
    ]


def in_words(progress: Progress) -> str:
    """Say in a sentence or two what a person did and what waits."""
    many = f"{progress.waiting} or more" if progress.is_more else f"{progress.waiting:,}"
    waits = f"{many} waiting for you." if progress.waiting else "Nothing is waiting for you."
    done = f"You answered {progress.today:,} today and {progress.total:,} in all."
    return f"{waits} {done}"
