"""Verification of the app's request URL."""

from __future__ import annotations

from ..delivery import Envelope
from ..errors import NotAcknowledgedError
from ..ids import random_hex
from ..json_codec import Json
from ..world import World


async def verify_url(world: World) -> None:
    """Send a challenge to the app's request URL.

    Raises:
        NotAcknowledgedError: if the app does not return it, as text, a form or JSON.
    """
    challenge = random_hex(48)
    payload: Json = {
        "token": world.app.verification_token,
        "challenge": challenge,
        "type": "url_verification",
    }
    ack = await world.deliver(Envelope("events_api", payload), "url_verification")
    if ack.problem or challenge not in _challenge_answers(ack.body):
        problem = ack.problem or f"the challenge was not returned, but {ack.body!r}"
        raise NotAcknowledgedError(payload["type"], problem)


def _challenge_answers(body: object) -> tuple[object, ...]:
    if isinstance(body, dict):
        return (body.get("challenge"),)
    return (body, str(body).removeprefix("challenge="))
