"""One thing that Slack would refuse, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint about blocks, a view or a message, in Slack's own words.

    `pointer` is a JSON pointer relative to what was checked: "/0/text/text" in a list of blocks,
    "/title" in a view, "" for the whole. `code`, `constraint` and `field` are what
    blocks.validate tells besides. `error` is set where Slack answers with an error code of its
    own instead of the caller's usual one.
    """

    message: str
    pointer: str = ""
    code: str = "failed_constraint"
    constraint: Mapping[str, object] | None = None
    field: str | None = None
    error: str | None = None

    def within(self, step: str | int) -> Problem:
        """Return this problem as seen from one level higher up, where it stands at `step`."""
        return replace(self, pointer=f"/{step}{self.pointer}")


Problems = Sequence[Problem]

NO_PROBLEMS: Problems = ()
