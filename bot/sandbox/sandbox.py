"""The `Sandbox` class: a stand-in Slack workspace for tests, the demo and the command line."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from .actions.requested_deliveries import redeliver, send_requested_event
from .actions.url_verification import verify_url
from .actions.visibility import DEFAULT_WAIT_SECONDS
from .channel_ref import ChannelRef
from .clock import AdjustableClock, SharedClock
from .delivery import ACK_SECONDS
from .errors import WaitTimeoutError
from .faults import Faults
from .json_codec import Json
from .manifest import parse_manifest
from .methods.oauth import start_rotation
from .rate_limits import SLACK_LIMITS, RateLimit
from .server import Server
from .traffic import TrafficRecord
from .workspace_setup import WorkspaceSetup
from .world import build_world

__all__ = ["ChannelRef", "Sandbox"]

POLL_SECONDS = 0.02


class Sandbox(WorkspaceSetup):
    """A stand-in Slack workspace with one app installed.

    Use it as a context manager, or call `start` and `stop`. All methods may be called from any
    thread.
    """

    def __init__(  # noqa: PLR0913 - keyword options; all but the manifest have a default
        self,
        manifest: Mapping[str, object],
        *,
        clock: SharedClock | None = None,
        limits: Mapping[str, RateLimit] = SLACK_LIMITS,
        port: int = 0,
        ack_timeout: float = ACK_SECONDS,
        guide: Sequence[str] = (),
    ) -> None:
        """Create the workspace without starting its server.

        Args:
            manifest: the app's parsed manifest; it decides on scopes, events and commands.
            clock: the clock of rate limits and expiry; pass the app's own if it is adjustable.
            limits: the rate limits, such as `SLACK_LIMITS` or `NO_LIMITS`.
            port: the port on 127.0.0.1; 0 takes any free port.
            ack_timeout: seconds that the app has to acknowledge; at most Slack's three.
            guide: suggestions of what to try, shown on the page.

        Raises:
            ManifestError: if Slack would reject the manifest.
            ValueError: if `ack_timeout` is longer than Slack's, or not positive.
        """
        if not 0 < ack_timeout <= ACK_SECONDS:
            message = f"ack_timeout must be at most Slack's {ACK_SECONDS:g} s, not {ack_timeout:g}"
            raise ValueError(message)
        self.clock: SharedClock = clock or AdjustableClock()
        world = build_world(parse_manifest(manifest), self.clock, limits, ack_timeout)
        world.guide = tuple(guide)
        super().__init__(world, Server(world, port))
        self._stopping = threading.Event()

    def start(self) -> Self:
        """Start the server.

        Raises:
            OSError: if the port is taken.
        """
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop the server."""
        self._stopping.set()
        self._server.stop()

    def serve_forever(self) -> None:
        """Serve until Ctrl-C, or until `stop` is called from another thread."""
        try:
            self._stopping.wait()
        except KeyboardInterrupt:
            self.stop()

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def url(self) -> str:
        """The URL of the server, such as http://127.0.0.1:1234."""
        return self._world.url

    @property
    def api_url(self) -> str:
        """The base URL for Web API clients, with a trailing slash."""
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
        """The secret that signs HTTP deliveries."""
        return self._world.app.signing_secret

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the app, as environment variables."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
        }

    def start_token_rotation(self) -> dict[str, str]:
        """Let the bot token expire after twelve hours; return the settings that renew it."""
        self._server.call(lambda: start_rotation(self._world))
        app = self._world.app
        return {
            "SLACK_CLIENT_ID": app.client_id,
            "SLACK_CLIENT_SECRET": app.client_secret,
            "SLACK_REFRESH_TOKEN": app.refresh_token,
        }

    @property
    def bot_user_id(self) -> str:
        """The id of the app's bot user (U…)."""
        return self._world.app.bot_user_id

    @property
    def bot_id(self) -> str:
        """The id of the app's bot (B…)."""
        return self._world.app.bot_id

    @property
    def app_id(self) -> str:
        """The id of the app (A…)."""
        return self._world.app.id

    @property
    def team_id(self) -> str:
        """The id of the workspace (T…)."""
        return self._world.workspace.team_id

    @property
    def faults(self) -> Faults:
        """The faults to inject."""
        return self._world.faults

    @property
    def request_counts(self) -> Counter[str]:
        """The number of calls and deliveries so far, by kind."""
        return self._server.call(lambda: Counter(self._world.traffic.counts))

    @property
    def traffic(self) -> list[TrafficRecord]:
        """Recorded requests and responses, oldest first."""
        return self._server.call(lambda: list(self._world.traffic.records))

    @property
    def connection_count(self) -> int:
        """The number of open Socket Mode connections."""
        return self._server.call(lambda: self._world.sockets.connection_count)

    def use_http_delivery(self, url: str, *, verify: bool = False) -> None:
        """Deliver by signed HTTP to `url` from now on, instead of over Socket Mode.

        With `verify`, first send the challenge by which Slack verifies a request URL; the app must
        be running.

        Raises:
            NotAcknowledgedError: if the app does not return the challenge.
        """
        self._server.run_coroutine(self._server.use_http_delivery(url))
        if verify:
            self._server.run_coroutine(verify_url(self._world))

    def send_event(self, event: Json) -> Json:
        """Send `event` to the app as it is, even if malformed, and return the payload around it.

        Raises:
            ActionRejectedError: if the app has not subscribed to events of its type.
        """
        return self._server.call(lambda: send_requested_event(self._world, event))

    def redeliver(self, kind: str, times: int = 1, *, new_event_id: bool = False) -> None:
        """Deliver the newest payload of the type `kind` again, `times` times at once.

        `kind` is the type of an event or payload, or a command. The ids are the same as before;
        with `new_event_id`, only the `event_id` of an event is new.

        Raises:
            ActionRejectedError: if nothing of this type was delivered so far.
        """
        self._server.run_coroutine(redeliver(self._world, kind, times, new_event_id=new_event_id))

    def wait_until(
        self, condition: Callable[[], object], *, within: float = DEFAULT_WAIT_SECONDS
    ) -> None:
        """Wait until `condition` is true.

        Raises:
            WaitTimeoutError: if it is still false after `within` seconds.
        """
        deadline = time.monotonic() + within
        while not condition():
            if time.monotonic() > deadline:
                raise WaitTimeoutError(within)
            time.sleep(POLL_SECONDS)

    def wait_until_delivered(self, *, within: float = DEFAULT_WAIT_SECONDS) -> None:
        """Wait until every event sent so far was acknowledged or timed out.

        Raises:
            WaitTimeoutError: if a delivery is still open after `within` seconds.
        """
        self.wait_until(
            lambda: not self._server.call(lambda: self._world.is_delivering), within=within
        )
