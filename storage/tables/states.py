"""States and other values of columns that a check constraint restricts."""

from __future__ import annotations

from enum import StrEnum


class CampaignState(StrEnum):
    """State of a campaign; only an open one assigns tasks."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class AssignmentState(StrEnum):
    """State of an assignment; queued and delivered ones are open.

    An expired or released assignment may go to the same expert again, a skipped one never does. A
    quarantined answer is excluded until the quarantine is lifted.
    """

    QUEUED = "queued"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RELEASED = "released"
    QUARANTINED = "quarantined"


class SkipPolicy(StrEnum):
    """Whether a skipped task goes to other experts, or on hold until a coordinator reviews it."""

    REASSIGN = "reassign"
    HOLD = "hold"


class Role(StrEnum):
    """What a person may do besides answering: decide disagreements, or run campaigns."""

    SENIOR = "senior"
    COORDINATOR = "coordinator"


class KeyScope(StrEnum):
    """What a key of the HTTP API may do; each includes the ones before."""

    READ = "read"
    ITEMS = "items"
    ADMIN = "admin"


class OutboxState(StrEnum):
    """State of a message in the outbox; docs/architecture.md has the transitions."""

    WAITING = "waiting"
    """Queued, or leased by a process that is delivering it."""
    HELD = "held"
    """Waits until the app has a missing scope, and delays no other message."""
    SENT = "sent"
    MERGED = "merged"
    """A later message has replaced it."""
    FAILED = "failed"
    DROPPED = "dropped"
    """Not sent: an update that was no longer worth sending, or dropped by an operator."""


class WebhookDeliveryState(StrEnum):
    """State of the delivery of an event to a webhook.

    Dropped deliveries have nothing to send: what the event was about was deleted meanwhile.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class RunState(StrEnum):
    """State of one export or import."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
