"""The registry of task kinds, by name. A new kind is one file and one line here."""

from __future__ import annotations

from typing import Any

from bot.errors import NotFoundError
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.curation import CURATION
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.ranking import RANKING
from bot.kinds.rating import RATING
from bot.kinds.validation import VALIDATION

KINDS: dict[str, Kind[Any]] = {
    "demonstration": DEMONSTRATION,
    "comparison": COMPARISON,
    "ranking": RANKING,
    "rating": RATING,
    "validation": VALIDATION,
    "curation": CURATION,
}


def kind_named(name: str) -> Kind[Any]:
    """Return the kind called `name`.

    Raises:
        NotFoundError: there is none; the message lists the known kinds.
    """
    if name not in KINDS:
        raise NotFoundError(what="kind", name=name, hint=f"Kinds: {', '.join(KINDS)}.")
    return KINDS[name]
