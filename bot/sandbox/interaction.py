"""Interactions that a simulated user had with the app."""

from __future__ import annotations

from dataclasses import dataclass

from .actions.interactions import InteractionResult, send_interaction
from .json_codec import Json
from .server import Server


@dataclass(frozen=True)
class Interaction:
    """An interaction that the app acknowledged.

    `payload` is what was sent, None if Slack sends nothing for the action.
    """

    payload: Json | None
    _result: InteractionResult | None
    _server: Server

    def redeliver(self) -> None:
        """Deliver the same payload again, as Slack may do.

        Raises:
            NotAcknowledgedError: if the app's response is late, missing or not 200.
        """
        result = self._result
        if result is not None:
            self._server.run_coroutine(
                send_interaction(self._server.world, result.payload, result.kind)
            )


@dataclass(frozen=True)
class Submission(Interaction):
    """A submitted modal; `errors` are the app's validation errors by block_id."""

    errors: dict[str, str]
