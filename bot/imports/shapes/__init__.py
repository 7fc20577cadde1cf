"""Registry of shapes by name. A new shape is a `Shape` and one line here.

A file without a known shape is read by the names of its columns: see `bot.imports.detection`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import NotFoundError
from bot.imports.shapes.batches import BATCH
from bot.imports.shapes.conversations import ALPACA, OPENAI, SHAREGPT, TRL
from bot.imports.shapes.evaluations import EVALS, LM_EVAL, MULTIPLE_CHOICE
from bot.imports.shapes.feedback import PRISM, PROMETHEUS, RESPONSE_LISTS, SUMMARIES, WEBGPT
from bot.imports.shapes.gemini import GEMINI
from bot.imports.shapes.own_exports import OWN_EXPORT
from bot.imports.shapes.preferences import (
    ARENA,
    DISTILABEL,
    HELPSTEER,
    HH,
    SAFER_RLHF,
    SHP,
    ULTRAFEEDBACK,
)
from bot.imports.shapes.questions import HC3, PROGRAMS, SQUAD, TRANSLATIONS
from bot.imports.shapes.shape import Fields, Shape
from bot.imports.shapes.solutions import STEPS
from bot.imports.shapes.tools import ARGILLA, LABEL_STUDIO, LANGFUSE, LANGSMITH
from bot.imports.shapes.trees import OASST_MESSAGES, OASST_TREES

SHAPES: dict[str, Shape] = {
    "labelbot": OWN_EXPORT,
    "batch": BATCH,
    "evals": EVALS,
    "lm-eval": LM_EVAL,
    "webgpt": WEBGPT,
    "summaries": SUMMARIES,
    "prism": PRISM,
    "response-lists": RESPONSE_LISTS,
    "prometheus": PROMETHEUS,
    "steps": STEPS,
    "multiple-choice": MULTIPLE_CHOICE,
    "hc3": HC3,
    "squad": SQUAD,
    "programs": PROGRAMS,
    "translations": TRANSLATIONS,
    "gemini": GEMINI,
    "hh": HH,
    "sharegpt": SHAREGPT,
    "arena": ARENA,
    "oasst": OASST_MESSAGES,
    "oasst-trees": OASST_TREES,
    "shp": SHP,
    "saferlhf": SAFER_RLHF,
    "helpsteer": HELPSTEER,
    "ultrafeedback": ULTRAFEEDBACK,
    "distilabel": DISTILABEL,
    "argilla": ARGILLA,
    "labelstudio": LABEL_STUDIO,
    "langfuse": LANGFUSE,
    "langsmith": LANGSMITH,
    "openai": OPENAI,
    "alpaca": ALPACA,
    "trl": TRL,
}

ALTERNATIVES = {"oasst": OASST_TREES}
"""A second form that the same name stands for, if the rows have it."""


def shape_named(name: str, sample: Sequence[Fields]) -> Shape:
    """Return the shape of this name, in the form that the sample has.

    Raises:
        NotFoundError: there is none; the message lists those that exist.
    """
    if name not in SHAPES:
        hint = f"Known shapes: {', '.join(SHAPES)}."
        raise NotFoundError(what="shape", name=name, hint=hint)
    other = ALTERNATIVES.get(name)
    return other if other and sample and all(map(other.matches, sample)) else SHAPES[name]


BLANK: tuple[object, ...] = (None, "", "null", [], "[]")


def find_shape(sample: Sequence[Fields]) -> Shape | None:
    """Return the shape that most rows of a sample certainly have, None if there is none.

    A few rows may lack a field: they are reported when they are imported. In a short file that may
    be half of the rows, so those without blank cells decide if all together do not.
    """
    complete = [row for row in sample if not any(value in BLANK for value in row.values())]
    return _shape_of_most(sample) or _shape_of_most(complete)


def _shape_of_most(sample: Sequence[Fields]) -> Shape | None:
    counts = {name: sum(map(shape.matches, sample)) for name, shape in SHAPES.items()}
    most = max(counts, key=lambda name: counts[name])
    return SHAPES[most] if 2 * counts[most] > len(sample) else None
