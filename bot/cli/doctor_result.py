"""What one check of `labelbot doctor` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. If it is not `ok`, the message also says how to fix it.

    A `warning` does not keep the bot from running.
    """

    check: str
    ok: bool
    message: str
    warning: bool = False
