"""The lease of the message that is being delivered: after its end, nothing more goes to Slack.

A process that was frozen goes on where it stopped. Its lease may have expired meanwhile, and
another bot may have delivered the message. So each call of a delivery requires the lease.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf
from time import monotonic

CLOCK_DIFFERENCE_SECONDS = 1.0
"""By how much the clock of another bot may be ahead. That bot sees the lease expire earlier."""


class LeaseExpiredError(Exception):
    """The lease of a message expired while the message was being delivered."""


@dataclass(slots=True)
class DeliveryLease:
    """A lease until `expires_at`, in seconds of `time.monotonic`. Without it, it never expires."""

    expires_at: float = inf

    @property
    def is_held(self) -> bool:
        """Return whether no other bot can have claimed the message."""
        return monotonic() < self.expires_at - CLOCK_DIFFERENCE_SECONDS


_CURRENT: ContextVar[DeliveryLease | None] = ContextVar("delivery_lease", default=None)


@contextmanager
def use_lease(lease: DeliveryLease) -> Iterator[None]:
    """Require this lease for the calls inside. What they leave running needs it no longer."""
    token = _CURRENT.set(lease)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        lease.expires_at = inf


def require_lease() -> None:
    """Do nothing if the lease of the current delivery is held, or if there is no delivery.

    Raises:
        LeaseExpiredError: it has expired.
    """
    lease = _CURRENT.get()
    if lease and not lease.is_held:
        raise LeaseExpiredError
