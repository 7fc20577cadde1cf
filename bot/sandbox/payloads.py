"""What Slack tells an app of what people do: the payloads of interactions and commands."""

from __future__ import annotations

from bot.sandbox.shapes import post_json, team_json, view_json
from bot.sandbox.state_values import Target
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Post, User, View
from bot.sandbox.world import World


def person_json(world: World, user: User) -> Json:
    """Return the `user` of an interaction."""
    return {
        "id": user.id,
        "username": user.name,
        "name": user.name,
        "team_id": world.workspace.team_id,
    }


def interaction(world: World, kind: str, person: str) -> Json:
    """Return what every interaction of `person` begins with."""
    return {
        "type": kind,
        "team": team_json(world.workspace),
        "enterprise": None,
        "is_enterprise_install": False,
        "user": person_json(world, world.workspace.users[person]),
        "api_app_id": world.app.id,
        "token": world.app.verification_token,
    }


def channel_name(channel: Channel) -> str:
    """Return how payloads call `channel`."""
    return "directmessage" if channel.kind == "im" else channel.name


def message_actions(
    world: World, person: str, post: Post, state: Json, actions: list[Json]
) -> Json:
    """Return the block_actions of somebody who used an element in a message."""
    channel = world.workspace.channels[post.channel]
    ephemeral = post.only_for is not None
    payload = interaction(world, "block_actions", person)
    payload |= {
        "container": _container(post),
        "trigger_id": world.triggers.new(person),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state},
        "response_url": world.response_urls.new(
            "actions", channel.id, person, post.ts, ephemeral=ephemeral
        ),
        "actions": actions,
    }
    if not ephemeral:
        payload["message"] = post_json(post, world.workspace)
    return payload


def _container(post: Post) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": post.ts,
        "channel_id": post.channel,
        "is_ephemeral": post.only_for is not None,
    }
    return container | ({"thread_ts": post.thread_ts} if post.thread_ts else {})


def view_actions(world: World, view: View, actions: list[Json]) -> Json:
    """Return the block_actions of somebody who used an element in a modal or Home tab."""
    return interaction(world, "block_actions", view.person) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.triggers.new(view.person),
        "view": view_json(view, world.workspace),
        "actions": actions,
    }


def submission(world: World, view: View, response_urls: list[Json]) -> Json:
    """Return the view_submission of `view`."""
    return interaction(world, "view_submission", view.person) | {
        "trigger_id": world.triggers.new(view.person),
        "view": view_json(view, world.workspace),
        "response_urls": response_urls,
    }


def closing(world: World, view: View, *, cleared: bool) -> Json:
    """Return the view_closed of `view`; `cleared` if it was closed with all the others."""
    return interaction(world, "view_closed", view.person) | {
        "view": view_json(view, world.workspace, closing=True),
        "is_cleared": cleared,
    }


def global_shortcut(world: World, person: str, callback_id: str) -> Json:
    """Return the shortcut that `person` used from the search or the message box."""
    return interaction(world, "shortcut", person) | {
        "action_ts": world.names.ts(),
        "callback_id": callback_id,
        "trigger_id": world.triggers.new(person),
    }


def message_shortcut(world: World, person: str, callback_id: str, post: Post) -> Json:
    """Return the shortcut that `person` used from the menu of a message."""
    channel = world.workspace.channels[post.channel]
    return interaction(world, "message_action", person) | {
        "action_ts": world.names.ts(),
        "callback_id": callback_id,
        "trigger_id": world.triggers.new(person),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": post.ts,
        "message": post_json(post, world.workspace),
        "response_url": world.response_urls.new("app", channel.id, person, post.ts),
    }


def suggestion(world: World, person: str, place: Post | View, target: Target, typed: str) -> Json:
    """Return the block_suggestion of somebody who `typed` into an external select."""
    payload = interaction(world, "block_suggestion", person) | {
        "action_id": target.action_id,
        "block_id": target.block_id,
        "value": typed,
    }
    if isinstance(place, View):
        container: Json = {"type": "view", "view_id": place.id}
        return payload | {"container": container, "view": view_json(place, world.workspace)}
    channel = world.workspace.channels[place.channel]
    payload |= {"channel": {"id": channel.id, "name": channel_name(channel)}}
    if place.only_for is None:
        payload["message"] = post_json(place, world.workspace)
    return payload | {"container": _container(place)}


def command(world: World, person: str, line: tuple[str, str], channel: Channel) -> Json:
    """Return the flat fields of a slash command; `line` is its name and its text."""
    workspace = world.workspace
    name, text = line
    return {
        "token": world.app.verification_token,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person,
        "user_name": workspace.users[person].name,
        "command": name,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": world.response_urls.new("commands", channel.id, person),
        "trigger_id": world.triggers.new(person),
    }
