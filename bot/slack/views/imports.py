"""Import screens: choosing a file, receiving it, mapping its columns, and the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.imports.column_names import MEDIA_NAMES
from bot.imports.mapping import PARTS, ColumnMapping
from bot.imports.readers import READERS
from bot.imports.readers.containers import ARCHIVE, COMPRESSED
from bot.kinds import kind_named
from bot.services.imports.upload_choice import ADDED_ANSWERS, DUPLICATES, WARNINGS
from bot.services.imports.uploads import ImportTarget, UploadedFile, required_part
from bot.slack.blockkit.blocks import actions, button, context, divider, modal, plain_section
from bot.slack.blockkit.entries import StateValues, parse_inputs
from bot.slack.blockkit.inputs import file_input, multi_select_input, select_input, text_input
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action, is_number, parse_row_id
from bot.slack.views.import_answers import answer_inputs
from storage.tables import ImportRun, RunState

MAX_COLUMNS = 100
"""Columns or campaigns to choose from: Slack's limit of options in a menu."""

MAX_CELL_CHARS = 300
"""Characters of a cell that are shown."""

MAX_LISTED_CHARS = 1_000
"""Characters of the names of columns in the receipt of a file: enough to recognize it."""

FILE_KEY, URL_KEY, CAMPAIGN_KEY, STRICT_KEY = "file", "url", "select_import_campaign", "strict"

COLUMN_LABELS = {
    "prompt": "Prompt",
    "candidates": "Responses",
    "models": "Models",
    "draft": "Draft",
    "id": "Row id",
    "author": "Prompt author",
    "authors": "Response authors",
    "alt": "Image descriptions",
    "candidate_images": "Response images",
    "candidate_audio": "Response audio",
    "candidate_video": "Response video",
    "candidate_alt": "Response image descriptions",
    "gold": "Gold answer",
}
"""Labels of the parts of an item whose capitalized name is not clear enough."""

COLUMN_HINTS = {
    "prompt": "What the model was asked. Several columns are joined.",
    "candidates": "One column for each response, or one column with a list.",
    "models": "The model behind each response, in the same order. Never shown to experts.",
    "id": "Prevents importing the same row twice.",
    "author": "A Slack id or a pseudonym. Authors never get their own items.",
    "domains": "Only experts in one of these domains get the item.",
    "language": "Only experts who read this language get the item.",
    "gold": "The known answer. Gold questions are hidden among the tasks to check experts.",
}


def import_source_modal(
    campaigns: Sequence[tuple[int, str]], chosen: int | None = None
) -> ModalView:
    """Return the modal that asks for a file or a URL. `campaigns` are ids with titles."""
    options = [(_campaign_option(number), title) for number, title in campaigns[:MAX_COLUMNS]]
    extensions = [ending.removeprefix(".") for ending in (*READERS, ARCHIVE, COMPRESSED)]
    initial = _campaign_option(chosen) if chosen else options[0][0] if len(options) == 1 else ""
    return modal(
        "import_source",
        "Import items",
        [
            select_input(CAMPAIGN_KEY, "Campaign", options, chosen=initial),
            file_input(FILE_KEY, "File", extensions, hint=_extensions_hint(), optional=True),
            text_input(
                URL_KEY,
                "File URL",
                placeholder="https://…",
                hint="Instead of a file.",
                optional=True,
                max_length=2000,
            ),
            context("You can check the contents before anything is imported."),
        ],
        submit="Next",
    )


def _extensions_hint() -> str:
    return f"{', '.join(READERS)}; also compressed ({COMPRESSED}) or in a {ARCHIVE} archive."


def _campaign_option(campaign: int) -> str:
    return Action("", 0, "", str(campaign)).value


def parse_campaign_id(value: object) -> int | None:
    """Return the id of the chosen campaign, or None."""
    return parse_row_id(str(value or "").rpartition(":")[2]) or None


