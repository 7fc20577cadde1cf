"""conversations.*: channels and direct messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.sandbox.api_json import channel_json, post_json
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import WebApiError
from bot.sandbox.json_codec import Json
from bot.sandbox.lookups import find_channel, find_user
from bot.sandbox.membership import add_member
from bot.sandbox.methods.pagination import paginate
from bot.sandbox.web_api import missing_scope_error
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

SCOPE_PREFIXES = {"im": "im", "public": "channels", "private": "groups"}
KINDS_BY_TYPE = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def open_conversation(world: World, args: Arguments) -> Json:
    """conversations.open, for one person; the sandbox has no group direct messages."""
    channel = _find_conversation(world, args)
    already, channel.is_open = channel.is_open, True
    full = args.flag("return_im")
    answer: Json = {
        "channel": channel_json(channel, world.workspace) if full else _id_json(channel)
    }
    return answer | ({"no_op": True, "already_open": True} if already else {})


def info(world: World, args: Arguments) -> Json:
    """conversations.info."""
    channel = _find_readable(world, args, "read")
    shape = channel_json(channel, world.workspace)
    if args.flag("include_num_members"):
        shape["num_members"] = len(channel.members)
    return {"channel": shape}


def members(world: World, args: Arguments) -> Json:
    """conversations.members."""
    channel = _find_readable(world, args, "read")
    found, metadata = paginate(sorted(channel.members), args, maximum=1000)
    return {"members": list(found)} | metadata


def list_conversations(world: World, args: Arguments) -> Json:
    """conversations.list."""
    kinds = [_parse_kind(world, one) for one in args.strings("types") or ["public_channel"]]
    channels = [
        channel
        for channel in world.workspace.channels.values()
        if channel.kind in kinds and _is_listed(world, channel, args)
    ]
    found, metadata = paginate(channels, args, maximum=999)
    return {"channels": [channel_json(one, world.workspace) for one in found]} | metadata


def history(world: World, args: Arguments) -> Json:
    """conversations.history, newest first and without replies."""
    channel = _find_readable(world, args, "history")
    posts = [one for one in _posts_between(channel, args) if one.thread_ts in {None, one.ts}]
    found, metadata = paginate(posts[::-1], args, maximum=999)
    more = bool(metadata["response_metadata"]["next_cursor"])
    messages = [_post_with_thread(world, channel, one) for one in found]
    return {"messages": messages, "has_more": more, "pin_count": 0} | metadata


def replies(world: World, args: Arguments) -> Json:
    """conversations.replies, the parent first."""
    channel = _find_readable(world, args, "history")
    parent = channel.posts.get(args.text("ts"))
    if parent is None:
        raise WebApiError(error="thread_not_found")
    thread = parent.thread_ts or parent.ts
    posts = [one for one in _posts_between(channel, args) if thread in {one.ts, one.thread_ts}]
    found, metadata = paginate(posts, args, maximum=1000)
    more = bool(metadata["response_metadata"]["next_cursor"])
    return {
        "messages": [_post_with_thread(world, channel, one) for one in found],
        "has_more": more,
    } | metadata


def join(world: World, args: Arguments) -> Json:
    """conversations.join, for a public channel."""
    channel = find_channel(world, args.text("channel"))
    if channel.kind != "public":
        raise WebApiError(error="method_not_supported_for_channel_type")
    if channel.is_archived:
        raise WebApiError(error="is_archived")
    was_in = not add_member(world, channel, world.app.bot_user_id)
    answer: Json = {"channel": channel_json(channel, world.workspace)}
    if was_in:
        answer |= {"warning": "already_in_channel"}
        answer |= {"response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def _id_json(channel: Channel) -> Json:
    return {"id": channel.id}


def _find_conversation(world: World, args: Arguments) -> Channel:
    if args.has("channel"):
        return find_channel(world, args.text("channel"))
    people = args.strings("users")
    if not people:
        raise WebApiError(error="users_list_not_supplied")
    if "im:write" not in world.manifest.scopes:
        raise missing_scope_error(world, ("im:write",))
    if len(people) > 1:
        raise WebApiError(error="not_built_in_sandbox", detail="The sandbox has no group messages.")
    user = find_user(world, people[0])
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
    """Return the messages from `oldest` to `latest`, the oldest first."""
    oldest = _parse_ts(args, "oldest", "invalid_ts_oldest", 0.0)
    latest = _parse_ts(args, "latest", "invalid_ts_latest", float("inf"))
    return [
        one
        for one in channel.posts.values()
        if _IN_RANGE[args.flag("inclusive")](float(one.ts), oldest, latest)
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


def _post_with_thread(world: World, channel: Channel, found: Post) -> Json:
    """Return a message with what Slack says of its thread."""
    shape = post_json(found, world.workspace)
    answers = [one for one in channel.posts.values() if one.thread_ts == found.ts != one.ts]
    if answers:
        users = list(dict.fromkeys(one.user for one in answers))
        shape |= {
            "thread_ts": found.ts,
            "reply_count": len(answers),
            "reply_users_count": len(users),
            "latest_reply": answers[-1].ts,
            "reply_users": users,
        }
    return shape
