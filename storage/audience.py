"""Audiences: the domains and language of an item as one string.

A task stores its audience, so that an index finds suitable tasks and skips those of other fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import orjson

ANYBODY = "anybody"
"""Audience of an item without domains and language: its campaign's apply."""

MAX_DOMAINS = 10
"""Domains of an item used for routing; with MAX_TAG_LENGTH this bounds an index entry."""

MAX_TAG_LENGTH = 60
"""Characters of a domain or language used for routing, as in `bot.routing.suitability`."""


def audience_of(domains: Iterable[str], language: str | None) -> str:
    """Return the audience of an item, regardless of the order of its domains."""
    tags = sorted({" ".join(domain.split())[:MAX_TAG_LENGTH] for domain in domains})[:MAX_DOMAINS]
    if not tags and not language:
        return ANYBODY
    return orjson.dumps([tags, language[:MAX_TAG_LENGTH] if language else None]).decode()


@lru_cache(maxsize=4096)
def parse_audience(audience: str) -> tuple[tuple[str, ...], str | None]:
    """Return the domains and language from which `audience_of` made an audience."""
    if audience == ANYBODY:
        return (), None
    domains, language = orjson.loads(audience)
    return tuple(domains), language
