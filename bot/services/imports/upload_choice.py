"""What a coordinator chose for an uploaded file: its campaign and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.imports.mapping import PARTS, ColumnMapping


@dataclass(frozen=True, slots=True)
class UploadChoice:
    """The campaign of a file, its columns, and whether one invalid row rejects the file."""

    campaign_id: int | None = None
    columns: ColumnMapping = field(default_factory=ColumnMapping)
    strict: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the choice for the database."""
        columns = {part: list(names) for part in PARTS if (names := getattr(self.columns, part))}
        campaign = {"target_campaign_id": self.campaign_id} if self.campaign_id else {}
        return {**campaign, "columns": columns, "strict": self.strict}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> UploadChoice:
        """Restore a choice; earlier versions stored the columns as mappings."""
        options = stored or {}
        if "mappings" in options:
            columns = ColumnMapping.parse(options["mappings"])
        else:
            names = options.get("columns", {})
            columns = ColumnMapping(**{part: tuple(names[part]) for part in PARTS if part in names})
        return cls(options.get("target_campaign_id"), columns, bool(options.get("strict")))
