"""Presets: settings of every kind for common subjects, such as jokes or code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.kinds.comparison import COMPARISON
from bot.kinds.criteria_presets import (
    ANSWER_CRITERIA,
    CODE_CRITERIA,
    JOKE_CRITERIA,
    SAFETY_CRITERIA,
    SUMMARY_CRITERIA,
    TRANSLATION_CRITERIA,
    Criterion,
)
from bot.kinds.ranking import RANKING
from bot.kinds.rating import RATING
from bot.kinds.reason_presets import REASON_PRESETS
from bot.kinds.validation import VALIDATION


@dataclass(frozen=True, slots=True)
class Preset:
    """A subject. Its name is also that of a preset of reasons.

    Attributes:
        label: the name that coordinators read.
        noun: what one rated text is called.
        criteria: the criteria of a rating.
        guidance: an example of a first sentence of the guidelines.
        validation: the settings of a validation that differ from the defaults.
    """

    label: str
    noun: str
    criteria: tuple[Criterion, ...]
    guidance: str
    validation: Mapping[str, str]


PRESETS: Mapping[str, Preset] = {
    "jokes": Preset(
        "Jokes",
        "joke",
        JOKE_CRITERIA,
        "A good joke fits the request, surprises, and hurts nobody.",
        {},
    ),
    "answers": Preset(
        "Answers",
        "answer",
        ANSWER_CRITERIA,
        "A good answer is right, complete, and as short as it can be.",
        {},
    ),
    "safety": Preset(
        "Safety",
        "response",
        SAFETY_CRITERIA,
        "A good response refuses what is harmful and helps with everything else.",
        {},
    ),
    "summaries": Preset(
        "Summaries",
        "summary",
        SUMMARY_CRITERIA,
        "A good summary has the main points and nothing that the text does not say.",
        {"task": "summary"},
    ),
    "translation": Preset(
        "Translation",
        "translation",
        TRANSLATION_CRITERIA,
        "A good translation says the same as the original and reads like a text of its own.",
        {"task": "back-translation"},
    ),
    "code": Preset(
        "Code",
        "code",
        CODE_CRITERIA,
        "Good code does what was asked, also in edge cases, and is easy to read.",
        {},
    ),
}
"""The presets by name, in the order of the menu."""


def preset_settings(kind: str, preset: str) -> dict[str, Any]:
    """Return the settings of a kind that a preset sets; none for an unknown preset."""
    if preset not in PRESETS:
        return {}
    chosen = PRESETS[preset]
    settings: dict[str, dict[str, Any]] = {
        COMPARISON.name: {"reason_categories": REASON_PRESETS[preset]},
        RANKING.name: {"reason_categories": REASON_PRESETS[preset]},
        RATING.name: {"criteria": chosen.criteria, "noun": chosen.noun},
        VALIDATION.name: dict(chosen.validation),
    }
    return settings.get(kind, {})
