"""The values of an item that is inserted, as its columns store them.

This module uses no SQL, so that the process that reads a file need not load SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class ItemValues(NamedTuple):
    """The columns of an item that its content sets; prompt, meta, media … are JSON texts."""

    shown_digest: str | None
    prompt: str
    draft: str | None
    meta: str
    media: str
    author: str | None
    domains: str
    language: str | None
    gold: str | None


class CandidateValues(NamedTuple):
    """The columns of a candidate that its content sets; media, turns and extra are JSON texts."""

    text: str
    model: str | None
    media: str
    author: str | None
    turns: str
    extra: str | None


class NewItem(NamedTuple):
    """An item to insert; `audience` is who suits it."""

    values: ItemValues
    candidates: Sequence[CandidateValues]
    audience: str
    has_text: bool
