"""Whom an item suits, as a task keeps it: one word for all items that say the same.

So a task is found by its audience, through an index, and nobody reads past tasks of other fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import orjson

ANYBODY = "anybody"
"""The item says nothing: its campaign's domains and language count."""

MOST_DOMAINS = 10
"""Domains of one item by which it is routed; with their length it bounds an entry of an index."""

LONGEST = 60
"""Characters of a domain or language by which it is routed, as in `bot.routing.suiting`."""


def audience_of(domains: Iterable[str], language: str | None) -> str:
    """Return the audience of an item: the same for the same domains, in whatever order."""
    kept = sorted({" ".join(domain.split())[:LONGEST] for domain in domains})[:MOST_DOMAINS]
    if not kept and not language:
        return ANYBODY
    return orjson.dumps([kept, language[:LONGEST] if language else None]).decode()


@lru_cache(maxsize=4096)
def said_by(audience: str) -> tuple[tuple[str, ...], str | None]:
    """Return the domains and the language that `audience_of` was given."""
    if audience == ANYBODY:
        return (), None
    domains, language = orjson.loads(audience)
    return tuple(domains), language
