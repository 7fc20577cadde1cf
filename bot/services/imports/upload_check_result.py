"""What the check of an uploaded file found, for the dialog that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.imports.row import InvalidRow, RowWarning
from bot.services.imports.answer_counts import AnswerCounts


@dataclass(frozen=True, slots=True)
class UploadCheck:
    """What importing a file into the campaign with a title would do.

    The counts and lists are those of a dry run. `columns` have the part of an item that each column
    of the file becomes, without those that become none; `preview` has the titles and texts of the
    first items. `answers` counts existing answers, None if no column has any.
    """

    run_id: int
    name: str
    campaign: str
    strict: bool = False
    items: int = 0
    existing: int = 0
    duplicates: int = 0
    rejected: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    preview: Sequence[Sequence[tuple[str, str]]] = ()
    duplicate_rows: Sequence[Mapping[str, str]] = ()
    errors: Sequence[InvalidRow] = ()
    warnings: Sequence[RowWarning] = ()
    answers: AnswerCounts | None = None

    @property
    def is_rejected(self) -> bool:
        """Return whether the file would be rejected as a whole."""
        return self.strict and self.rejected > 0
