"""Why an export could not be delivered, and whether another attempt can help."""

from __future__ import annotations

from bot.errors import BotError

MAX_REASON_CHARACTERS = 300


def shorten_reason(text: str) -> str:
    """Return a reason from a library on one line, without the pages that some add."""
    line = " ".join(text.split())
    is_short = len(line) <= MAX_REASON_CHARACTERS
    return line if is_short else f"{line[:MAX_REASON_CHARACTERS]} …"


class DeliveryError(BotError):
    """{reason}."""

    def __init__(self, reason: str, *, is_permanent: bool = False) -> None:
        """Take what went wrong and what to do; `is_permanent`: another attempt cannot help."""
        super().__init__(reason=reason.rstrip("."))
        self.reason = reason.rstrip(".")
        self.is_permanent = is_permanent
