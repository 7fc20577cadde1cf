"""What a user sees, for synchronous code in any thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any, TypeVar

from .actions.actor import Actor
from .actions.visibility import (
    DEFAULT_WAIT_SECONDS,
    visible_buttons,
    visible_posts,
    wait_for_file,
    wait_for_text,
    wait_until_gone,
)
from .server import Server
from .snapshots import MessageSnapshot, ViewSnapshot, snapshot_message, snapshot_view

T = TypeVar("T")


class Observer:
    """Reads and waits for what the app shows to one user."""

    def __init__(self, server: Server, user_id: str) -> None:
        """Observe the workspace of `server` as the user `user_id`."""
        self._server = server
        self._actor = Actor(server.world, user_id)

    @property
    def id(self) -> str:
        """The user's id (U…)."""
        return self._actor.id

    @property
    def name(self) -> str:
        """The user's name."""
        return self._actor.user.name

    @property
    def dm(self) -> str:
        """The id of the DM between the user and the app (D…)."""
        return self._actor.client.dm

    def wait_for_text(self, text: str, *, within: float = DEFAULT_WAIT_SECONDS) -> MessageSnapshot:
        """Wait until `text` is visible, and return the message that shows it.

        For a text in a modal or Home tab, the message is built from that view.

        Raises:
            NotVisibleError: if the text does not appear `within` so many seconds.
        """
        return self._run(wait_for_text(self._actor, text, within))

    def wait_until_gone(self, text: str, *, within: float = DEFAULT_WAIT_SECONDS) -> None:
        """Wait until `text` is no longer visible.

        Raises:
            NotVisibleError: if the text is still visible after `within` seconds.
        """
        self._run(wait_until_gone(self._actor, text, within))

    def download_file(self, name: str, *, within: float = DEFAULT_WAIT_SECONDS) -> bytes:
        """Wait for a file with this name or title and return the content of the newest one.

        Raises:
            NotVisibleError: if there is none `within` so many seconds.
        """
        return self._run(wait_for_file(self._actor, name, within))

    @property
    def messages(self) -> list[MessageSnapshot]:
        """The messages that the user can see, including ephemeral ones, oldest first."""
        return self._call(lambda: self._message_snapshots(None))[::-1]

    @property
    def latest(self) -> MessageSnapshot | None:
        """The newest message that the user can see."""
        return next(iter(self._call(lambda: self._message_snapshots(1))), None)

    @property
    def modals(self) -> list[ViewSnapshot]:
        """The user's open modals, top modal last."""
        return self._call(
            lambda: [snapshot_view(view, self._actor.workspace) for view in self._open_views()]
        )

    @property
    def modal(self) -> ViewSnapshot | None:
        """The top modal, if one is open."""
        return next(reversed(self.modals), None)

    @property
    def home(self) -> ViewSnapshot | None:
        """The user's Home tab, if the app published one."""
        return self._call(self._home_snapshot)

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons and options that the user can click now."""
        return self._call(lambda: visible_buttons(self._actor))

    def _open_views(self) -> list[Any]:
        return self._actor.client.modals

    def _home_snapshot(self) -> ViewSnapshot | None:
        home = self._actor.client.home
        return snapshot_view(home, self._actor.workspace) if home else None

    def _message_snapshots(self, limit: int | None) -> list[MessageSnapshot]:
        posts = islice(visible_posts(self._actor), limit)
        return [snapshot_message(post, self._actor.workspace) for post in posts]

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._server.run_coroutine(coroutine)

    def _call(self, function: Callable[[], T]) -> T:
        return self._server.call(function)
