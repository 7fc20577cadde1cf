"""How what happens in the workspace reaches the app: over its sockets, or by signed HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.sandbox.json_codec import Json

ACK_SECONDS = 3.0
"""How long an app may take to acknowledge. By the wall clock: it measures a real program."""

EnvelopeType = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One thing to deliver.

    Attributes:
        kind: the envelope's type.
        payload: what is in it.
        attempt: 0 for the first delivery, then 1 to 3; events only.
        reason: why it is delivered again, such as `http_timeout`.
        envelope_id: the same for each redelivery of one interaction over Socket Mode.
    """

    type: EnvelopeType
    payload: Json
    retry_attempt: int = 0
    retry_reason: str = ""
    envelope_id: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """What came back.

    Attributes:
        status: the HTTP status, 200 for an acknowledged envelope, 0 for nothing at all.
        body: the answer's body, parsed if it was JSON.
        problem: why it does not count as an acknowledgement; empty if it does.
        reason: what Slack calls that problem when it tries again.
        final: the app asked not to be tried again.
    """

    status: int
    body: object = None
    problem: str = ""
    retry_reason: str = ""
    is_final: bool = False


class Transport(Protocol):
    """A way to the app."""

    async def send(self, envelope: Envelope) -> Ack:
        """Deliver `parcel` once and return what came back; never raises."""
        ...
