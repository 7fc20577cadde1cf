"""The modal in which a coordinator edits the guidelines of a campaign."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import orjson

from bot.slack.blockkit.blocks import context, modal
from bot.slack.blockkit.entries import StateValues
from bot.slack.blockkit.inputs import text_input, url_input
from bot.slack.blockkit.types import ModalView
from bot.slack.forms.modal_fields import MAX_INPUT_CHARACTERS, join_parts, split_text
from bot.slack.parsing.action_ids import RowId
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views.task_modals import notice_modal

SAVED_TEXT = "Saved as version {version}. Each expert is notified once, with their next task."
MAX_NOTE_CHARS = 300


@dataclass(frozen=True, slots=True)
class CurrentGuidelines:
    """The present guidelines of a campaign."""

    campaign_id: int
    name: str
    version: int
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class GuidelinesMetadata:
    """The private metadata of the modal; `joins` separate the parts of the text."""

    campaign_id: RowId
    version: RowId
    joins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuidelinesSubmission:
    """The values of the modal; `version` is the version that was edited."""

    campaign_id: int
    version: int
    text: str
    note: str
    link: str


def guidelines_modal(current: CurrentGuidelines) -> ModalView:
    """Build the modal: the text in as many boxes as it needs, the link and the change note."""
    parts, joins = split_text(current.text)
    boxes = [
        text_input(
            _part_key(number),
            "Guidelines" if len(parts) == 1 else f"Guidelines, part {number}",
            value=part,
            hint="Markdown is supported." if number == len(parts) else "",
            optional=number > 1,
            multiline=True,
            max_length=MAX_INPUT_CHARACTERS,
        )
        for number, part in enumerate(parts, start=1)
    ]
    modal_metadata = GuidelinesMetadata(current.campaign_id, current.version, joins)
    return modal(
        "edit_guidelines",
        "Edit guidelines",
        [
            context(f"{current.name}, version {current.version}"),
            *boxes,
            url_input("link", "More info link", value=current.link, optional=True),
            text_input(
                "note",
                "Summary of changes",
                hint="The bot shows this to experts.",
                max_length=MAX_NOTE_CHARS,
            ),
        ],
        submit="Save",
        metadata=orjson.dumps(asdict(modal_metadata)).decode(),
    )


def _part_key(number: int) -> str:
    return "text" if number == 1 else f"text_{number}"


def parse_modal(values: StateValues, metadata: str) -> GuidelinesSubmission:
    """Parse the submitted values; the text keeps its whitespace, within and between the boxes.

    Raises:
        UnreadableDialogError: the metadata is not that of this modal.
    """
    modal_metadata = parse_metadata(GuidelinesMetadata, metadata)
    texts = {key: str(_input_value(values, key) or "") for key in values}
    parts = [text for key, text in texts.items() if key.partition("_")[0] == "text"]
    return GuidelinesSubmission(
        campaign_id=modal_metadata.campaign_id,
        version=modal_metadata.version,
        text=join_parts(parts, modal_metadata.joins),
        note=texts.get("note", ""),
        link=texts.get("link", "").strip(),
    )


def _input_value(values: StateValues, key: str) -> object:
    return (values[key].get(key) or {}).get("value")


def saved_modal(version: int) -> ModalView:
    """Build the modal that confirms the new version."""
    return notice_modal("Edit guidelines", SAVED_TEXT.format(version=version))
