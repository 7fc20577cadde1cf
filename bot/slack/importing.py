"""Files to import: what came, the modal that says where it goes, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.imports import IMPORTERS
from bot.imports.columns import PARTS, Columns
from bot.kinds import kind_named
from bot.services.receiving import Arrived, Goal
from bot.slack.blocks import Block, actions, button, context, divider, modal, plain_section
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.inputs import (
    choice_input,
    choices_input,
    entered,
    file_input,
    text_input,
)
from bot.slack.richtext import words as rich_words
from bot.slack.text import counted, escaped
from storage.tables import ImportRun, RunState

MOST_COLUMNS = 100
"""Columns to choose from: options that a menu of Slack's holds."""

CELL = 300
"""Characters that are shown of a cell."""

FILE, ADDRESS, GOAL, STRICT = "file", "address", "bring_to", "strict"

LABELS = {
    "prompt": "Prompt",
    "candidates": "Responses",
    "models": "Models",
    "draft": "Draft",
    "id": "Id of the row",
    "author": "Author of the prompt",
    "authors": "Authors of the responses",
    "alt": "What the images show",
    "candidate_images": "Images of the responses",
    "candidate_audio": "Audio of the responses",
    "candidate_video": "Video of the responses",
    "candidate_alt": "What the responses' images show",
    "gold": "Answer known to be right",
}
"""What the parts of an item are called where their plain name says too little."""

HINTS = {
    "prompt": "What was asked. Several columns are joined.",
    "candidates": "One column for each response, or one that holds a list.",
    "models": "Who wrote each response, in the same order. Never shown to experts.",
    "id": "So that the same row is not imported twice.",
    "author": "A Slack id or a pseudonym. They never judge what they wrote.",
    "domains": "Fields of knowledge: only experts who have one of them are asked.",
    "language": "Only experts who read it are asked.",
    "gold": "Mixed in unseen, to see how experts do.",
}


def asking(campaigns: Sequence[tuple[int, str]], chosen: int | None = None) -> dict[str, Any]:
    """Draw the modal that asks for a file or an address. `campaigns` are ids with titles."""
    options = [(_goal_value(number), title) for number, title in campaigns[:MOST_COLUMNS]]
    endings = [ending.removeprefix(".") for ending in IMPORTERS]
    begins = _goal_value(chosen) if chosen else options[0][0] if len(options) == 1 else ""
    return modal(
        "fetch",
        "Import items",
        [
            choice_input(GOAL, "Campaign", options, chosen=begins),
            file_input(FILE, "A file", endings, hint=_endings(), optional=True),
            text_input(
                ADDRESS, "Or its address", placeholder="https://…", optional=True, most=2000
            ),
            context("You will see what is in it before anything is imported."),
        ],
        submit="Go on",
    )


def _endings() -> str:
    return f"{', '.join(IMPORTERS)}, in UTF-8"


def _goal_value(campaign: int) -> str:
    return Press("", 0, "", str(campaign)).value


def goal_from(value: object) -> int | None:
    """Read back which campaign was chosen."""
    number = str(value or "").rpartition(":")[2]
    return int(number) if number.isdigit() else None


def offered(file: Arrived) -> Drawn:
    """Draw that a file is here, what is in it, and the button that says where it goes."""
    columns = ", ".join(file.columns[:20]) + ("…" if len(file.columns) > 20 else "")  # noqa: PLR2004 - enough to know it by
    said = f"{file.name} is here. It has {counted(len(file.columns), 'column')}: {columns}."
    to = f" into {file.campaign}" if file.campaign else ""
    bring = Press("bring", 0, "", str(file.run))
    return Drawn(
        escaped(said),
        [
            rich_words(f"{said} Nothing is imported yet."),
            actions(
                f"bring:{file.run}",
                button(f"Import{to}…"[:75], bring.action_id, bring.value, style="primary"),
            ),
        ],
    )


