"""People and channels that come to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.events import send_event
from bot.sandbox.lookups import visible_user_json
from bot.sandbox.workspace import Channel, ClientState, User
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class NewUser:
    """Who somebody is."""

    name: str
    real_name: str
    tz: str
    email: str
    is_admin: bool
    title: str = ""


def create_user(world: World, new_user: NewUser) -> str:
    """Give `newcomer` an account and a direct message with the app; return the user's id."""
    names, workspace = world.ids, world.workspace
    now = int(world.clock.now().timestamp())
    email = new_user.email or f"{new_user.name}@example.com"
    user = User(
        names.new("U"),
        new_user.name,
        new_user.real_name,
        new_user.tz,
        email,
        now,
        is_admin=new_user.is_admin,
        title=new_user.title,
    )
    dm = Channel(names.new("D"), "", "im", {user.id, world.app.bot_user_id}, now, user_id=user.id)
    workspace.users[user.id] = user
    workspace.channels[dm.id] = dm
    workspace.clients[user.id] = ClientState(dm.id)
    workspace.notify_all()
    return user.id


def join_user(world: World, new_user: NewUser) -> str:
    """Let `newcomer` join now, so that the app hears of it; return the user's id."""
    user_id = create_user(world, new_user)
    shape = visible_user_json(world, world.workspace.users[user_id])
    send_event(world, "team_join", {"type": "team_join", "user": shape})
    return user_id


def uninstall_app(world: World) -> None:
    """Take the app away: it is told, and its tokens end."""
    revoked = {"oauth": [], "bot": [world.app.bot_user_id]}
    send_event(world, "tokens_revoked", {"type": "tokens_revoked", "tokens": revoked})
    send_event(world, "app_uninstalled", {"type": "app_uninstalled"})
    world.app.is_installed = False


def create_channel(
    world: World, name: str, members: Sequence[str], *, private: bool, bot: bool
) -> str:
    """Make a channel and return its id."""
    people = {*members, world.app.bot_user_id} if bot else set(members)
    now = int(world.clock.now().timestamp())
    kind: Literal["private", "public"] = "private" if private else "public"
    channel = Channel(world.ids.new("C"), name, kind, people, now)
    world.workspace.channels[channel.id] = channel
    world.workspace.notify_all()
    return channel.id
