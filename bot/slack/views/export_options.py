"""The dialog that exports a campaign: format, channel and, on request, all options of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import BotError, FieldsError
from bot.exports.export_choices import Evidence, Pseudonyms
from bot.exports.formats import DATASET, FORMATS
from bot.exports.row_options import (
    DEFAULT_OPTIONS,
    ROW_OPTIONS,
    SOURCES,
    Aggregate,
    RowOptions,
    Undecided,
    parse_row_options,
)
from bot.kinds import kind_named
from bot.kinds.label import Preference, Rating
from bot.slack.blockkit.blocks import actions, button, divider, modal, plain_section
from bot.slack.blockkit.entries import Entries, Inputs, StateValues, parse_inputs
from bot.slack.blockkit.inputs import channel_input, multi_select_input, select_input, text_input
from bot.slack.blockkit.types import Block, InputBlock, ModalView
from bot.slack.parsing.action_ids import Action

FORMAT, CHANNEL = "format", "channel"

YES = "yes"

DATASET_DESCRIPTION = "all of our formats in one folder"

AGGREGATES = (
    (Aggregate.NONE.value, "Every answer stays a row"),
    (Aggregate.MAJORITY.value, "Majority: the most frequent answer"),
    (Aggregate.WEIGHTED.value, "Weighted by the experts' reliability"),
    (Aggregate.DAWID_SKENE.value, "The most probable answer (Dawid and Skene)"),
)
UNDECIDED = ((Undecided.KEEP.value, "Include them"), (Undecided.DROP.value, "Leave them out"))
PSEUDONYMS = (
    (Pseudonyms.WORKSPACE.value, "The same in all exports"),
    (Pseudonyms.CAMPAIGN.value, "The same in exports of this campaign"),
    (Pseudonyms.EXPORT.value, "Other ones in each export"),
)
SOURCE_OPTIONS = tuple((source, source.capitalize()) for source in SOURCES)

USUAL = "Empty: as usual for the format."


@dataclass(frozen=True, slots=True)
class ExportDialog:
    """What the dialog shows: a campaign, the formats that suit it, and what was entered so far."""

    campaign_id: int
    campaign: str
    kind: str
    formats: Sequence[str]
    entries: Entries = field(default_factory=dict)
    shows_options: bool = False


def export_modal(dialog: ExportDialog) -> ModalView:
    """Return the dialog, with the inputs for all options if it shows them."""
    return modal(
        "export_options",
        "Export a dataset",
        [
            plain_section(f"Campaign: {dialog.campaign}"),
            *_general_inputs(dialog),
            *(_option_inputs(dialog) if dialog.shows_options else [_more_button(dialog)]),
        ],
        submit="Export",
        metadata=str(dialog.campaign_id),
    )


def _more_button(dialog: ExportDialog) -> Block:
    more = Action("more_export_options", dialog.campaign_id)
    return actions("more_options", button("More options", more.action_id, more.value))


def _general_inputs(dialog: ExportDialog) -> list[InputBlock]:
    formats = [(name, name, _describe(name)) for name in (*dialog.formats, DATASET)]
    chosen = str(dialog.entries.get(FORMAT) or dialog.formats[0])
    return [
        select_input(FORMAT, "Format", formats, chosen=chosen),
        channel_input(
            CHANNEL,
            "Channel",
            chosen=str(dialog.entries.get(CHANNEL) or ""),
            hint="It gets the result and the file. Empty: you get them.",
            optional=True,
        ),
    ]


def _describe(format_name: str) -> str:
    return FORMATS[format_name].description if format_name in FORMATS else DATASET_DESCRIPTION


def _option_inputs(dialog: ExportDialog) -> list[Block]:
    entries = dialog.entries
    return [
        divider(),
        *_answer_inputs(entries),
        divider(),
        *_pair_inputs(dialog),
        *_row_inputs(entries),
        divider(),
        *_column_inputs(entries),
        divider(),
        *_card_inputs(entries),
    ]


def _answer_inputs(entries: Entries) -> list[InputBlock]:
    """Return the inputs for which answers count, and how they become rows."""
    return [
        _menu(entries, "aggregate", "Answers to one item", AGGREGATES, USUAL),
        _box(entries, "min-agreement", "Smallest agreement", "0.7", "A share from 0 to 1."),
        multi_select_input(
            "source",
            "Consensus",
            SOURCE_OPTIONS,
            chosen=entries.get("source") or (),
            hint="Only items whose answers agree like this. Empty: all.",
            optional=True,
            as_checkboxes=True,
        ),
        _box(
            entries,
            "since",
            "Only answers since",
            "last",
            "“last”: since the last export in this format. Or a date in UTC: 2026-03-01.",
        ),
        _checkbox(entries, "evidence", "Evidence", "Only answers whose expert could see all text"),
    ]


def _pair_inputs(dialog: ExportDialog) -> list[InputBlock]:
    """Return the inputs for which pairs have rows, as far as the kind has such pairs."""
    entries, label = dialog.entries, kind_named(dialog.kind).example.label
    if isinstance(label, Preference):
        return [
            _menu(entries, "ties", "Ties", UNDECIDED, USUAL),
            _menu(entries, "both-bad", "Pairs with two bad responses", UNDECIDED, USUAL),
        ]
    if not isinstance(label, Rating):
        return []
    hint = "Two ratings of one prompt that differ by this share of the scale become a pair."
    return [_box(entries, "gap", "Gap between two ratings", "0.25", hint)]


def _row_inputs(entries: Entries) -> list[InputBlock]:
    """Return the inputs for duplicate rows and splits."""
    return [
        _checkbox(entries, "deduplicate", "Duplicates", "Leave out repeated rows"),
        _box(
            entries,
            "split",
            "Splits",
            "validation=0.05,test=0.1",
            "Each gets its share of the prompts; “train” gets the rest.",
        ),
    ]


def _column_inputs(entries: Entries) -> list[InputBlock]:
    """Return the inputs for what the rows show."""
    return [
        _box(
            entries,
            "meta",
            "Imported columns to add",
            "domain,source",
            "Names of columns of the imported file, with commas.",
        ),
        _menu(entries, "pseudonyms", "Pseudonyms of experts", PSEUDONYMS),
        text_input(
            "redact",
            "Texts to replace",
            value=str(entries.get("redact") or ""),
            hint="email, phone, or a pattern (RE2), one on each line.",
            optional=True,
            multiline=True,
        ),
    ]


def _card_inputs(entries: Entries) -> list[InputBlock]:
    """Return the inputs for the dataset card."""
    return [
        _box(entries, "license", "License of the dataset", "cc-by-4.0"),
        _box(entries, "language", "Languages of the dataset", "en,de"),
    ]


def _menu(
    entries: Entries, key: str, label: str, options: Sequence[tuple[str, str]], hint: str = ""
) -> InputBlock:
    chosen = str(entries.get(key) or "")
    return select_input(key, label, options, chosen=chosen, hint=hint, optional=True)


def _box(entries: Entries, key: str, label: str, example: str, hint: str = "") -> InputBlock:
    value = str(entries.get(key) or "")
    return text_input(key, label, value=value, placeholder=example, hint=hint, optional=True)


def _checkbox(entries: Entries, key: str, label: str, text: str) -> InputBlock:
    chosen = entries.get(key) or ()
    return multi_select_input(
        key, label, [(YES, text)], chosen=chosen, optional=True, as_checkboxes=True
    )


def parse_options(values: StateValues) -> RowOptions:
    """Return the options that were entered; the default of those that the dialog does not show.

    Raises:
        FieldsError: one or more of them are invalid; each error is at its own input.
    """
    texts = _option_texts(parse_inputs(values))
    errors = {name: error for name, text in texts.items() if (error := _find_error(name, text))}
    if errors:
        raise FieldsError(errors)
    return parse_row_options(texts) if texts else DEFAULT_OPTIONS


def _option_texts(inputs: Inputs) -> dict[str, str]:
    """Return what was entered as texts by the name of the option, as commands have them."""
    checked = {"deduplicate": YES, "evidence": Evidence.OPENED.value}
    listed = {"source": ",".join(inputs.texts("source"))}
    listed |= {name: text for name, text in checked.items() if YES in inputs.texts(name)}
    entered = {
        name: listed.get(name, "") if name in ("source", *checked) else inputs.text(name)
        for name in ROW_OPTIONS
    }
    return {name: text for name, text in entered.items() if text}


def _find_error(name: str, text: str) -> str:
    try:
        ROW_OPTIONS[name].parse(text)
    except BotError as error:
        return str(error)
    return ""
