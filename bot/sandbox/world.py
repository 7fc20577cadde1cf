"""Everything the pretend Slack is made of, in one place. It lives on the server's event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field

from bot.clock import TurnableClock
from bot.sandbox.delivery import ACK_SECONDS, Ack, Carrier, Parcel
from bot.sandbox.delivery.socket import Sockets
from bot.sandbox.faults import Faults
from bot.sandbox.ids import Names, secret
from bot.sandbox.limits import Limits, Rate
from bot.sandbox.manifest import Manifest
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.timetable import Timetable
from bot.sandbox.traffic import Record, Traffic
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import App, User, Workspace

SLACKBOT = "USLACKBOT"
_LOST = Ack(0, problem="the acknowledgement was lost on its way", reason="timeout")


@dataclass(eq=False)
class World:
    """The workspace, the rules it lives by, and the ways out of it."""

    manifest: Manifest
    clock: TurnableClock
    names: Names
    workspace: Workspace
    limits: Limits
    faults: Faults
    triggers: Triggers
    response_urls: ResponseUrls
    sockets: Sockets
    carrier: Carrier
    timetable: Timetable
    traffic: Traffic = field(default_factory=Traffic)
    url: str = ""
    ack_within: float = ACK_SECONDS
    guide: tuple[str, ...] = ()
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def app(self) -> App:
        """The app under test."""
        return self.workspace.app

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Let `work` run on, and keep hold of it until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_delivering(self) -> bool:
        """Whether something is on its way to the app; not what waits to be tried again later."""
        return bool(self._tasks)

    async def settle(self) -> None:
        """Stop whatever still runs."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def deliver(self, parcel: Parcel, kind: str) -> Ack:
        """Bring `parcel` to the app once, note it as `kind`, and return what came back."""
        began = time.perf_counter()
        ack = await self.carrier.carry(parcel)
        if not ack.problem and self.faults.takes_ack():
            ack = _LOST
        problems = (ack.problem,) if ack.problem else ()
        took = time.perf_counter() - began
        self.traffic.note(Record("out", kind, parcel.payload, ack.body, ack.status, problems, took))
        return ack


def build_world(
    manifest: Manifest, clock: TurnableClock, rates: Mapping[str, Rate], ack_within: float
) -> World:
    """Return an empty workspace in which the app of `manifest` is installed."""
    names = Names(clock)
    app = _app(names)
    workspace = Workspace(names.new("T"), "Pretend Workspace", "pretend", app)
    sockets = Sockets(app.id, clock, names, ack_within)
    world = World(
        manifest,
        clock,
        names,
        workspace,
        Limits(rates, clock),
        Faults(sockets.drop),
        Triggers(clock, names),
        ResponseUrls(clock, lambda: world.url, app.id),
        sockets,
        sockets,
        Timetable(clock),
        ack_within=ack_within,
    )
    _populate(world)
    return world


def _app(names: Names) -> App:
    number = secret(12)
    return App(
        id=names.new("A"),
        bot_id=names.new("B"),
        bot_user=names.new("U"),
        bot_token=f"xoxb-{number}-{secret(24)}",
        app_token=f"xapp-1-{names.new('A')}-{number}-{secret(32)}",
        signing_secret=secret(32),
        verification_token=secret(24),
    )


def _populate(world: World) -> None:
    manifest, app = world.manifest, world.app
    now = int(world.clock.now().timestamp())
    bot = User(app.bot_user, manifest.bot_name, manifest.name, "UTC", "", now, is_bot=True)
    slackbot = User(SLACKBOT, "slackbot", "Slackbot", "UTC", "", now)
    world.workspace.users |= {bot.id: bot, slackbot.id: slackbot}
