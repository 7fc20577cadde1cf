"""conversations.*: channels and direct messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..api_json import channel_json, post_json
from ..arguments import Arguments
from ..errors import WebApiError
from ..json_codec import Json
from ..lookups import find_channel, find_user
from ..membership import add_member
from ..messages import BROADCAST_SUBTYPE
from ..web_api import missing_scope_error
from ..workspace import Channel, Post
from ..world import World
from .pagination import paginate

SCOPE_PREFIXES = {"im": "im", "public": "channels", "private": "groups"}
KINDS_BY_TYPE = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def open_conversation(world: World, args: Arguments) -> Json:
    """Handle conversations.open for one user; the sandbox has no group direct messages."""
    channel = _find_conversation(world, args)
    was_open, channel.is_open = channel.is_open, True
    full = args.flag("return_im")
    response: Json = {
        "channel": channel_json(channel, world.workspace) if full else _id_json(channel)
    }
    return response | ({"no_op": True, "already_open": True} if was_open else {})


def info(world: World, args: Arguments) -> Json:
    """Handle conversations.info."""
    channel = _find_readable(world, args, "read")
    body = channel_json(channel, world.workspace)
    if args.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def members(world: World, args: Arguments) -> Json:
    """Handle conversations.members."""
    channel = _find_readable(world, args, "read")
    user_ids, metadata = paginate(sorted(channel.members), args, maximum=1000)
    return {"members": list(user_ids)} | metadata


def list_conversations(world: World, args: Arguments) -> Json:
    """Handle conversations.list."""
    kinds = [_parse_kind(world, name) for name in args.strings("types") or ["public_channel"]]
    channels = [
        channel
        for channel in world.workspace.channels.values()
        if channel.kind in kinds and _is_listed(world, channel, args)
    ]
    page, metadata = paginate(channels, args, maximum=999)
    return {"channels": [channel_json(channel, world.workspace) for channel in page]} | metadata


def history(world: World, args: Arguments) -> Json:
    """Handle conversations.history: newest first, without replies."""
    channel = _find_readable(world, args, "history")
    posts = [post for post in _posts_between(channel, args) if _is_in_channel(post)]
    page, metadata = paginate(posts[::-1], args, maximum=999)
    has_more = bool(metadata["response_metadata"]["next_cursor"])
    messages = [_post_with_thread(world, channel, post) for post in page]
    return {"messages": messages, "has_more": has_more, "pin_count": 0} | metadata


def replies(world: World, args: Arguments) -> Json:
    """Handle conversations.replies: the parent first, then its replies."""
    channel = _find_readable(world, args, "history")
    parent = channel.posts.get(args.text("ts"))
    if parent is None:
        raise WebApiError(error="thread_not_found")
    thread_ts = parent.thread_ts or parent.ts
    posts = [
        post for post in _posts_between(channel, args) if thread_ts in {post.ts, post.thread_ts}
    ]
    page, metadata = paginate(posts, args, maximum=1000)
    has_more = bool(metadata["response_metadata"]["next_cursor"])
    messages = [_post_with_thread(world, channel, post) for post in page]
    return {"messages": messages, "has_more": has_more} | metadata


def join(world: World, args: Arguments) -> Json:
    """Handle conversations.join for a public channel."""
    channel = find_channel(world, args.text("channel"))
    if channel.kind != "public":
        raise WebApiError(error="method_not_supported_for_channel_type")
    if channel.is_archived:
        raise WebApiError(error="is_archived")
    was_member = not add_member(world, channel, world.app.bot_user_id)
    response: Json = {"channel": channel_json(channel, world.workspace)}
    if was_member:
        response |= {"warning": "already_in_channel"}
        response |= {"response_metadata": {"warnings": ["already_in_channel"]}}
    return response


def _is_in_channel(post: Post) -> bool:
    return post.thread_ts in {None, post.ts} or post.subtype == BROADCAST_SUBTYPE


def _id_json(channel: Channel) -> Json:
    return {"id": channel.id}


def _find_conversation(world: World, args: Arguments) -> Channel:
    if args.has("channel"):
        return find_channel(world, args.text("channel"))
    user_ids = args.strings("users")
    if not user_ids:
        raise WebApiError(error="users_list_not_supplied")
    if "im:write" not in world.manifest.scopes:
        raise missing_scope_error(world, ("im:write",))
    if len(user_ids) > 1:
        raise WebApiError(
            error="not_supported_in_sandbox", detail="The sandbox has no group messages."
        )
    user = find_user(world, user_ids[0])
    if user.deleted:
        raise WebApiError(error="user_disabled")
    client = world.workspace.clients.get(user.id)
    if client is None:
        raise WebApiError(error="invalid_user_combination")
    return world.workspace.channels[client.dm]


def _find_readable(world: World, args: Arguments, verb: str) -> Channel:
    channel = find_channel(world, args.text("channel"))
    scope = f"{SCOPE_PREFIXES[channel.kind]}:{verb}"
    if scope not in world.manifest.scopes:
        raise missing_scope_error(world, (scope,))
    if verb == "history" and world.app.bot_user_id not in channel.members:
        raise WebApiError(error="not_in_channel")
    return channel


def _parse_kind(world: World, name: str) -> str:
    kind = KINDS_BY_TYPE.get(name)
    if kind is None:
        raise WebApiError(error="invalid_types")
    scope = f"{SCOPE_PREFIXES.get(kind, kind)}:read"
    if scope not in world.manifest.scopes:
        raise missing_scope_error(world, (scope,))
    return kind


def _is_listed(world: World, channel: Channel, args: Arguments) -> bool:
    hidden = channel.kind == "private" and world.app.bot_user_id not in channel.members
    closed = channel.kind == "im" and not channel.is_open
    archived = channel.is_archived and args.flag("exclude_archived")
    return not (hidden or closed or archived)


def _posts_between(channel: Channel, args: Arguments) -> list[Post]:
    """Return the messages between the arguments `oldest` and `latest`, oldest first."""
    oldest = _parse_ts(args, "oldest", "invalid_ts_oldest", 0.0)
    latest = _parse_ts(args, "latest", "invalid_ts_latest", float("inf"))
    return [
        post
        for post in channel.posts.values()
        if _IN_RANGE[args.flag("inclusive")](float(post.ts), oldest, latest)
    ]


_IN_RANGE: Mapping[bool, Callable[[float, float, float], bool]] = {
    True: lambda ts, oldest, latest: oldest <= ts <= latest,
    False: lambda ts, oldest, latest: oldest < ts < latest,
}


def _parse_ts(args: Arguments, name: str, error: str, default: float) -> float:
    text = args.text(name)
    try:
        return float(text) if text else default
    except ValueError:
        raise WebApiError(error) from None


def _post_with_thread(world: World, channel: Channel, post: Post) -> Json:
    """Return the JSON of a message, with Slack's fields on its thread if it has replies."""
    body = post_json(post, world.workspace)
    replies = [reply for reply in channel.posts.values() if reply.thread_ts == post.ts != reply.ts]
    if replies:
        users = list(dict.fromkeys(reply.user for reply in replies))
        body |= {
            "thread_ts": post.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "reply_users": users,
        }
    return body
