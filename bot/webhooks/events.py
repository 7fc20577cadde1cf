"""Events that webhooks get: what is sent, and the references that are stored until then.

What a receiver gets is read from the database when an event is sent
(`bot/services/webhooks/event_data.py`), so that a copy of nothing has to be found and erased.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

import orjson

ENVELOPE_VERSION = 1
"""Version of the body of every event. Fields are only added within a version."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What is sent: `data`, which JSON can express, with a type such as `export.completed`.

    `id` is the same in each attempt. `happened_at` is aware.
    """

    id: str
    type: str
    happened_at: datetime
    data: object

    def to_body(self) -> bytes:
        """Return the event as JSON, as the specification recommends."""
        return orjson.dumps(
            {
                "type": self.type,
                "timestamp": self.happened_at,
                "version": ENVELOPE_VERSION,
                "data": self.data,
            }
        )


@dataclass(frozen=True, slots=True)
class ReferencedEvent:
    """Something that happened. The fields of a subclass are stored; they refer to rows."""

    event_type: ClassVar[str]

    def to_subject(self) -> dict[str, Any]:
        """Return the references as they are stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AnswerStored(ReferencedEvent):
    """An expert's answer was stored, changed or undone: a version of an assignment's annotation."""

    event_type = "answer.stored"

    assignment_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ItemCompleted(ReferencedEvent):
    """An item got the last answer that it needs."""

    event_type = "item.completed"

    task_id: int


@dataclass(frozen=True, slots=True)
class CampaignDone(ReferencedEvent):
    """All items of a campaign have all their answers, or it was closed."""

    event_type = "campaign.done"

    reason: Literal["complete", "closed"]


@dataclass(frozen=True, slots=True)
class ExportReady(ReferencedEvent):
    """An export was written and, with a destination, delivered."""

    event_type = "export.ready"

    export_id: int


@dataclass(frozen=True, slots=True)
class ExportFailed(ReferencedEvent):
    """An export failed for good."""

    event_type = "export.failed"

    export_id: int


@dataclass(frozen=True, slots=True)
class WarningRaised(ReferencedEvent):
    """Coordinators were notified of a problem with a campaign, or with an expert's answers.

    `text` names nobody; `expert_id` is the expert it is about.
    """

    event_type = "warning.raised"

    kind: str
    text: str
    expert_id: int | None = None


@dataclass(frozen=True, slots=True)
class WebhookTest(ReferencedEvent):
    """Somebody tests a webhook."""

    event_type = "webhook.test"


EVENT_CLASSES: dict[str, type[ReferencedEvent]] = {
    one.event_type: one
    for one in (
        AnswerStored,
        ItemCompleted,
        CampaignDone,
        ExportReady,
        ExportFailed,
        WarningRaised,
        WebhookTest,
    )
}

SUBSCRIBED_EVENTS = tuple(name for name in EVENT_CLASSES if name != WebhookTest.event_type)
"""Events that a webhook may be limited to."""
