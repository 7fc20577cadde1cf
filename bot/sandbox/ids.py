"""Ids in Slack's format, secrets, and message timestamps."""

from __future__ import annotations

import secrets
import uuid
from itertools import count

from .clock import Clock

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_NUMBER = 36**7  # so that even the first ids have eight digits after the prefix


def _to_base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def random_hex(length: int = 24) -> str:
    """Return `length` random hexadecimal digits."""
    return secrets.token_hex((length + 1) // 2)[:length]


class IdGenerator:
    """Generates ids, timestamps and hashes, each unique in the workspace."""

    def __init__(self, clock: Clock) -> None:
        """Create a generator whose timestamps follow `clock`."""
        self._clock = clock
        self._number = count(_FIRST_NUMBER)
        self._last_micros = 0

    def new(self, prefix: str) -> str:
        """Return an id such as `U01000001`; `prefix` is the letter of its kind (U, C, D, B …)."""
        return f"{prefix}0{_to_base36(next(self._number))}"

    def block_id(self) -> str:
        """Return a short id for a block or element that was sent without one."""
        return _to_base36(next(self._number))[-6:]

    def ts(self) -> str:
        """Return a message timestamp that is unique in the workspace and later than all before."""
        now = self._clock.now()
        micros = int(now.timestamp()) * 1_000_000 + now.microsecond
        self._last_micros = max(micros, self._last_micros + 1)
        seconds, micros = divmod(self._last_micros, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def view_hash(self) -> str:
        """Return a hash for a state of a view."""
        return f"{int(self._clock.now().timestamp())}.{random_hex(8)}"

    def trigger_id(self) -> str:
        """Return a trigger id."""
        return f"{next(self._number)}.{next(self._number)}.{random_hex(32)}"

    def uuid(self) -> str:
        """Return a UUID for an envelope or for a message sent by a user."""
        return str(uuid.UUID(int=secrets.randbits(128), version=4))
