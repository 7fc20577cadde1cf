"""Items of plain rows: read and compared without building their content, which takes the most time.

They are what `bot.imports.item_reader` makes of the same rows. Other rows are left to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.imports.earlier_rows import EarlierRows
from bot.imports.item_content import unmapped_values
from bot.imports.keys import digest_of_texts, key_of, shown_digest_of_texts
from bot.imports.mapping import CompiledMapping
from bot.imports.plain_content import is_plain
from bot.imports.read_item import DuplicateRow, ImportedItem
from bot.imports.row import Row
from bot.imports.shapes.shape import Fields
from bot.kinds.base import InvalidContentError, Kind
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.settings import KindSettings


class PlainItem(NamedTuple):
    """An item whose prompt and candidates are nothing but texts; a `model` is None if unknown."""

    line: int
    key: str
    digest: bytes
    prompt: str
    texts: Sequence[str]
    models: Sequence[str | None]
    meta: Mapping[str, object]
    file: str = ""

    def as_imported(self) -> ImportedItem:
        """Return the item in the form that all others have."""
        content = _content_of(self.prompt, self.texts, self.models, self.meta)
        return ImportedItem(self.line, self.key, content, self.digest, self.file)


def _content_of(
    prompt: str, texts: Sequence[str], models: Sequence[str | None], meta: Mapping[str, object]
) -> Content:
    candidates = tuple(map(Candidate, texts, models))
    return Content((ConversationTurn("user", prompt),), candidates, meta=meta)


@dataclass(frozen=True, slots=True)
class PlainItemReader:
    """Reads the items of plain rows: the columns of the parts that items have."""

    prompt: str
    candidates: tuple[str, ...]
    models: tuple[str, ...]
    id: str | None
    mapping: CompiledMapping
    earlier: EarlierRows

    @classmethod
    def of(
        cls, mapping: CompiledMapping, kind: Kind[Any], settings: KindSettings, earlier: EarlierRows
    ) -> PlainItemReader | None:
        """Return the reader of a file, None if no row of it is plain."""
        plain, ids = mapping.plain, mapping.columns.id
        if plain is None or plain.prompt is None or len(ids) > 1 or mapping.has_question_id:
            return None
        if mapping.has("gold") or not _suits(kind, settings, len(plain.candidates)):
            return None
        id_column = ids[0] if ids else None
        return cls(plain.prompt, plain.candidates, plain.models, id_column, mapping, earlier)

    def read(self, row: Row) -> PlainItem | DuplicateRow | None:
        """Return the item of a row, or that an earlier row shows the same; None if it is not plain.

        Raises:
            InvalidRowError: the id is invalid, or an earlier row has it with other content.
        """
        fields = row.fields
        prompt, texts = fields.get(self.prompt), _texts_in(fields, self.candidates)
        models = _models_in(fields, self.models) if self.models else [None] * len(self.candidates)
        if not is_plain(prompt) or texts is None or models is None:
            return None
        stripped = [text.strip() for text in texts]
        if len(set(stripped)) < len(stripped):
            return None
        meta = unmapped_values(fields, self.mapping)
        own_id = key_of(fields.get(self.id)) if self.id else None
        key = own_id or digest_of_texts(prompt, texts, models, meta).hex()
        digest = shown_digest_of_texts(prompt, stripped)
        first = self.earlier.add(row, key, digest, hash(stripped[0]) if stripped else 0)
        if first.place is None:
            return PlainItem(row.line, key, digest, prompt, texts, models, meta, row.file)
        return DuplicateRow(row.line, key, first.place, first.is_exchanged, row.file)


def _texts_in(fields: Fields, names: Sequence[str]) -> list[str] | None:
    """Return the plain texts in these columns, None if one is something else."""
    texts = [text for name in names if is_plain(text := fields.get(name))]
    return texts if len(texts) == len(names) else None


def _models_in(fields: Fields, names: Sequence[str]) -> list[str | None] | None:
    """Return the models in these columns, None if one is something else than a name or missing."""
    values = list(map(fields.get, names))
    models = [
        model.strip() if model else None for model in values if model is None or is_plain(model)
    ]
    return models if len(models) == len(names) else None


def _suits(kind: Kind[Any], settings: KindSettings, count: int) -> bool:
    """Return whether all items with a prompt and so many different texts suit a kind."""
    texts = [f"text {number}" for number in range(count)]
    try:
        kind.validate_content(_content_of("text", texts, [None] * count, {}), settings)
    except InvalidContentError:
        return False
    return not kind.validates_texts
