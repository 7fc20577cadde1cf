"""JSON of users, channels, messages, views and files, as Slack's API returns them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from .json_codec import Json
from .state_values import build_state_values
from .workspace import App, Channel, File, Post, User, UserGroup, View, Workspace


def user_json(user: User, workspace: Workspace, now: datetime, base: str, *, email: bool) -> Json:
    """Return `user` as users.info does; with `email` only if the token may see it.

    `base` is the URL of the server, which has the user's image.
    """
    offset = now.astimezone(ZoneInfo(user.tz)).utcoffset()
    return {
        "id": user.id,
        "team_id": workspace.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": now.astimezone(ZoneInfo(user.tz)).tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile_json(user, workspace, base, email=email),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }


IMAGE_SIZES = (24, 32, 48, 72, 192, 512)
"""The sizes in pixels of a user's image; the profile has the address of each."""


def profile_json(user: User, workspace: Workspace, base: str, *, email: bool) -> Json:
    """Return the profile of `user`; with `email` only if the token may see it.

    `base` is the URL of the server, which has the user's image.
    """
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "title": user.title,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "team": workspace.team_id,
        "avatar_hash": user.id.lower(),
        **{f"image_{size}": f"{base}/avatars/{user.id}-{size}.png" for size in IMAGE_SIZES},
    }
    if email and not user.is_bot:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"bot_id": workspace.app.bot_id, "api_app_id": workspace.app.id}
    return profile


def usergroup_json(group: UserGroup, workspace: Workspace, *, users: bool, count: bool) -> Json:
    """Return `group` as usergroups.list does, optionally with its `users` and their `count`."""
    members = active_members(group, workspace)
    return {
        "id": group.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.deleted,
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
        **({"users": members} if users else {}),
        **({"user_count": len(members)} if count else {}),
    }


def active_members(group: UserGroup, workspace: Workspace) -> list[str]:
    """Return the members of `group`; Slack leaves deactivated users out."""
    return [user_id for user_id in group.members if not workspace.users[user_id].deleted]


def channel_json(channel: Channel, workspace: Workspace) -> Json:
    """Return `channel` as conversations.info does."""
    shared: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
    }
    return shared | (
        _im_fields(channel) if channel.kind == "im" else _channel_fields(channel, workspace)
    )


def _im_fields(channel: Channel) -> Json:
    return {
        "user": channel.user_id,
        "is_user_deleted": False,
        "is_open": channel.is_open,
        "priority": 0,
    }


def _channel_fields(channel: Channel, workspace: Workspace) -> Json:
    private = channel.kind == "private"
    return {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not private,
        "is_group": private,
        "is_private": private,
        "is_mpim": False,
        "is_general": False,
        "is_member": workspace.app.bot_user_id in channel.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def post_json(post: Post, workspace: Workspace) -> Json:
    """Return `post` as a message in API responses, events and payloads."""
    shape: Json = {"type": "message", "user": post.user, "ts": post.ts, "text": post.text}
    if post.subtype:
        shape["subtype"] = post.subtype
    if post.bot_id:
        shape |= _bot_fields(post, workspace)
    if post.client_msg_id:
        shape["client_msg_id"] = post.client_msg_id
    shape["team"] = workspace.team_id
    for key in ("blocks", "attachments", "files", "thread_ts", "metadata", "username", "icons"):
        value = getattr(post, key)
        if value:
            shape[key] = value
    if post.thread_ts and post.thread_ts != post.ts:
        shape["parent_user_id"] = _parent_author(post, workspace)
    if post.subtype == "thread_broadcast":
        shape["root"] = _root_json(post, workspace)
    if post.edited_ts:
        shape["edited"] = {"user": post.user, "ts": post.edited_ts}
    if post.reactions:
        shape["reactions"] = _reactions_json(post)
    return shape


def _root_json(post: Post, workspace: Workspace) -> Json:
    """Return the message whose thread the broadcast reply `post` is in."""
    parent = workspace.channels[post.channel].posts.get(post.thread_ts or "")
    return post_json(parent, workspace) if parent else {}


def _parent_author(post: Post, workspace: Workspace) -> str:
    parent = workspace.channels[post.channel].posts.get(post.thread_ts or "")
    return parent.user if parent else post.user


def _reactions_json(post: Post) -> list[Json]:
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in post.reactions.items()
    ]


def _bot_fields(post: Post, workspace: Workspace) -> Json:
    bot = workspace.users[workspace.app.bot_user_id]
    return {
        "bot_id": post.bot_id,
        "app_id": workspace.app.id,
        "bot_profile": {
            "id": post.bot_id,
            "app_id": workspace.app.id,
            "user_id": bot.id,
            "name": bot.real_name,
            "icons": {},
            "deleted": False,
            "updated": bot.updated,
            "team_id": workspace.team_id,
        },
    }


def view_json(view: View, workspace: Workspace, *, closing: bool = False) -> Json:
    """Return `view` with its state, as views.* and payloads do.

    `closing` omits the values of input blocks, as view_closed does.
    """
    body = view.body
    shape: Json = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": view.kind,
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": {"values": view_state(view, closing=closing)},
        "hash": view.hash,
        "title": body.get("title") or _DEFAULT_TITLE,
        "clear_on_close": body.get("clear_on_close") is True,
        "notify_on_close": body.get("notify_on_close") is True,
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": workspace.app.id,
        "external_id": body.get("external_id") or "",
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.app.bot_id,
    }
    return shape


_DEFAULT_TITLE = {"type": "plain_text", "text": "View Title", "emoji": True}
"""The title Slack returns for a Home tab, which has none."""


def view_state(view: View, *, closing: bool = False) -> Json:
    """Return `state.values` of `view`."""
    blocks = view.blocks
    if closing:
        blocks = [block for block in blocks if block.get("type") != "input"]
    return build_state_values(blocks, view.inputs)


def file_json(file: File, workspace: Workspace, base: str) -> Json:
    """Return `file` as files.info and messages do, with links under `base`."""
    link = f"{base}/files-pri/{workspace.team_id}-{file.id}"
    extension = file.name.rpartition(".")[2] if "." in file.name else "text"
    conversations = _conversations_by_kind(file, workspace)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": file.user_id,
        "user_team": workspace.team_id,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(conversations["channels"]),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{link}/{file.name}",
        "url_private_download": f"{link}/download/{file.name}",
        "permalink": f"{base}/files/{file.user_id}/{file.id}/{file.name}",
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": file.alt_txt} if file.alt_txt else {}),
        **conversations,
    }


def _conversations_by_kind(file: File, workspace: Workspace) -> dict[str, list[str]]:
    """Return the ids of the conversations that `file` is in, by kind."""
    channels = [workspace.channels[channel_id] for channel_id in sorted(file.channels)]
    kinds = {"channels": "public", "groups": "private", "ims": "im"}
    return {
        key: [channel.id for channel in channels if channel.kind == kind]
        for key, kind in kinds.items()
    }


def team_json(workspace: Workspace) -> Json:
    """Return the `team` of interaction payloads."""
    return {"id": workspace.team_id, "domain": workspace.domain}


def authorization_json(app: App, workspace: Workspace) -> Json:
    """Return an entry of an event's `authorizations`."""
    return {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": app.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
