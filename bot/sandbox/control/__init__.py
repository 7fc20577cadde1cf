"""The sandbox by HTTP: whatever people and tests do in Python, as JSON for any language.

The pages use it too, so what a browser does and what a test does takes one path.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.sandbox.control.being import BEING
from bot.sandbox.control.doing import DEEDS
from bot.sandbox.control.requests import Ask, answered
from bot.sandbox.control.seeing import SIGHTS
from bot.sandbox.control.setting import SETTINGS
from bot.sandbox.control.sharing import receive
from bot.sandbox.guarding import guarded
from bot.sandbox.world import World

__all__ = ["add_control"]

POSTED: dict[str, Ask] = {**DEEDS, **BEING, **SETTINGS}
"""What is asked for by POST, by the last part of its path."""


def add_control(
    application: web.Application, world: Callable[[], World], under: str = "/control"
) -> None:
    """Let `application` answer for a world, fetched when it is asked, at addresses `under` this."""
    router = application.router
    for name, ask in POSTED.items():
        router.add_post(f"{under}/{name}", guarded(answered(world, ask)))
    for name, sight in SIGHTS.items():
        router.add_get(f"{under}/{name}", guarded(answered(world, sight)))
    router.add_post(f"{under}/uploads", guarded(answered(world, receive)))
