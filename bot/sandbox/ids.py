"""Names for things: ids that look like Slack's, secrets, and message timestamps."""

from __future__ import annotations

import secrets
import uuid
from itertools import count

from bot.clock import Clock

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_NUMBER = 36**7  # so that the first ids already have eight letters after the prefix


def _to_base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def random_hex(length: int = 24) -> str:
    """Return `length` hexadecimal digits that nobody can guess."""
    return secrets.token_hex((length + 1) // 2)[:length]


class IdGenerator:
    """Gives out ids, timestamps and hashes, each only once in a workspace."""

    def __init__(self, clock: Clock) -> None:
        """Take the time for timestamps from `clock`."""
        self._clock = clock
        self._number = count(_FIRST_NUMBER)
        self._last_micros = 0

    def new(self, prefix: str) -> str:
        """Return an id such as `U01000001`; `prefix` says what it names (U, C, D, B, V, F …)."""
        return f"{prefix}0{_to_base36(next(self._number))}"

    def block_id(self) -> str:
        """Return a short id for a block or element whose sender gave it none."""
        return _to_base36(next(self._number))[-6:]

    def ts(self) -> str:
        """Return a timestamp that no other message, action or event of this workspace has."""
        now = self._clock.now()
        micros = int(now.timestamp()) * 1_000_000 + now.microsecond
        self._last_micros = max(micros, self._last_micros + 1)
        whole, rest = divmod(self._last_micros, 1_000_000)
        return f"{whole}.{rest:06d}"

    def view_hash(self) -> str:
        """Return a hash for one state of a view."""
        return f"{int(self._clock.now().timestamp())}.{random_hex(8)}"

    def trigger_id(self) -> str:
        """Return a trigger_id."""
        return f"{next(self._number)}.{next(self._number)}.{random_hex(32)}"

    def uuid(self) -> str:
        """Return an id for an envelope or for a message that a client sent."""
        return str(uuid.UUID(int=secrets.randbits(128), version=4))
