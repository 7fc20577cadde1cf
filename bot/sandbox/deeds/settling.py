"""People and channels that come to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.events import tell
from bot.sandbox.finding import shown_user
from bot.sandbox.workspace import Channel, Desk, User
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who somebody is."""

    name: str
    real_name: str
    tz: str
    email: str
    is_admin: bool
    title: str = ""


def settle_in(world: World, newcomer: Newcomer) -> str:
    """Give `newcomer` an account and a direct message with the app; return the user's id."""
    names, workspace = world.names, world.workspace
    now = int(world.clock.now().timestamp())
    email = newcomer.email or f"{newcomer.name}@example.com"
    user = User(
        names.new("U"),
        newcomer.name,
        newcomer.real_name,
        newcomer.tz,
        email,
        now,
        is_admin=newcomer.is_admin,
        title=newcomer.title,
    )
    dm = Channel(names.new("D"), "", "im", {user.id, world.app.bot_user}, now, person=user.id)
    workspace.users[user.id] = user
    workspace.channels[dm.id] = dm
    workspace.desks[user.id] = Desk(dm.id)
    workspace.changed_everywhere()
    return user.id


def welcome(world: World, newcomer: Newcomer) -> str:
    """Let `newcomer` join now, so that the app hears of it; return the user's id."""
    person = settle_in(world, newcomer)
    shape = shown_user(world, world.workspace.users[person])
    tell(world, "team_join", {"type": "team_join", "user": shape})
    return person


def uninstall(world: World) -> None:
    """Take the app away: it is told, and its tokens end."""
    revoked = {"oauth": [], "bot": [world.app.bot_user]}
    tell(world, "tokens_revoked", {"type": "tokens_revoked", "tokens": revoked})
    tell(world, "app_uninstalled", {"type": "app_uninstalled"})
    world.app.installed = False


def found_channel(
    world: World, name: str, members: Sequence[str], *, private: bool, bot: bool
) -> str:
    """Make a channel and return its id."""
    people = {*members, world.app.bot_user} if bot else set(members)
    now = int(world.clock.now().timestamp())
    kind: Literal["private", "public"] = "private" if private else "public"
    channel = Channel(world.names.new("C"), name, kind, people, now)
    world.workspace.channels[channel.id] = channel
    world.workspace.changed_everywhere()
    return channel.id
