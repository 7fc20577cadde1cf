"""Payloads of interactions and slash commands, as Slack sends them to an app."""

from __future__ import annotations

from .api_json import post_json, team_json, view_json
from .json_codec import Json
from .state_values import BlockElement
from .workspace import Channel, Post, User, View
from .world import World


def interaction_user_json(world: World, user: User) -> Json:
    """Return the `user` of an interaction payload."""
    return {
        "id": user.id,
        "username": user.name,
        "name": user.name,
        "team_id": world.workspace.team_id,
    }


def base_interaction(world: World, kind: str, user_id: str) -> Json:
    """Return the fields that all interaction payloads of this type share."""
    return {
        "type": kind,
        "team": team_json(world.workspace),
        "enterprise": None,
        "is_enterprise_install": False,
        "user": interaction_user_json(world, world.workspace.users[user_id]),
        "api_app_id": world.app.id,
        "token": world.app.verification_token,
    }


def channel_name(channel: Channel) -> str:
    """Return the name of `channel` in payloads."""
    return "directmessage" if channel.kind == "im" else channel.name


def message_block_actions(
    world: World, user_id: str, post: Post, state: Json, actions: list[Json]
) -> Json:
    """Return the block_actions payload for an element in a message."""
    channel = world.workspace.channels[post.channel]
    is_ephemeral = post.ephemeral_user_id is not None
    payload = base_interaction(world, "block_actions", user_id)
    payload |= {
        "container": _message_container(post),
        "trigger_id": world.triggers.issue(user_id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state},
        "response_url": world.response_urls.issue(
            "actions", channel.id, user_id, post.ts, is_ephemeral=is_ephemeral
        ),
        "actions": actions,
    }
    if not is_ephemeral:
        payload["message"] = post_json(post, world.workspace)
    return payload


def _message_container(post: Post) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": post.ts,
        "channel_id": post.channel,
        "is_ephemeral": post.ephemeral_user_id is not None,
    }
    return container | ({"thread_ts": post.thread_ts} if post.thread_ts else {})


def view_block_actions(world: World, view: View, actions: list[Json]) -> Json:
    """Return the block_actions payload for an element in a modal or Home tab."""
    return base_interaction(world, "block_actions", view.user_id) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.triggers.issue(view.user_id),
        "view": view_json(view, world.workspace),
        "actions": actions,
    }


def view_submission(world: World, view: View, response_urls: list[Json]) -> Json:
    """Return the view_submission payload of `view`."""
    return base_interaction(world, "view_submission", view.user_id) | {
        "trigger_id": world.triggers.issue(view.user_id),
        "view": view_json(view, world.workspace),
        "response_urls": response_urls,
    }


def view_closed(world: World, view: View, *, is_cleared: bool) -> Json:
    """Return the view_closed payload of `view`; `is_cleared` if all modals were closed with it."""
    return base_interaction(world, "view_closed", view.user_id) | {
        "view": view_json(view, world.workspace, closing=True),
        "is_cleared": is_cleared,
    }


def global_shortcut(world: World, user_id: str, callback_id: str) -> Json:
    """Return the shortcut payload of a global shortcut."""
    return base_interaction(world, "shortcut", user_id) | {
        "action_ts": world.ids.ts(),
        "callback_id": callback_id,
        "trigger_id": world.triggers.issue(user_id),
    }


def message_shortcut(world: World, user_id: str, callback_id: str, post: Post) -> Json:
    """Return the message_action payload of a message shortcut."""
    channel = world.workspace.channels[post.channel]
    return base_interaction(world, "message_action", user_id) | {
        "action_ts": world.ids.ts(),
        "callback_id": callback_id,
        "trigger_id": world.triggers.issue(user_id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": post.ts,
        "message": post_json(post, world.workspace),
        "response_url": world.response_urls.issue("app", channel.id, user_id, post.ts),
    }


def block_suggestion(
    world: World, user_id: str, source: Post | View, target: BlockElement, query: str
) -> Json:
    """Return the block_suggestion payload for a `query` typed into an external select."""
    payload = base_interaction(world, "block_suggestion", user_id) | {
        "action_id": target.action_id,
        "block_id": target.block_id,
        "value": query,
    }
    if isinstance(source, View):
        container: Json = {"type": "view", "view_id": source.id}
        return payload | {"container": container, "view": view_json(source, world.workspace)}
    channel = world.workspace.channels[source.channel]
    payload |= {"channel": {"id": channel.id, "name": channel_name(channel)}}
    if source.ephemeral_user_id is None:
        payload["message"] = post_json(source, world.workspace)
    return payload | {"container": _message_container(source)}


def slash_command(
    world: World, user_id: str, name_and_text: tuple[str, str], channel: Channel
) -> Json:
    """Return the form fields of a slash command with this name and text."""
    workspace = world.workspace
    name, text = name_and_text
    return {
        "token": world.app.verification_token,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user_id,
        "user_name": workspace.users[user_id].name,
        "command": name,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": world.response_urls.issue("commands", channel.id, user_id),
        "trigger_id": world.triggers.issue(user_id),
    }
