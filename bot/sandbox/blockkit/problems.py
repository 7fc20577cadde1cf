"""`Problem`: one validation error and its position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One validation error of blocks, a view or a message, in Slack's wording.

    `pointer` is a JSON pointer relative to the checked value: "/0/text/text" in a list of blocks,
    "/title" in a view, "" for the whole value. `code`, `constraint` and `field` are details that
    blocks.validate adds. `error` is set where Slack responds with a specific error code instead of
    the method's general one.
    """

    message: str
    pointer: str = ""
    code: str = "failed_constraint"
    constraint: Mapping[str, object] | None = None
    field: str | None = None
    error: str | None = None

    def within(self, step: str | int) -> Problem:
        """Return this problem with a pointer relative to the parent; `step` is the key or index."""
        return replace(self, pointer=f"/{step}{self.pointer}")


Problems = Sequence[Problem]

NO_PROBLEMS: Problems = ()
