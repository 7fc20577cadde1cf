"""What a row of a file becomes: an item, more answers to one, a duplicate, or a rejected row."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.imports.answers.reader import ImportedAnswer
from bot.imports.row import InvalidRow, RowWarning
from bot.kinds.content import Content


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item read from a file; `key` is its id in the file, or a digest of its content.

    `digest` is the digest of what experts see of it. `answers` are the existing answers in its row.
    Without `has_text`, the row has answers but not the texts that they judge. `spare_key` replaces
    the key if another item has it, None if no other item may have it.
    """

    line: int
    key: str
    content: Content
    digest: bytes = field(default=b"", compare=False)
    file: str = ""
    answers: tuple[ImportedAnswer, ...] = ()
    has_text: bool = True
    spare_key: str | None = None

    def __reduce__(self) -> tuple[type[ImportedItem], tuple[object, ...]]:
        """Return how to pickle it: the default takes four times as long."""
        fields = (self.line, self.key, self.content, self.digest, self.file, self.answers)
        return ImportedItem, (*fields, self.has_text, self.spare_key)


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A later row of an item, with more answers to it.

    `content` has the candidates in the order of the row, which may differ from that of the item.
    """

    line: int
    key: str
    content: Content
    digest: bytes
    answers: tuple[ImportedAnswer, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class DuplicateAnswer:
    """An answer that an earlier row of the file has, too: same item, expert and value."""

    line: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row that shows experts the same as an earlier row of the file, at `first`.

    `is_exchanged`: the candidates are in another order.
    """

    line: int
    key: str
    first: str = ""
    is_exchanged: bool = False
    file: str = ""


BatchRow = ImportedItem | AnsweredRow
"""What is stored."""

OtherRow = DuplicateRow | DuplicateAnswer | InvalidRow | RowWarning
"""What is only counted or reported."""

ReadItem = BatchRow | OtherRow
