"""The whole workspace as one object to begin with."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

from bot.clock import AdjustableClock
from bot.sandbox.actions.url_verification import verify_url
from bot.sandbox.actions.usergroups import (
    create_usergroup,
    disable_usergroup,
    set_usergroup_members,
)
from bot.sandbox.actions.visibility import DEFAULT_WAIT_SECONDS
from bot.sandbox.actions.workspace_setup import (
    NewUser,
    create_channel,
    create_user,
    join_user,
    uninstall_app,
)
from bot.sandbox.channel_ref import ChannelRef
from bot.sandbox.delivery import ACK_SECONDS
from bot.sandbox.errors import WaitTimeoutError
from bot.sandbox.faults import Faults
from bot.sandbox.manifest import parse_manifest
from bot.sandbox.rate_limits import SLACK_LIMITS, RateLimit
from bot.sandbox.server import Server
from bot.sandbox.simulated_user import SimulatedUser
from bot.sandbox.traffic import TrafficRecord
from bot.sandbox.world import build_world

__all__ = ["ChannelRef", "Sandbox"]

POLL_SECONDS = 0.02


class Sandbox:
    """A pretend Slack workspace with one app installed in it.

    Use it as a context manager, or call `start` and `stop`. Everything may be called from any
    thread.
    """

    def __init__(  # noqa: PLR0913 - what may be chosen of a workspace; most of it has a default
        self,
        manifest: Mapping[str, object],
        *,
        clock: AdjustableClock | None = None,
        limits: Mapping[str, RateLimit] = SLACK_LIMITS,
        port: int = 0,
        ack_timeout: float = ACK_SECONDS,
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
        if not 0 < ack_timeout <= ACK_SECONDS:
            message = f"Slack gives an app {ACK_SECONDS:g} s to acknowledge, not {ack_timeout:g}"
            raise ValueError(message)
        self.clock = clock or AdjustableClock()
        self._world = build_world(parse_manifest(manifest), self.clock, limits, ack_timeout)
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
        return self._world.app.bot_user_id

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
    def request_counts(self) -> Counter[str]:
        """How many calls and deliveries of each kind there were; 0 for those never seen."""
        return self._server.call(lambda: Counter(self._world.traffic.counts))

    @property
    def traffic(self) -> list[TrafficRecord]:
        """What went over the wire, oldest first."""
        return self._server.call(lambda: list(self._world.traffic.records))

    @property
    def connection_count(self) -> int:
        """How many Socket Mode connections are open."""
        return self._server.call(lambda: self._world.sockets.connection_count)

    def use_http_delivery(self, url: str, *, verify: bool = False) -> None:
        """Deliver by signed HTTP to `url` from now on, instead of over Socket Mode.

        With `verify`, send the challenge first with which Slack verifies a request URL; the app
        has to be running then.

        Raises:
            NotAcknowledged: if the challenge is not sent back.
        """
        self._server.run_coroutine(self._server.use_http_delivery(url))
        if verify:
            self._server.run_coroutine(verify_url(self._world))

    def add_user(  # noqa: PLR0913 - what is known of somebody; all but the name may be left out
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str = "",
        admin: bool = False,
        title: str = "",
    ) -> SimulatedUser:
        """Return a new person, who has been in the workspace all along."""
        new_user = NewUser(name, real_name or name.title(), tz, email, admin, title)
        return SimulatedUser(
            self._server, self._server.call(lambda: create_user(self._world, new_user))
        )

    def join_user(  # noqa: PLR0913 - the same as of any person
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str = "",
        admin: bool = False,
        title: str = "",
    ) -> SimulatedUser:
        """Return a new person who joins the workspace now; the app hears of it by team_join."""
        new_user = NewUser(name, real_name or name.title(), tz, email, admin, title)
        return SimulatedUser(
            self._server, self._server.call(lambda: join_user(self._world, new_user))
        )

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[SimulatedUser] = (),
        private: bool = False,
        bot: bool = True,
    ) -> ChannelRef:
        """Return a new channel with these `members`, and the app's bot unless `bot` is false."""
        user_ids = [member.id for member in members]
        return ChannelRef(
            self._server.call(
                lambda: create_channel(self._world, name, user_ids, private=private, bot=bot)
            ),
            name,
        )

    def uninstall_app(self) -> None:
        """Uninstall the app: it hears app_uninstalled and tokens_revoked, and its tokens end."""
        self._server.call(lambda: uninstall_app(self._world))

    def archive_channel(self, channel: ChannelRef) -> None:
        """Archive a channel: nobody can write there any more."""
        self._world.workspace.channels[channel.id].is_archived = True

    def add_usergroup(
        self, members: Iterable[SimulatedUser], *, handle: str = "group", name: str = ""
    ) -> str:
        """Return the id of a new user group, which is mentioned as @handle."""
        user_ids = [member.id for member in members]
        return self._server.call(lambda: create_usergroup(self._world, handle, name, user_ids))

    def set_usergroup_members(self, usergroup_id: str, members: Iterable[SimulatedUser]) -> None:
        """Let exactly `members` be in a user group; the app hears of it."""
        user_ids = [member.id for member in members]
        self._server.call(lambda: set_usergroup_members(self._world, usergroup_id, user_ids))

    def disable_usergroup(self, usergroup_id: str) -> None:
        """Disable a user group; the app hears of it."""
        self._server.call(lambda: disable_usergroup(self._world, usergroup_id))

    def wait_until(
        self, condition: Callable[[], object], *, within: float = DEFAULT_WAIT_SECONDS
    ) -> None:
        """Wait until `condition` is true.

        Raises:
            Unfulfilled: if it is not within so many seconds.
        """
        deadline = time.monotonic() + within
        while not condition():
            if time.monotonic() > deadline:
                raise WaitTimeoutError(within)
            time.sleep(POLL_SECONDS)

    def wait_until_delivered(self, *, within: float = DEFAULT_WAIT_SECONDS) -> None:
        """Wait until no event is on its way to the app: each was answered, or not in time.

        Raises:
            Unfulfilled: if there still is one after so many seconds.
        """
        self.wait_until(
            lambda: not self._server.call(lambda: self._world.is_delivering), within=within
        )
