"""Columns of images, audio and video: typed in Parquet, references in other files.

`images` is the column of TRL's vision datasets, whose images come before the first user message:
https://huggingface.co/docs/trl/dataset_formats#vision-dataset
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.exports.formats.format import Column, ExportRow, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.kinds.media import MediaType

COLUMNS: dict[MediaType, Column] = {
    "image": Column("images", "images", "images shown with the prompt, in this order"),
    "audio": Column("audio", "audio", "audio played with the prompt, in this order"),
    "video": Column("video", "texts", "references of videos shown with the prompt, in this order"),
}

ALL_PARTS_NOTE = "; those of the prompt first, then those of each response, as in `media`"

PROMPT_MEDIA = "the prompt has images, audio or video"
RESPONSE_MEDIA = "a response has images, audio or video"


@dataclass(frozen=True, slots=True)
class MediaTypes:
    """The types of media that the prompts of a campaign have, and its responses."""

    prompts: frozenset[MediaType] = frozenset()
    responses: frozenset[MediaType] = frozenset()


NO_MEDIA = MediaTypes()


def with_media_columns(export_format: Format, types: MediaTypes) -> Format:
    """Return a format whose rows have the media of their item, as far as its readers can have them.

    A format with every answer has all media. A training format has those of the prompt; answers
    about responses with media are left out and counted, because texts alone would be another task.
    Formats of other targets have no media, so answers about items with any are left out.
    """
    if types == NO_MEDIA or (export_format.target and export_format.includes_uncounted):
        return export_format
    if export_format.includes_uncounted:
        return _add_columns(export_format, types.prompts | types.responses, ALL_PARTS_NOTE)
    if export_format.target:
        return _without_media(export_format, has_prompt_media=False)
    return _add_columns(_without_media(export_format), types.prompts)


def _add_columns(export_format: Format, types: Collection[MediaType], note: str = "") -> Format:
    columns = {kind: column for kind, column in COLUMNS.items() if kind in types}

    def to_rows(record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        rows = export_format.to_rows(record)
        if isinstance(rows, LeftOutLabel):
            return rows
        groups = record.media if note else record.media[:1]
        media = [entry for group in groups for entry in group]
        cells: ExportRow = {
            column.name: [entry.url for entry in media if entry.type == kind]
            for kind, column in columns.items()
        }
        return [{**row, **cells} for row in rows]

    added = [
        replace(column, description=f"{column.description}{note}") for column in columns.values()
    ]
    return replace(export_format, columns=(*export_format.columns, *added), to_rows=to_rows)


def _without_media(export_format: Format, *, has_prompt_media: bool = True) -> Format:
    """Return a format that leaves out labels of responses with media, or of prompts, too."""

    def to_rows(record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        if any(record.media[:1]) and not has_prompt_media:
            return LeftOutLabel(PROMPT_MEDIA, record.answers)
        if any(record.media[1:]) and not export_format.has_prompts_alone:
            return LeftOutLabel(RESPONSE_MEDIA, record.answers)
        return export_format.to_rows(record)

    return replace(export_format, to_rows=to_rows)
