"""Registry of export formats by name. A new format is one module and one line here.

The first training formats are TRL's conversational dataset types (prompt-completion, and preference
with an explicit prompt). Formats with a `target` are for other trainers, services and tools.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import NotFoundError
from bot.exports.formats.annotations import ANNOTATIONS
from bot.exports.formats.argilla import ARGILLA
from bot.exports.formats.axolotl import AXOLOTL_DPO, AXOLOTL_SFT
from bot.exports.formats.format import Format
from bot.exports.formats.helpsteer import HELPSTEER, HELPSTEER_PREFERENCE
from bot.exports.formats.kto import KTO
from bot.exports.formats.label_studio import LABEL_STUDIO
from bot.exports.formats.llama_factory import LLAMA_FACTORY_PREFERENCE, LLAMA_FACTORY_SFT
from bot.exports.formats.openai import OPENAI_DPO, OPENAI_SFT
from bot.exports.formats.openrlhf import OPENRLHF_PREFERENCE, OPENRLHF_SFT
from bot.exports.formats.preference import PREFERENCE
from bot.exports.formats.prompt_only import PROMPT_ONLY
from bot.exports.formats.ranking import RANKING
from bot.exports.formats.rating import RATING
from bot.exports.formats.reward import REWARD
from bot.exports.formats.sft import SFT
from bot.exports.formats.spreadsheet import CSV, XLSX
from bot.exports.formats.ultrafeedback import ULTRAFEEDBACK
from bot.exports.formats.verdict import VERDICT

FORMATS: dict[str, Format] = {
    "sft": SFT,
    "preference": PREFERENCE,
    "ranking": RANKING,
    "rating": RATING,
    "verdict": VERDICT,
    "reward": REWARD,
    "kto": KTO,
    "prompt-only": PROMPT_ONLY,
    "annotations": ANNOTATIONS,
    "openai-sft": OPENAI_SFT,
    "openai-dpo": OPENAI_DPO,
    "openrlhf-sft": OPENRLHF_SFT,
    "openrlhf-preference": OPENRLHF_PREFERENCE,
    "axolotl-sft": AXOLOTL_SFT,
    "axolotl-dpo": AXOLOTL_DPO,
    "llama-factory-sft": LLAMA_FACTORY_SFT,
    "llama-factory-preference": LLAMA_FACTORY_PREFERENCE,
    "helpsteer": HELPSTEER,
    "helpsteer-preference": HELPSTEER_PREFERENCE,
    "ultrafeedback": ULTRAFEEDBACK,
    "argilla": ARGILLA,
    "label-studio": LABEL_STUDIO,
    "csv": CSV,
    "xlsx": XLSX,
}

DATASET = "dataset"
"""Name of the export of several formats in one folder, each a configuration for `datasets`."""

DATASET_FORMATS = (
    *("sft", "preference", "ranking", "rating", "verdict"),
    *("reward", "kto", "prompt-only", "annotations"),
)
"""Formats that such a folder has, if they suit the campaign; the last one has every answer."""

FORMAT_NAMES = (*FORMATS, DATASET)


def format_named(name: str) -> Format:
    """Return the format called `name`.

    Raises:
        NotFoundError: there is no such format; the message lists those that exist.
    """
    if name not in FORMATS:
        hint = f"Formats: {list_formats(FORMAT_NAMES)}."
        raise NotFoundError(what="format", name=name, hint=hint)
    return FORMATS[name]


def list_formats(names: Iterable[str]) -> str:
    """Return names of formats as people read them: ours, then those of other targets."""
    listed = list(names)
    others = [name for name in listed if name in FORMATS and FORMATS[name].target]
    own = ", ".join(name for name in listed if name not in others)
    return f"{own}; for other trainers and tools: {', '.join(others)}" if others else own


FORMAT_HELP = f"Default: that of the kind. Formats: {list_formats(FORMAT_NAMES)}."
"""Help text of options that name a format."""
