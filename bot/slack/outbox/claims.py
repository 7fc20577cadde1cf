"""The messages that this bot has claimed and is delivering, and the leases of the claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from time import monotonic

from bot.clock import Clock
from bot.messages.queued_message import Priority
from bot.process_lock import ProcessLock
from bot.slack.client.delivery_lease import DeliveryLease
from storage.database import Database
from storage.queries import outbox_claims
from storage.queries.outbox_claims import ClaimLimits, Lease
from storage.row_id import id_of
from storage.tables import OutboxMessage

CLAIM_LEASE = timedelta(seconds=6)
"""How long a claimed message is reserved. If its process is frozen, another takes it over then."""

MAX_CONCURRENT_DELIVERIES = 16
"""Recipients that get messages at the same time."""

MAX_CONCURRENT_UPDATES = 4
"""Of these, how many may get mere updates of older messages."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is being delivered."""

    row: OutboxMessage
    lease: DeliveryLease


@dataclass(slots=True)
class Claims:
    """The claims of this bot, by the id of the message."""

    db: Database
    clock: Clock
    lock: ProcessLock
    in_flight: dict[int, Claim] = field(default_factory=dict)

    @property
    def has_room(self) -> bool:
        """Return whether another message may be delivered now."""
        return len(self.in_flight) < MAX_CONCURRENT_DELIVERIES

    def free_limits(self, *, may_update: bool) -> ClaimLimits:
        """Return how many more messages may be claimed, and how many of them may be updates."""
        updates = sum(claim.row.priority == Priority.COSMETIC for claim in self.in_flight.values())
        return ClaimLimits(
            MAX_CONCURRENT_DELIVERIES - len(self.in_flight),
            max(MAX_CONCURRENT_UPDATES - updates, 0) if may_update else 0,
        )

    async def add(self, limits: ClaimLimits) -> list[Claim]:
        """Claim due messages, and return the new claims."""
        expires_at, lease = self._expiry(), Lease(CLAIM_LEASE, self.lock.worker)
        rows = await self.db.write(
            outbox_claims.claim, self.clock.now(), limits, lease, list(self.in_flight)
        )
        claims = {id_of(row): Claim(row, DeliveryLease(expires_at)) for row in rows}
        self.in_flight |= claims
        return list(claims.values())

    async def renew(self) -> None:
        """Renew the leases that are held; one that has expired stays so."""
        held = {row_id: claim for row_id, claim in self.in_flight.items() if claim.lease.is_held}
        if not held:
            return
        expires_at, until = self._expiry(), self.clock.now() + CLAIM_LEASE
        await self.db.write(outbox_claims.renew_leases, list(held), until, self.lock.worker)
        for row_id, claim in held.items():
            if row_id in self.in_flight:  # else its delivery has ended
                claim.lease.expires_at = expires_at

    def _expiry(self) -> float:
        """Return when a lease expires that begins now. On SQLite no other bot could take over."""
        return inf if self.db.is_sqlite else monotonic() + CLAIM_LEASE.total_seconds()
