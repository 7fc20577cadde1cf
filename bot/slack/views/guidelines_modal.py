"""The modal in which a coordinator edits the guidelines of a campaign."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from bot.slack.blockkit.blocks import context, modal
from bot.slack.blockkit.inputs import StateValues, text_input, url_input
from bot.slack.blockkit.types import ModalView
from bot.slack.forms.modal_fields import MAX_INPUT_CHARACTERS, join_parts, split_text
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
    modal_metadata = {
        "campaign_id": current.campaign_id,
        "version": current.version,
        "joins": joins,
    }
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
        metadata=orjson.dumps(modal_metadata).decode(),
    )


def _part_key(number: int) -> str:
    return "text" if number == 1 else f"text_{number}"


def parse_modal(values: StateValues, metadata: str) -> GuidelinesSubmission:
    """Parse the submitted values; the text keeps its whitespace, within and between the boxes."""
    modal_metadata = orjson.loads(metadata)
    texts = {key: str(_input_value(values, key) or "") for key in values}
    parts = [text for key, text in texts.items() if key.partition("_")[0] == "text"]
    return GuidelinesSubmission(
        campaign_id=int(modal_metadata["campaign_id"]),
        version=int(modal_metadata["version"]),
        text=join_parts(parts, tuple(modal_metadata["joins"])),
        note=texts.get("note", ""),
        link=texts.get("link", "").strip(),
    )


def _input_value(values: StateValues, key: str) -> object:
    return (values[key].get(key) or {}).get("value")


def saved_modal(version: int) -> ModalView:
    """Build the modal that confirms the new version."""
    return notice_modal("Edit guidelines", SAVED_TEXT.format(version=version))
