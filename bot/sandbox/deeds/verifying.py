"""How Slack makes sure that a request URL belongs to the app."""

from __future__ import annotations

from bot.sandbox.delivery import Parcel
from bot.sandbox.errors import NotAcknowledged
from bot.sandbox.ids import secret
from bot.sandbox.wire import Json
from bot.sandbox.world import World


async def verify_url(world: World) -> None:
    """Send a challenge to the app's request URL.

    Raises:
        NotAcknowledged: if it does not come back, as text, as a form or as JSON.
    """
    challenge = secret(48)
    payload: Json = {
        "token": world.app.verification_token,
        "challenge": challenge,
        "type": "url_verification",
    }
    ack = await world.deliver(Parcel("events_api", payload), "url_verification")
    if ack.problem or challenge not in _answers(ack.body):
        problem = ack.problem or f"the challenge did not come back but {ack.body!r}"
        raise NotAcknowledged(payload["type"], problem)


def _answers(body: object) -> tuple[object, ...]:
    if isinstance(body, dict):
        return (body.get("challenge"),)
    return (body, str(body).removeprefix("challenge="))