def mapping(
    file: Arrived, goals: Sequence[Goal], chosen: Goal, *, is_whole: bool = False
) -> dict[str, Any]:
    """Draw the modal that says where a file goes and which column holds what.

    `is_whole`: with the parts that few files have; else only those that were guessed.
    """
    options = [(_goal_value(goal.id), goal.title) for goal in goals[:MOST_COLUMNS]]
    campaign = choice_input(GOAL, "Campaign", options, chosen=_goal_value(chosen.id))
    return modal(
        "bring",
        "Import items",
        [
            plain_section(f"{file.name}: {kind_named(chosen.kind).asks}."),
            {**campaign, "dispatch_action": True},
            *(_column_input(file, chosen, part) for part in _parts(chosen, is_whole=is_whole)),
            *([] if is_whole else [_more(file, chosen)]),
            choices_input(
                STRICT,
                "If a row cannot be used",
                [("strict", "Import nothing at all")],
                as_ticks=True,
                optional=True,
                hint="Otherwise it is left out, and you get a list.",
            ),
            divider(),
            *_rows(file),
        ],
        submit="Import",
        metadata=str(file.run),
    )


def _parts(goal: Goal, *, is_whole: bool) -> list[str]:
    """Return the parts to ask for: those most items of the kind have, and those guessed."""
    content = kind_named(goal.kind).example.content
    usual = {"prompt", "id", *(("candidates", "models") if content.candidates else ("draft",))}
    unfit = set() if content.candidates else {"candidates", "models", "authors"}
    return [
        part
        for part in PARTS
        if part in usual or getattr(goal.columns, part) or (is_whole and part not in unfit)
    ]


def _more(file: Arrived, goal: Goal) -> Block:
    more = Press("bring_more", 0, str(goal.id), str(file.run))
    return actions("more", button("More columns…", more.action_id, more.value))


def _column_input(file: Arrived, goal: Goal, part: str) -> Block:
    """Draw a menu of columns. Another campaign gets another block, so that its guess shows."""
    columns = file.columns[:MOST_COLUMNS]
    options = [(str(place), name) for place, name in enumerate(columns)]
    guessed = getattr(goal.columns, part)
    chosen = [str(columns.index(name)) for name in guessed if name in columns]
    label, hint = LABELS.get(part, part.capitalize()), HINTS.get(part, "")
    drawn = choices_input(part, label, options, chosen=chosen, hint=hint, optional=True)
    return {**drawn, "block_id": f"{part}:{goal.id}"}


def columns_from(values: Mapping[str, Any], columns: Sequence[str]) -> Columns:
    """Read back which columns of a file hold what."""
    chosen = entered({block.partition(":")[0]: inside for block, inside in values.items()})
    found = {part: [int(place) for place in chosen.get(part) or ()] for part in PARTS}
    return Columns(
        **{
            part: tuple(columns[place] for place in places if place < len(columns))
            for part, places in found.items()
        }
    )


def at_their_menus(fields: Mapping[str, str], goal: int) -> dict[str, str]:
    """Return what is wrong by the blocks that `mapping` drew."""
    return {f"{part}:{goal}" if part in PARTS else part: said for part, said in fields.items()}


def _rows(file: Arrived) -> list[Block]:
    return [
        block
        for number, row in enumerate(file.first, start=1)
        for block in (context(f"Row {number}"), plain_section(_row(row)))
    ]


def _row(row: Mapping[str, str]) -> str:
    lines = (f"{name}: {_cell(value)}" for name, value in list(row.items())[:10])
    return "\n".join(lines)[:3000] or "empty"


def _cell(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= CELL - 20 else f"{line[: CELL - 20]}…"


def imported(run: ImportRun, title: str) -> Drawn:
    """Draw what became of a file."""
    if run.state != RunState.DONE:
        said = f"{run.name} was not imported into “{title}”: {run.error}"
        drawn = _said(said if said.endswith((".", "!", "?")) else f"{said}.")
        ask = Press("bring_items", 0, "", str(run.campaign_id))
        again = button("Import another file", ask.action_id, ask.value)
        return replace(drawn, blocks=[*drawn.blocks, actions("again", again)])
    parts = [f"{counted(run.added or 0, 'item')} of {run.name} added to “{title}”"]
    parts += [f"{run.there:,} were there already"] if run.there else []
    parts += [f"{counted(run.bad, 'row')} left out: see the list"] if run.bad else []
    return _said(f"{', '.join(parts)}.")


def _said(words: str) -> Drawn:
    return Drawn(escaped(words), [rich_words(words)])


def report_name(run: ImportRun) -> str:
    """Return what the list of rows that were left out is called."""
    return f"{Path(run.name).stem}-left-out.csv"