def render_file_received(file: UploadedFile) -> Message:
    """Render the receipt of a file: its columns, and the button that opens the mapping."""
    listed = ", ".join(file.columns)
    columns = f"{listed[:MAX_LISTED_CHARS]}…" if len(listed) > MAX_LISTED_CHARS else listed
    text = f"Received {file.name} with {pluralize(len(file.columns), 'column')}: {columns}."
    destination = f" into {file.campaign}" if file.campaign else ""
    map_action = Action("map_columns", 0, "", str(file.run_id))
    return Message(
        escape_mrkdwn(text),
        [
            plain_rich_text(f"{text} Nothing is imported yet."),
            actions(
                f"map_columns:{file.run_id}",
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
) -> ModalView:
    """Return the modal that maps a file's columns to the parts of `target`'s items.

    `shows_all`: include the parts that few files have, not only the usual and the detected ones.
    """
    options = [(_campaign_option(choice.id), choice.title) for choice in targets[:MAX_COLUMNS]]
    campaign = select_input(CAMPAIGN_KEY, "Campaign", options, chosen=_campaign_option(target.id))
    return modal(
        "map_columns",
        "Import items",
        [
            plain_section(f"{file.name}: {kind_named(target.kind).task_phrase}."),
            {**campaign, "dispatch_action": True},
            *_shape_note(target),
            *(
                _column_input(file, target, part, shows_all=shows_all)
                for part in _parts_to_map(target, shows_all=shows_all)
            ),
            *(answer_inputs(file, target) if shows_all or target.answers else ()),
            *([] if shows_all else [_more_columns_button(file, target)]),
            multi_select_input(
                STRICT_KEY,
                "Invalid rows",
                [("strict", "Reject the whole file if any row is invalid")],
                as_checkboxes=True,
                optional=True,
                hint="Otherwise invalid rows are skipped, and you get a list of them.",
            ),
            divider(),
            *_preview_rows(file),
        ],
        submit="Check",
        metadata=str(file.run_id),
    )


def _shape_note(target: ImportTarget) -> list[Block]:
    if not target.shape:
        return []
    text = f"Recognized: {target.shape}. You need not choose columns; check the result."
    return [context(text)]


def _parts_to_map(target: ImportTarget, *, shows_all: bool) -> list[str]:
    """Return the parts to map: those that most items of the kind have, and the detected ones."""
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
    more = Action("show_more_columns", 0, str(target.id), str(file.run_id))
    return actions("more_columns", button("Show more columns", more.action_id, more.value))


def _is_required(target: ImportTarget, part: str) -> bool:
    """Return whether a column must be chosen for a part: media or a shape may have it instead."""
    has_media = any(getattr(target.columns, f"candidate_{kind}") for kind in MEDIA_NAMES)
    is_known = target.shape or (part == "candidates" and has_media)
    return part == required_part(kind_named(target.kind)) and not is_known


def _column_input(file: UploadedFile, target: ImportTarget, part: str, *, shows_all: bool) -> Block:
    """Return a menu of columns, with the detected ones chosen.

    The menu of the part that items need is required, unless other columns may have it.

    Its `block_id` contains the campaign: Slack keeps a person's choice for the same `block_id`, and
    another campaign must show its own detected columns.
    """
    columns = file.columns[:MAX_COLUMNS]
    options = [(str(index), name) for index, name in enumerate(columns)]
    detected = getattr(target.columns, part)
    chosen = [str(columns.index(name)) for name in detected if name in columns]
    label, hint = COLUMN_LABELS.get(part, part.capitalize()), COLUMN_HINTS.get(part, "")
    is_optional = shows_all or not _is_required(target, part)
    select = multi_select_input(
        part, label, options, chosen=chosen, hint=hint, optional=is_optional
    )
    return {**select, "block_id": f"{part}:{target.id}"}


def parse_columns(values: StateValues, columns: Sequence[str]) -> ColumnMapping:
    """Parse the chosen columns; skip those that the file does not have."""
    chosen = parse_inputs({block.partition(":")[0]: state for block, state in values.items()})
    indexes_by_part = {
        part: [int(index) for index in chosen.texts(part) if is_number(index)] for part in PARTS
    }
    return ColumnMapping(
        **{
            part: tuple(columns[index] for index in indexes if index < len(columns))
            for part, indexes in indexes_by_part.items()
        }
    )


def errors_by_block(errors: Mapping[str, str], campaign_id: int) -> dict[str, str]:
    """Return error messages by `block_id` of `column_mapping_modal`, from those by part."""
    return {
        f"{part}:{campaign_id}" if part in PARTS else part: message
        for part, message in errors.items()
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
    """Render the result of an import."""
    if run.state != RunState.DONE:
        text = f"Import of {run.name} into “{title}” failed: {run.error}"
        message = _render_text(text if text.endswith((".", "!", "?")) else f"{text}.")
        import_action = Action("import_items", 0, "", str(run.campaign_id))
        retry_button = button("Import another file…", import_action.action_id, import_action.value)
        return replace(message, blocks=[*message.blocks, actions("import_another", retry_button)])
    sentences = [f"Added {pluralize(run.added or 0, 'item')} from {run.name} to “{title}”."]
    sentences += [f"{pluralize(run.existing, 'row')} already imported."] if run.existing else []
    counts = run.column_mapping or {}
    if answers := counts.get(ADDED_ANSWERS):
        sentences.append(f"{pluralize(answers, 'answer')} added.")
    if duplicates := counts.get(DUPLICATES):
        sentences.append(f"{pluralize(duplicates, 'duplicate row')} left out.")
    sentences += (
        [f"{pluralize(run.rejected, 'invalid row')} skipped: see the list."] if run.rejected else []
    )
    if warnings := counts.get(WARNINGS):
        sentences.append(f"{pluralize(warnings, 'warning')}: see the list.")
    return _render_text(" ".join(sentences))


def _render_text(text: str) -> Message:
    return Message(escape_mrkdwn(text), [plain_rich_text(text)])


def rejected_rows_filename(run: ImportRun) -> str:
    """Return the name of the file that lists the invalid rows."""
    return f"{Path(run.name).stem}-rejected-rows.csv"
