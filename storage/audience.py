"""Whom an item suits, as a task keeps it: one word for all items that say the same.

So a task is found by its audience, through an index, and nobody reads past tasks of other fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import orjson

ANYBODY = "anybody"
"""The item says nothing: its campaign's domains and language count."""

MAX_DOMAINS = 10
"""Domains of one item by which it is routed; with their length it bounds an entry of an index."""

MAX_TAG_LENGTH = 60
"""Characters of a domain or language by which it is routed, as in `bot.routing.suitability`."""


def audience_of(domains: Iterable[str], language: str | None) -> str:
    """Return the audience of an item: the same for the same domains, in whatever order."""
    tags = sorted({" ".join(domain.split())[:MAX_TAG_LENGTH] for domain in domains})[:MAX_DOMAINS]
    if not tags and not language:
        return ANYBODY
    return orjson.dumps([tags, language[:MAX_TAG_LENGTH] if language else None]).decode()


@lru_cache(maxsize=4096)
def parse_audience(audience: str) -> tuple[tuple[str, ...], str | None]:
    """Return the domains and the language that `audience_of` was given."""
    if audience == ANYBODY:
        return (), None
    domains, language = orjson.loads(audience)
    return tuple(domains), language
