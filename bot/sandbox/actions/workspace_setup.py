"""Adding users and channels, and uninstalling the app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..events import send_event
from ..lookups import visible_user_json
from ..workspace import Channel, ClientState, User
from ..world import World


@dataclass(frozen=True, slots=True)
class NewUser:
    """The details of a user to add."""

    name: str
    real_name: str
    tz: str
    email: str
    is_admin: bool
    title: str = ""


def create_user(world: World, new_user: NewUser) -> str:
    """Create a user and their DM with the app, and return the user's id."""
    ids, workspace = world.ids, world.workspace
    now = int(world.clock.now().timestamp())
    email = new_user.email or f"{new_user.name}@example.com"
    user = User(
        ids.new("U"),
        new_user.name,
        new_user.real_name,
        new_user.tz,
        email,
        now,
        is_admin=new_user.is_admin,
        title=new_user.title,
    )
    dm = Channel(ids.new("D"), "", "im", {user.id, world.app.bot_user_id}, now, user_id=user.id)
    workspace.users[user.id] = user
    workspace.channels[dm.id] = dm
    workspace.clients[user.id] = ClientState(dm.id)
    workspace.notify_all()
    return user.id


def join_user(world: World, new_user: NewUser) -> str:
    """Create a user, send team_join, and return the user's id."""
    user_id = create_user(world, new_user)
    shape = visible_user_json(world, world.workspace.users[user_id])
    send_event(world, "team_join", {"type": "team_join", "user": shape})
    return user_id


def uninstall_app(world: World) -> None:
    """Uninstall the app: send the events for it and revoke its tokens."""
    revoked = {"oauth": [], "bot": [world.app.bot_user_id]}
    send_event(world, "tokens_revoked", {"type": "tokens_revoked", "tokens": revoked})
    send_event(world, "app_uninstalled", {"type": "app_uninstalled"})
    world.app.is_installed = False


def create_channel(
    world: World, name: str, members: Sequence[str], *, private: bool, bot: bool
) -> str:
    """Create a channel, with the app's bot as a member if `bot`, and return its id."""
    user_ids = {*members, world.app.bot_user_id} if bot else set(members)
    now = int(world.clock.now().timestamp())
    kind: Literal["private", "public"] = "private" if private else "public"
    channel = Channel(world.ids.new("C"), name, kind, user_ids, now)
    world.workspace.channels[channel.id] = channel
    world.workspace.notify_all()
    return channel.id
