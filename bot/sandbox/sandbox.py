"""The whole workspace as one object to begin with."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

from bot.clock import TurnableClock
from bot.sandbox.deeds.grouping import disband, found_group, regroup
from bot.sandbox.deeds.looking import WITHIN
from bot.sandbox.deeds.settling import (
    Newcomer,
    found_channel,
    settle_in,
    uninstall,
    welcome,
)
from bot.sandbox.deeds.verifying import verify_url
from bot.sandbox.delivery import ACK_SECONDS
from bot.sandbox.errors import Unfulfilled
from bot.sandbox.faults import Faults
from bot.sandbox.limits import SLACK_LIMITS, Rate
from bot.sandbox.manifest import read_manifest
from bot.sandbox.people import Person
from bot.sandbox.rooms import Room
from bot.sandbox.server import Server
from bot.sandbox.traffic import Record
from bot.sandbox.world import build_world

__all__ = ["Room", "Sandbox"]

POLL = 0.02


class Sandbox:
    """A pretend Slack workspace with one app installed in it.

    Use it as a context manager, or call `start` and `stop`. Everything may be called from any
    thread.
    """

    def __init__(  # noqa: PLR0913 - what may be chosen of a workspace; most of it has a default
        self,
        manifest: Mapping[str, object],
        *,
        clock: TurnableClock | None = None,
        limits: Mapping[str, Rate] = SLACK_LIMITS,
        port: int = 0,
        ack_within: float = ACK_SECONDS,
        guide: Sequence[str] = (),
    ) -> None:
        """Prepare the workspace.

        Args:
            manifest: the app's manifest, parsed; it decides on scopes, events and commands.
            clock: the time by which limits refill and URLs expire; shared with the app if it
                has a clock that can be turned.
            limits: the rate limits, such as `SLACK_LIMITS` or `NO_LIMITS`.
            port: where to listen on 127.0.0.1; 0 takes any free port.
            ack_within: how many seconds the app has to acknowledge; Slack's three, or less.
            guide: what a newcomer might try, in sentences for the page.

        Raises:
            ManifestError: if Slack would not take the manifest.
            ValueError: if the app had more time than Slack gives it.
        """
        if not 0 < ack_within <= ACK_SECONDS:
            message = f"Slack gives an app {ACK_SECONDS:g} s to acknowledge, not {ack_within:g}"
            raise ValueError(message)
        self.clock = clock or TurnableClock()
        self._world = build_world(read_manifest(manifest), self.clock, limits, ack_within)
        self._world.guide = tuple(guide)
        self._server = Server(self._world, port)
        self._stopping = threading.Event()

    def start(self) -> Self:
        """Begin to serve.

        Raises:
            OSError: if the port is taken.
        """
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._stopping.set()
        self._server.stop()

    def serve_forever(self) -> None:
        """Serve until Ctrl-C, or until `stop` is called from another thread."""
        try:
            self._stopping.wait()
        except KeyboardInterrupt:
            self.stop()

    def __enter__(self) -> Self:
        """Begin to serve."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    @property
    def url(self) -> str:
        """Where the server is, such as http://127.0.0.1:1234."""
        return self._world.url

    @property
    def api_url(self) -> str:
        """The base URL for Web API clients, with a slash at the end."""
        return f"{self._world.url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the installed app (xoxb-…)."""
        return self._world.app.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token with connections:write (xapp-…)."""
        return self._world.app.app_token

    @property
    def signing_secret(self) -> str:
        """The secret with which HTTP deliveries are signed."""
        return self._world.app.signing_secret

    @property
    def bot_user_id(self) -> str:
        """The app's bot user (U…)."""
        return self._world.app.bot_user

    @property
    def bot_id(self) -> str:
        """The app's bot (B…)."""
        return self._world.app.bot_id

    @property
    def app_id(self) -> str:
        """The app (A…)."""
        return self._world.app.id

    @property
    def team_id(self) -> str:
        """The workspace (T…)."""
        return self._world.workspace.team_id

    @property
    def faults(self) -> Faults:
        """What goes wrong next."""
        return self._world.faults

    @property
    def counts(self) -> Counter[str]:
        """How many calls and deliveries of each kind there were; 0 for those never seen."""
        return self._server.ask(lambda: Counter(self._world.traffic.counts))

    @property
    def traffic(self) -> list[Record]:
        """What went over the wire, oldest first."""
        return self._server.ask(lambda: list(self._world.traffic.records))

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return self._server.ask(lambda: self._world.sockets.connected)

    def deliver_to(self, url: str, *, verify: bool = False) -> None:
        """Deliver by signed HTTP to `url` from now on, instead of over Socket Mode.

        With `verify`, send the challenge first with which Slack verifies a request URL; the app
        has to be running then.

        Raises:
            NotAcknowledged: if the challenge is not sent back.
        """
        self._server.run(self._server.deliver_to(url))
        if verify:
            self._server.run(verify_url(self._world))

    def person(  # noqa: PLR0913 - what is known of somebody; all but the name may be left out
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str = "",
        admin: bool = False,
        title: str = "",
    ) -> Person:
        """Return a new person, who has been in the workspace all along."""
        newcomer = Newcomer(name, real_name or name.title(), tz, email, admin, title)
        return Person(self._server, self._server.ask(lambda: settle_in(self._world, newcomer)))

    def joins(  # noqa: PLR0913 - the same as of any person
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str = "",
        admin: bool = False,
        title: str = "",
    ) -> Person:
        """Return a new person who joins the workspace now; the app hears of it by team_join."""
        newcomer = Newcomer(name, real_name or name.title(), tz, email, admin, title)
        return Person(self._server, self._server.ask(lambda: welcome(self._world, newcomer)))

    def channel(
        self,
        name: str,
        *,
        members: Iterable[Person] = (),
        private: bool = False,
        bot: bool = True,
    ) -> Room:
        """Return a new channel with these `members`, and the app's bot unless `bot` is false."""
        people = [member.id for member in members]
        return Room(
            self._server.ask(
                lambda: found_channel(self._world, name, people, private=private, bot=bot)
            ),
            name,
        )

    def uninstalls(self) -> None:
        """Uninstall the app: it hears app_uninstalled and tokens_revoked, and its tokens end."""
        self._server.ask(lambda: uninstall(self._world))

    def archives(self, room: Room) -> None:
        """Archive a channel: nobody can write there any more."""
        self._world.workspace.channels[room.id].is_archived = True

    def usergroup(self, members: Iterable[Person], *, handle: str = "group", name: str = "") -> str:
        """Return the id of a new user group, which is mentioned as @handle."""
        people = [member.id for member in members]
        return self._server.ask(lambda: found_group(self._world, handle, name, people))

    def regroups(self, group: str, members: Iterable[Person]) -> None:
        """Let exactly `members` be in a user group; the app hears of it."""
        people = [member.id for member in members]
        self._server.ask(lambda: regroup(self._world, group, people))

    def disables(self, group: str) -> None:
        """Disable a user group; the app hears of it."""
        self._server.ask(lambda: disband(self._world, group))

    def wait_until(self, condition: Callable[[], object], *, within: float = WITHIN) -> None:
        """Wait until `condition` is true.

        Raises:
            Unfulfilled: if it is not within so many seconds.
        """
        deadline = time.monotonic() + within
        while not condition():
            if time.monotonic() > deadline:
                raise Unfulfilled(within)
            time.sleep(POLL)

    def wait_until_delivered(self, *, within: float = WITHIN) -> None:
        """Wait until no event is on its way to the app: each was answered, or not in time.

        Raises:
            Unfulfilled: if there still is one after so many seconds.
        """
        self.wait_until(
            lambda: not self._server.ask(lambda: self._world.is_delivering), within=within
        )
