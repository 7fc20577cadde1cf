"""What a person sees, for plain code in any thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any, TypeVar

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.looking import WITHIN, buttons, download, see, see_not, visible_posts
from bot.sandbox.server import Server
from bot.sandbox.snapshots import Message, Screen, message_of, screen_of

T = TypeVar("T")


class Onlooker:
    """Somebody who looks at what the app shows her."""

    def __init__(self, server: Server, user_id: str) -> None:
        """Be the user `user_id` of the workspace that `server` runs."""
        self._server = server
        self._actor = Actor(server.world, user_id)

    @property
    def id(self) -> str:
        """The id of her account (U…)."""
        return self._actor.id

    @property
    def name(self) -> str:
        """Her name."""
        return self._actor.user.name

    @property
    def dm(self) -> str:
        """The id of the direct message between her and the app (D…)."""
        return self._actor.desk.dm

    def sees(self, text: str, *, within: float = WITHIN) -> Message:
        """Wait until `text` is visible in a message, modal or Home tab, and return that.

        Raises:
            NotVisible: if it does not appear within so many seconds.
        """
        return self._run(see(self._actor, text, within))

    def sees_not(self, text: str, *, within: float = WITHIN) -> None:
        """Wait until `text` is nowhere to be seen.

        Raises:
            NotVisible: if it is still there after so many seconds.
        """
        self._run(see_not(self._actor, text, within))

    def downloads(self, name: str, *, within: float = WITHIN) -> bytes:
        """Wait for a file of this name or title in a message, the newest first; return its bytes.

        Raises:
            NotVisible: if none appears within so many seconds.
        """
        return self._run(download(self._actor, name, within))

    @property
    def messages(self) -> list[Message]:
        """Every message she can see, ephemeral ones too, the oldest first."""
        return self._ask(lambda: self._pictures(None))[::-1]

    @property
    def latest(self) -> Message | None:
        """The newest message she can see."""
        return next(iter(self._ask(lambda: self._pictures(1))), None)

    @property
    def modals(self) -> list[Screen]:
        """Her open modals, the top one last."""
        return self._ask(lambda: [screen_of(view, self._actor.workspace) for view in self._open()])

    @property
    def modal(self) -> Screen | None:
        """The modal on top, if one is open."""
        return next(reversed(self.modals), None)

    @property
    def home(self) -> Screen | None:
        """Her Home tab, if the app published one."""
        return self._ask(self._home)

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons and options that she could click now."""
        return self._ask(lambda: buttons(self._actor))

    def _open(self) -> list[Any]:
        return self._actor.desk.modals

    def _home(self) -> Screen | None:
        home = self._actor.desk.home
        return screen_of(home, self._actor.workspace) if home else None

    def _pictures(self, most: int | None) -> list[Message]:
        posts = islice(visible_posts(self._actor), most)
        return [message_of(post, self._actor.workspace) for post in posts]

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._server.run(work)

    def _ask(self, question: Callable[[], T]) -> T:
        return self._server.ask(question)
