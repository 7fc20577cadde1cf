"""What a coordinator chose for an uploaded file: its campaign, its columns and its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.imports.answers.mapping import NO_ANSWERS, AnswerMapping
from bot.imports.mapping import PARTS, ColumnMapping

DUPLICATES, WARNINGS, ADDED_ANSWERS = "duplicates", "warnings", "added_answers"
"""Keys of further counts of an import, which are stored with the choice."""


@dataclass(frozen=True, slots=True)
class UploadChoice:
    """The campaign of a file, its columns, and whether one invalid row rejects the file.

    `answers` are the columns of existing answers.
    """

    campaign_id: int
    columns: ColumnMapping = field(default_factory=ColumnMapping)
    strict: bool = False
    answers: AnswerMapping = NO_ANSWERS

    def as_json(self) -> dict[str, Any]:
        """Return the choice for the database."""
        columns = {part: list(names) for part in PARTS if (names := getattr(self.columns, part))}
        return {
            "target_campaign_id": self.campaign_id,
            "columns": columns,
            "strict": self.strict,
            "answers": {part: list(names) for part, names in self.answers.by_part().items()},
            "meanings": dict(self.answers.meanings),
        }

    @classmethod
    def from_json(
        cls, stored: Mapping[str, Any] | None, campaign_id: int | None = None
    ) -> UploadChoice | None:
        """Restore a choice, None if no campaign is chosen.

        Earlier versions stored the columns as mappings, and the campaign elsewhere.
        """
        options = stored or {}
        campaign = options.get("target_campaign_id", campaign_id)
        if campaign is None:
            return None
        if "mappings" in options:
            columns = ColumnMapping.parse(options["mappings"])
        else:
            names = options.get("columns", {})
            columns = ColumnMapping(**{part: tuple(names[part]) for part in PARTS if part in names})
        answers = AnswerMapping.from_columns(
            {part: tuple(names) for part, names in options.get("answers", {}).items()},
            [f"{value}={answer}" for value, answer in options.get("meanings", {}).items()],
        )
        return cls(campaign, columns, bool(options.get("strict")), answers)
