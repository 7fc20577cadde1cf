"""The state of a running sandbox. It is used on the server's event loop only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace

from .clock import SharedClock
from .delivery import ACK_SECONDS, Ack, Envelope, Transport
from .delivery.socket_mode import SocketModeTransport
from .faults import Faults
from .ids import IdGenerator, random_hex
from .manifest import Manifest
from .rate_limits import RateLimit, RateLimiter
from .response_urls import ResponseUrls
from .scheduler import Scheduler
from .traffic import Traffic, TrafficRecord
from .trigger_ids import Triggers
from .workspace import App, User, Workspace

SLACKBOT = "USLACKBOT"
_LOST_ACK = Ack(0, problem="the acknowledgment was lost", retry_reason="timeout")


@dataclass(eq=False)
class World:
    """The workspace with its clock, rate limits, faults, transports and traffic."""

    manifest: Manifest
    clock: SharedClock
    ids: IdGenerator
    workspace: Workspace
    limits: RateLimiter
    faults: Faults
    triggers: Triggers
    response_urls: ResponseUrls
    sockets: SocketModeTransport
    transport: Transport
    scheduler: Scheduler
    traffic: Traffic = field(default_factory=Traffic)
    url: str = ""
    ack_timeout: float = ACK_SECONDS
    guide: tuple[str, ...] = ()
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def app(self) -> App:
        """The app under test."""
        return self.workspace.app

    def start_task(self, coroutine: Coroutine[object, object, None]) -> None:
        """Run `coroutine` in the background, and keep a reference until it is done."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_delivering(self) -> bool:
        """Whether a delivery to the app is in progress; scheduled retries do not count."""
        return bool(self._tasks)

    async def cancel_tasks(self) -> None:
        """Cancel the background tasks."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def deliver(self, envelope: Envelope, kind: str) -> Ack:
        """Deliver `envelope` to the app, record it as `kind`, and return the response.

        It is delivered once, or with the fault for it twice at once.
        """
        if self.faults.consume_duplicate(kind):
            second = replace(envelope, envelope_id="")
            acks = await asyncio.gather(
                self._deliver_once(envelope, kind), self._deliver_once(second, kind)
            )
            return acks[0]
        return await self._deliver_once(envelope, kind)

    async def _deliver_once(self, envelope: Envelope, kind: str) -> Ack:
        started = time.perf_counter()
        ack = await self.transport.send(envelope)
        if not ack.problem and self.faults.consume_lost_ack():
            ack = _LOST_ACK
        problems = (ack.problem,) if ack.problem else ()
        duration = time.perf_counter() - started
        self.traffic.add(
            TrafficRecord("out", kind, envelope.payload, ack.body, ack.status, problems, duration)
        )
        return ack


def build_world(
    manifest: Manifest, clock: SharedClock, rates: Mapping[str, RateLimit], ack_timeout: float
) -> World:
    """Return a workspace in which the app of `manifest` is installed, without users."""
    ids = IdGenerator(clock)
    app = _build_app(ids)
    workspace = Workspace(ids.new("T"), "Sandbox", "sandbox", app)
    sockets = SocketModeTransport(app.id, clock, ids, ack_timeout)
    world = World(
        manifest,
        clock,
        ids,
        workspace,
        RateLimiter(rates, clock),
        Faults(sockets.disconnect_all, clock),
        Triggers(clock, ids),
        ResponseUrls(clock, lambda: world.url, app.id),
        sockets,
        sockets,
        Scheduler(clock),
        ack_timeout=ack_timeout,
    )
    _add_bot_users(world)
    return world


def _build_app(ids: IdGenerator) -> App:
    token_id = random_hex(12)
    return App(
        id=ids.new("A"),
        bot_id=ids.new("B"),
        bot_user_id=ids.new("U"),
        bot_token=f"xoxb-{token_id}-{random_hex(24)}",
        app_token=f"xapp-1-{ids.new('A')}-{token_id}-{random_hex(32)}",
        signing_secret=random_hex(32),
        verification_token=random_hex(24),
        client_id=f"{token_id}.{random_hex(12)}",
        client_secret=random_hex(32),
    )


def _add_bot_users(world: World) -> None:
    manifest, app = world.manifest, world.app
    now = int(world.clock.now().timestamp())
    bot = User(app.bot_user_id, manifest.bot_name, manifest.name, "UTC", "", now, is_bot=True)
    slackbot = User(SLACKBOT, "slackbot", "Slackbot", "UTC", "", now)
    world.workspace.users |= {bot.id: bot, slackbot.id: slackbot}
