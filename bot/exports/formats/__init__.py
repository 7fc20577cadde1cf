"""Registry of export formats by name. A new format is one module and one line here.

The training formats are TRL's conversational dataset types (prompt-completion, and preference with
an explicit prompt), so that trainers load them unchanged.
"""

from __future__ import annotations

from bot.errors import NotFoundError
from bot.exports.formats.annotations import ANNOTATIONS
from bot.exports.formats.format import Format
from bot.exports.formats.preference import PREFERENCE
from bot.exports.formats.ranking import RANKING
from bot.exports.formats.rating import RATING
from bot.exports.formats.sft import SFT
from bot.exports.formats.verdict import VERDICT

FORMATS: dict[str, Format] = {
    "sft": SFT,
    "preference": PREFERENCE,
    "ranking": RANKING,
    "rating": RATING,
    "verdict": VERDICT,
    "annotations": ANNOTATIONS,
}

DATASET = "dataset"
"""Name of the export of several formats in one folder, each a configuration for `datasets`."""

DATASET_FORMATS = ("sft", "preference", "ranking", "rating", "verdict", "annotations")
"""Formats that such a folder has, if they suit the campaign; the last one has every answer."""

FORMAT_NAMES = (*FORMATS, DATASET)


def format_named(name: str) -> Format:
    """Return the format called `name`.

    Raises:
        NotFoundError: there is no such format; the message lists those that exist.
    """
    if name not in FORMATS:
        hint = f"Formats: {', '.join(FORMAT_NAMES)}."
        raise NotFoundError(what="format", name=name, hint=hint)
    return FORMATS[name]
