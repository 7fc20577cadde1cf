"""Votes on one question as integers, which need little memory."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.quality.votes import VoteValue, mirror


@dataclass(slots=True)
class VoteArrays:
    """Votes on one question as integers: one entry per vote in `items`, `experts` and `values`.

    `gold` is the known class by item. `is_sided`: the values name sides, and which side a file
    lists first means nothing.
    """

    is_sided: bool = False
    items: array[int] = field(default_factory=lambda: array("l"))
    experts: array[int] = field(default_factory=lambda: array("l"))
    values: array[int] = field(default_factory=lambda: array("l"))
    gold: dict[int, int] = field(default_factory=dict)
    item_count: int = 0
    _value_numbers: dict[VoteValue, int] = field(default_factory=dict)
    _expert_numbers: dict[str, int] = field(default_factory=dict)

    def add(self, votes: Sequence[tuple[str, VoteValue]], gold: VoteValue | None = None) -> None:
        """Add an item with the vote of each expert and its known class, if it has one."""
        for expert, value in votes:
            self.items.append(self.item_count)
            self.experts.append(self._expert_numbers.setdefault(expert, len(self._expert_numbers)))
            self.values.append(self._number_of(value))
        if gold is not None:
            self.gold[self.item_count] = self._number_of(gold)
        self.item_count += 1

    def _number_of(self, value: VoteValue) -> int:
        number = self._value_numbers.setdefault(value, len(self._value_numbers))
        if self.is_sided:
            self._value_numbers.setdefault(mirror(value), len(self._value_numbers))
        return number

    @property
    def classes(self) -> tuple[VoteValue, ...]:
        """Return the values, in the order of their numbers."""
        return tuple(self._value_numbers)

    @property
    def expert_names(self) -> tuple[str, ...]:
        """Return the experts, in the order of their numbers."""
        return tuple(self._expert_numbers)
