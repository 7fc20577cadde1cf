"""Delivery of events and interactions to the app, over Socket Mode or signed HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ..json_codec import Json

ACK_SECONDS = 3.0
"""How long an app may take to acknowledge, in real time: it limits a real program."""

EnvelopeType = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event, interaction or slash command to deliver.

    Attributes:
        type: the envelope's type.
        payload: its content.
        retry_attempt: 0 for the first delivery, then 1 to 3; events only.
        retry_reason: the reason for the redelivery, such as `http_timeout`.
        envelope_id: the same for each redelivery of one interaction over Socket Mode.
    """

    type: EnvelopeType
    payload: Json
    retry_attempt: int = 0
    retry_reason: str = ""
    envelope_id: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """The app's response to an envelope.

    Attributes:
        status: the HTTP status; 200 for an acknowledged Socket Mode envelope, 0 for no response.
        body: the response body, parsed if it was JSON.
        problem: why the response does not count as an acknowledgment; empty if it does.
        retry_reason: Slack's name for the problem, sent with the redelivery.
        is_final: whether the app asked for no redelivery.
    """

    status: int
    body: object = None
    problem: str = ""
    retry_reason: str = ""
    is_final: bool = False


class Transport(Protocol):
    """A delivery channel to the app."""

    async def send(self, envelope: Envelope) -> Ack:
        """Deliver `envelope` once and return the response; never raises."""
        ...
