"""The dialog that shows what an import would do, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.services.imports.upload_check_result import UploadCheck
from bot.slack.blockkit.blocks import actions, button, context, divider, header, modal
from bot.slack.blockkit.mentions import bullet_list
from bot.slack.blockkit.rich_text import plain_rich_text, rich_text
from bot.slack.blockkit.text import excerpt, pluralize, shorten
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.imports import COLUMN_LABELS

MAX_SHOWN_ITEMS = 2
MAX_PASSAGES_PER_ITEM = 6
MAX_PASSAGE_CHARACTERS = 500
MAX_LISTED = 5
"""Invalid rows, duplicates and warnings that are listed, each."""

MAX_COLUMNS = 20
MAX_LINE_CHARACTERS = 200

DUPLICATE_TEXTS = {"exact": "", "exchanged": ", with the responses exchanged"}


def check_modal(check: UploadCheck) -> ModalView:
    """Return the dialog: the counts, problems, first items, and what becomes a part of items."""
    run_id = str(check.run_id)
    change = Action("change_columns", 0, "", run_id)
    return modal(
        "import_check",
        "Check the import",
        [
            plain_rich_text(f"{check.name} into “{check.campaign}”"),
            bullet_list([(line,) for line in _summary_lines(check)]),
            *_problem_blocks(check),
            *_item_blocks(check.preview),
            divider(),
            *_column_blocks(check),
            actions("change_columns", button("Change columns", change.action_id, change.value)),
        ],
        submit=None if check.is_rejected else "Import",
        metadata=run_id,
    )


def _summary_lines(check: UploadCheck) -> Iterator[str]:
    if check.is_rejected:
        yield "Nothing will be imported: you chose to reject the file if any row is invalid"
    else:
        yield f"{pluralize(check.items, 'item')} to add"
    yield from _answer_lines(check)
    if check.existing:
        yield f"{pluralize(check.existing, 'row')} already imported"
    if check.duplicates:
        yield f"{pluralize(check.duplicates, 'duplicate row')} to leave out"
    if check.rejected:
        verb = "" if check.is_rejected else " to skip"
        yield f"{pluralize(check.rejected, 'invalid row')}{verb}"
    if check.hidden:
        names = _shorten(", ".join(check.hidden))
        yield f"{pluralize(len(check.hidden), 'column')} not shown to experts: {names}"


def _answer_lines(check: UploadCheck) -> Iterator[str]:
    answers = check.answers
    if not answers:
        return
    if not check.is_rejected:
        experts = pluralize(len(answers.by_expert), "expert")
        yield f"{pluralize(answers.new, 'existing answer')} to add, of {experts}"
    if answers.existing:
        yield f"{pluralize(answers.existing, 'answer')} already imported"
    if answers.repeated:
        yield f"{pluralize(answers.repeated, 'repeated answer')} to leave out"
    if answers.by_answer:
        listed = (f"{text}: {count:,}" for text, count in answers.by_answer.most_common())
        yield _shorten(f"Answers read as {'; '.join(listed)}")


def _problem_blocks(check: UploadCheck) -> Iterator[Block]:
    warnings = [f"{row.place}: {row.reason}" if row.line else row.reason for row in check.warnings]
    duplicates = [
        f"{row['row']} repeats {row['first']}{DUPLICATE_TEXTS.get(row['duplicate'], '')}"
        for row in check.duplicate_rows
    ]
    invalid = [f"{row.place}: {row.reason}" for row in check.errors]
    yield from _list_blocks("Invalid rows", invalid, check.rejected)
    yield from _list_blocks("Duplicates", duplicates, check.duplicates)
    yield from _list_blocks("Warnings", warnings, len(warnings))


def _list_blocks(title: str, lines: Sequence[str], count: int) -> Iterator[Block]:
    if not lines:
        return
    yield header(title)
    shown = [_shorten(_capitalize(line)) for line in lines[:MAX_LISTED]]
    more = [f"and {count - MAX_LISTED:,} more"] if count > MAX_LISTED else []
    yield bullet_list([(line,) for line in (*shown, *more)])


def _capitalize(text: str) -> str:
    """Return a line with a capital letter, unless it begins with the name of a file."""
    first_word = text.partition(" ")[0]
    return text if {".", "/"} & {*first_word} else text[:1].upper() + text[1:]


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return shorten(line, MAX_LINE_CHARACTERS)


def _item_blocks(items: Sequence[Sequence[tuple[str, str]]]) -> Iterator[Block]:
    for number, item in enumerate(items[:MAX_SHOWN_ITEMS], start=1):
        yield header(f"Item {number}, as experts will see it")
        passages = item[-MAX_PASSAGES_PER_ITEM:]
        hidden = len(item) - len(passages)
        if hidden:
            yield context(f"{pluralize(hidden, 'earlier message')} above")
        for index, (title, text) in enumerate(passages):
            shown = excerpt(text, MAX_PASSAGE_CHARACTERS)
            yield rich_text(shown.text, title=_shorten(title), block_id=f"item{number}:{index}")
            if shown.omitted:
                yield context(f"and {pluralize(shown.omitted, 'more character')}")


def _column_blocks(check: UploadCheck) -> Iterator[Block]:
    used = [f"{name}: {_label(part)}" for name, part in check.columns.items()]
    if used:
        more = [f"and {len(used) - MAX_COLUMNS:,} more"] if len(used) > MAX_COLUMNS else []
        yield header("Columns")
        yield bullet_list([(_shorten(line),) for line in (*used[:MAX_COLUMNS], *more)])
    if check.hidden:
        names = ", ".join(check.hidden[:MAX_COLUMNS])
        more_text = f" and {len(check.hidden) - MAX_COLUMNS:,} more"
        rest = more_text if len(check.hidden) > MAX_COLUMNS else ""
        yield plain_rich_text(
            f"Not shown to experts, but kept and exported: {excerpt(names, 1_000).text}{rest}"
        )


def _label(parts: str) -> str:
    if parts.startswith("shape "):
        return f"read as {parts.removeprefix('shape ')}"
    return ", ".join(COLUMN_LABELS.get(part, part.capitalize()) for part in parts.split(", "))
