"""Files to import: what came, the modal that says where it goes, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.imports import IMPORTERS
from bot.imports.column_mapping import PARTS, ColumnMapping
from bot.kinds import kind_named
from bot.services.imports.uploads import ImportTarget, UploadedFile
from bot.slack.blockkit.blocks import Block, actions, button, context, divider, modal, plain_section
from bot.slack.blockkit.inputs import (
    file_input,
    multi_select_input,
    parse_inputs,
    select_input,
    text_input,
)
from bot.slack.blockkit.rich_text import plain_rich_text as rich_words
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message
from storage.tables import ImportRun, RunState

MAX_COLUMNS = 100
"""Columns to choose from: options that a menu of Slack's holds."""

MAX_CELL_CHARS = 300
"""Characters that are shown of a cell."""

FILE_KEY, URL_KEY, CAMPAIGN_KEY, STRICT_KEY = "file", "address", "bring_to", "strict"

COLUMN_LABELS = {
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

COLUMN_HINTS = {
    "prompt": "What was asked. Several columns are joined.",
    "candidates": "One column for each response, or one that holds a list.",
    "models": "Who wrote each response, in the same order. Never shown to experts.",
    "id": "So that the same row is not imported twice.",
    "author": "A Slack id or a pseudonym. They never judge what they wrote.",
    "domains": "Fields of knowledge: only experts who have one of them are asked.",
    "language": "Only experts who read it are asked.",
    "gold": "Mixed in unseen, to see how experts do.",
}


def import_source_modal(
    campaigns: Sequence[tuple[int, str]], chosen: int | None = None
) -> dict[str, Any]:
    """Draw the modal that asks for a file or an address. `campaigns` are ids with titles."""
    options = [(_campaign_option(number), title) for number, title in campaigns[:MAX_COLUMNS]]
    extensions = [ending.removeprefix(".") for ending in IMPORTERS]
    initial = _campaign_option(chosen) if chosen else options[0][0] if len(options) == 1 else ""
    return modal(
        "fetch",
        "Import items",
        [
            select_input(CAMPAIGN_KEY, "Campaign", options, chosen=initial),
            file_input(FILE_KEY, "A file", extensions, hint=_extensions_hint(), optional=True),
            text_input(
                URL_KEY, "Or its address", placeholder="https://…", optional=True, max_length=2000
            ),
            context("You will see what is in it before anything is imported."),
        ],
        submit="Go on",
    )


def _extensions_hint() -> str:
    return f"{', '.join(IMPORTERS)}, in UTF-8"


def _campaign_option(campaign: int) -> str:
    return Action("", 0, "", str(campaign)).value


def parse_campaign_id(value: object) -> int | None:
    """Read back which campaign was chosen."""
    number = str(value or "").rpartition(":")[2]
    return int(number) if number.isdigit() else None


def render_file_received(file: UploadedFile) -> Message:
    """Draw that a file is here, what is in it, and the button that says where it goes."""
    columns = ", ".join(file.columns[:20]) + ("…" if len(file.columns) > 20 else "")  # noqa: PLR2004 - enough to know it by
    text = f"{file.name} is here. It has {pluralize(len(file.columns), 'column')}: {columns}."
    destination = f" into {file.campaign}" if file.campaign else ""
    map_action = Action("bring", 0, "", str(file.run_id))
    return Message(
        escape_mrkdwn(text),
        [
            rich_words(f"{text} Nothing is imported yet."),
            actions(
                f"bring:{file.run_id}",
                button(
                    f"Import{destination}…"[:75],
                    map_action.action_id,
                    map_action.value,
                    style="primary",
                ),
            ),
        ],
    )


def column_mapping_modal(
    file: UploadedFile,
    targets: Sequence[ImportTarget],
    target: ImportTarget,
    *,
    shows_all: bool = False,
) -> dict[str, Any]:
    """Draw the modal that says where a file goes and which column holds what.

    `is_whole`: with the parts that few files have; else only those that were guessed.
    """
    options = [(_campaign_option(goal.id), goal.title) for goal in targets[:MAX_COLUMNS]]
    campaign = select_input(CAMPAIGN_KEY, "Campaign", options, chosen=_campaign_option(target.id))
    return modal(
        "bring",
        "Import items",
        [
            plain_section(f"{file.name}: {kind_named(target.kind).task_phrase}."),
            {**campaign, "dispatch_action": True},
            *(
                _column_input(file, target, part)
                for part in _parts_to_map(target, shows_all=shows_all)
            ),
            *([] if shows_all else [_more_columns_button(file, target)]),
            multi_select_input(
                STRICT_KEY,
                "If a row cannot be used",
                [("strict", "Import nothing at all")],
                as_checkboxes=True,
                optional=True,
                hint="Otherwise it is left out, and you get a list.",
            ),
            divider(),
            *_preview_rows(file),
        ],
        submit="Import",
        metadata=str(file.run_id),
    )


def _parts_to_map(target: ImportTarget, *, shows_all: bool) -> list[str]:
    """Return the parts to ask for: those most items of the kind have, and those guessed."""
    content = kind_named(target.kind).example.content
    usual_parts = {
        "prompt",
        "id",
        *(("candidates", "models") if content.candidates else ("draft",)),
    }
    unsuitable_parts = set() if content.candidates else {"candidates", "models", "authors"}
    return [
        part
        for part in PARTS
        if part in usual_parts
        or getattr(target.columns, part)
        or (shows_all and part not in unsuitable_parts)
    ]


def _more_columns_button(file: UploadedFile, target: ImportTarget) -> Block:
    more = Action("bring_more", 0, str(target.id), str(file.run_id))
    return actions("more", button("More columns…", more.action_id, more.value))


def _column_input(file: UploadedFile, target: ImportTarget, part: str) -> Block:
    """Draw a menu of columns. Another campaign gets another block, so that its guess shows."""
    columns = file.columns[:MAX_COLUMNS]
    options = [(str(place), name) for place, name in enumerate(columns)]
    guesses = getattr(target.columns, part)
    chosen = [str(columns.index(name)) for name in guesses if name in columns]
    label, hint = COLUMN_LABELS.get(part, part.capitalize()), COLUMN_HINTS.get(part, "")
    select = multi_select_input(part, label, options, chosen=chosen, hint=hint, optional=True)
    return {**select, "block_id": f"{part}:{target.id}"}


def parse_columns(values: Mapping[str, Any], columns: Sequence[str]) -> ColumnMapping:
    """Read back which columns of a file hold what."""
    chosen = parse_inputs({block.partition(":")[0]: inside for block, inside in values.items()})
    indexes = {part: [int(place) for place in chosen.get(part) or ()] for part in PARTS}
    return ColumnMapping(
        **{
            part: tuple(columns[place] for place in places if place < len(columns))
            for part, places in indexes.items()
        }
    )


def errors_by_block(errors: Mapping[str, str], campaign_id: int) -> dict[str, str]:
    """Return what is wrong by the blocks that `mapping` drew."""
    return {
        f"{part}:{campaign_id}" if part in PARTS else part: said for part, said in errors.items()
    }


def _preview_rows(file: UploadedFile) -> list[Block]:
    return [
        block
        for number, row in enumerate(file.preview_rows, start=1)
        for block in (context(f"Row {number}"), plain_section(_format_row(row)))
    ]


def _format_row(row: Mapping[str, str]) -> str:
    lines = (f"{name}: {_format_cell(value)}" for name, value in list(row.items())[:10])
    return "\n".join(lines)[:3000] or "empty"


def _format_cell(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= MAX_CELL_CHARS - 20 else f"{line[: MAX_CELL_CHARS - 20]}…"


def render_import_result(run: ImportRun, title: str) -> Message:
    """Draw what became of a file."""
    if run.state != RunState.DONE:
        text = f"{run.name} was not imported into “{title}”: {run.error}"
        message = _render_text(text if text.endswith((".", "!", "?")) else f"{text}.")
        import_action = Action("bring_items", 0, "", str(run.campaign_id))
        retry_button = button("Import another file", import_action.action_id, import_action.value)
        return replace(message, blocks=[*message.blocks, actions("again", retry_button)])
    parts = [f"{pluralize(run.added or 0, 'item')} of {run.name} added to “{title}”"]
    parts += [f"{run.existing:,} were there already"] if run.existing else []
    parts += [f"{pluralize(run.rejected, 'row')} left out: see the list"] if run.rejected else []
    return _render_text(f"{', '.join(parts)}.")


def _render_text(text: str) -> Message:
    return Message(escape_mrkdwn(text), [rich_words(text)])


def rejected_rows_filename(run: ImportRun) -> str:
    """Return what the list of rows that were left out is called."""
    return f"{Path(run.name).stem}-left-out.csv"
