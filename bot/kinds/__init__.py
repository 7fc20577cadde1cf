"""What we ask: every kind of task, by name. A new kind is one file and one line here."""

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
        NotFoundError: with the names that exist.
    """
    if name not in KINDS:
        raise NotFoundError(what="kind", name=name, hint=f"the kinds are {', '.join(KINDS)}")
    return KINDS[name]
