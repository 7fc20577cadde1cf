"""The content of plain rows, such as most files have: texts that need no interpretation.

It is what `bot.imports.item_content` makes of the same row, in a third of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from bot.imports.checks import MAX_FIELD_CHARS
from bot.imports.transcripts import START
from bot.imports.visible_text import has_visible
from bot.kinds.content import Candidate, Content, ConversationTurn

PLAIN_PARTS = frozenset(("prompt", "candidates", "models", "id", "gold"))
"""Parts that a file of plain rows may have."""

PLAIN_STARTS = frozenset(map(chr, range(ord("!"), ord("~") + 1))) - frozenset("<[#HUSAB")
"""Visible characters of ASCII, without those with which `START` begins."""


@dataclass(frozen=True, slots=True)
class PlainColumns:
    """The columns of a prompt in one column, and of candidates with one column each."""

    prompt: str | None
    candidates: tuple[str, ...]
    models: tuple[str, ...]

    @classmethod
    def of(cls, columns: Mapping[str, tuple[str, ...]]) -> PlainColumns | None:
        """Return the plain columns of a mapping by part, None if it has other parts."""
        prompt, candidates = columns.get("prompt", ()), columns.get("candidates", ())
        models = columns.get("models", ())
        if columns.keys() - PLAIN_PARTS or len(prompt) > 1:
            return None
        if models and len(models) != len(candidates):
            return None
        return cls(prompt[0] if prompt else None, candidates, models)

    def content_of(self, row: Mapping[str, object], meta: dict[str, object]) -> Content | None:
        """Return the content of a row, None if it is not plain. `meta` has its other columns."""
        turns: tuple[ConversationTurn, ...] = ()
        if self.prompt is not None:
            prompt = row.get(self.prompt)
            if not is_plain(prompt):
                return None
            turns = (ConversationTurn("user", prompt),)
        models = map(row.get, self.models) if self.models else [None] * len(self.candidates)
        candidates = []
        for name, model in zip(self.candidates, models, strict=True):
            text = row.get(name)
            if not is_plain(text) or not (model is None or is_plain(model)):
                return None
            candidates.append(Candidate(text, model.strip() if model else None))
        return Content(turns, tuple(candidates), meta=meta)


def is_plain(value: object) -> TypeGuard[str]:
    """Return whether a value is a text that is certainly neither blank, too long nor a dialogue."""
    if not isinstance(value, str) or len(value) > MAX_FIELD_CHARS:
        return False
    if value[:1] in PLAIN_STARTS:  # as most texts
        return True
    return not START.match(value.lstrip()) and has_visible(value)
