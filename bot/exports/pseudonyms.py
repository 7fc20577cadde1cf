"""Pseudonyms of experts that reach no further than a campaign or an export.

The pseudonym of an expert is replaced by a keyed hash of it (HMAC, RFC 2104). Without the key,
which never leaves the database, nobody can compute one from the other.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.exports.label_record import ItemLabels

DIGITS = 12
"""Hexadecimal digits of a pseudonym: two of a thousand experts share one with probability 2e-9."""


@dataclass(frozen=True, slots=True)
class Pseudonymizer:
    """Replaces pseudonyms; without a key, they stay. `unchanged` are names that are no expert's."""

    key: bytes | None = None
    unchanged: frozenset[str] = frozenset()

    def rename(self, pseudonym: str) -> str:
        """Return the name of an expert in this export: the same prefix and another number."""
        if self.key is None or not pseudonym or pseudonym in self.unchanged:
            return pseudonym
        prefix = pseudonym.rpartition("-")[0] or "expert"
        digest = hmac.digest(self.key, pseudonym.encode(), sha256).hex()
        return f"{prefix}-{digest[:DIGITS]}"

    def rename_item(self, item: ItemLabels) -> ItemLabels:
        """Return the labels of an item with other names, in their order.

        The order of the former names would show which of the new ones belong together.
        """
        if self.key is None:
            return item
        renamed = [replace(record, expert=self.rename(record.expert)) for record in item.answers]
        pairs = sorted(zip(renamed, item.ballots, strict=True), key=lambda pair: pair[0].expert)
        return replace(
            item,
            answers=[record for record, _ballot in pairs],
            ballots=[ballot for _record, ballot in pairs],
        )

    def rename_keys(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return values by name of an expert in this export, sorted by name."""
        return dict(sorted((self.rename(name), value) for name, value in values.items()))


NO_PSEUDONYMS = Pseudonymizer()
"""Keeps the names that experts have in the workspace."""
