"""conversations.*: channels and direct messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.sandbox.arguments import Arguments
from bot.sandbox.calling import missing_scope
from bot.sandbox.errors import Refusal
from bot.sandbox.finding import find_channel, find_user
from bot.sandbox.membership import enter
from bot.sandbox.methods.pages import page
from bot.sandbox.shapes import channel_json, post_json
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

SCOPE_WORDS = {"im": "im", "public": "channels", "private": "groups"}
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def open_conversation(world: World, args: Arguments) -> Json:
    """conversations.open, for one person; the sandbox has no group direct messages."""
    channel = _opened(world, args)
    already, channel.is_open = channel.is_open, True
    full = args.flag("return_im")
    answer: Json = {"channel": channel_json(channel, world.workspace) if full else _id(channel)}
    return answer | ({"no_op": True, "already_open": True} if already else {})


def info(world: World, args: Arguments) -> Json:
    """conversations.info."""
    channel = _readable(world, args, "read")
    shape = channel_json(channel, world.workspace)
    if args.flag("include_num_members"):
        shape["num_members"] = len(channel.members)
    return {"channel": shape}


def members(world: World, args: Arguments) -> Json:
    """conversations.members."""
    channel = _readable(world, args, "read")
    found, metadata = page(sorted(channel.members), args, most=1000)
    return {"members": list(found)} | metadata


def list_conversations(world: World, args: Arguments) -> Json:
    """conversations.list."""
    kinds = [_kind(world, one) for one in args.names("types") or ["public_channel"]]
    channels = [
        channel
        for channel in world.workspace.channels.values()
        if channel.kind in kinds and _listed(world, channel, args)
    ]
    found, metadata = page(channels, args, most=999)
    return {"channels": [channel_json(one, world.workspace) for one in found]} | metadata


def history(world: World, args: Arguments) -> Json:
    """conversations.history, newest first and without replies."""
    channel = _readable(world, args, "history")
    posts = [one for one in _between(channel, args) if one.thread_ts in {None, one.ts}]
    found, metadata = page(posts[::-1], args, most=999)
    more = bool(metadata["response_metadata"]["next_cursor"])
    messages = [_full(world, channel, one) for one in found]
    return {"messages": messages, "has_more": more, "pin_count": 0} | metadata


def replies(world: World, args: Arguments) -> Json:
    """conversations.replies, the parent first."""
    channel = _readable(world, args, "history")
    parent = channel.posts.get(args.text("ts"))
    if parent is None:
        raise Refusal(error="thread_not_found")
    thread = parent.thread_ts or parent.ts
    posts = [one for one in _between(channel, args) if thread in {one.ts, one.thread_ts}]
    found, metadata = page(posts, args, most=1000)
    more = bool(metadata["response_metadata"]["next_cursor"])
    return {"messages": [_full(world, channel, one) for one in found], "has_more": more} | metadata


def join(world: World, args: Arguments) -> Json:
    """conversations.join, for a public channel."""
    channel = find_channel(world, args.text("channel"))
    if channel.kind != "public":
        raise Refusal(error="method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal(error="is_archived")
    was_in = not enter(world, channel, world.app.bot_user)
    answer: Json = {"channel": channel_json(channel, world.workspace)}
    if was_in:
        answer |= {"warning": "already_in_channel"}
        answer |= {"response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def _id(channel: Channel) -> Json:
    return {"id": channel.id}


def _opened(world: World, args: Arguments) -> Channel:
    if args.has("channel"):
        return find_channel(world, args.text("channel"))
    people = args.names("users")
    if not people:
        raise Refusal(error="users_list_not_supplied")
    if "im:write" not in world.manifest.scopes:
        raise missing_scope(world, ("im:write",))
    if len(people) > 1:
        raise Refusal(error="not_built_in_sandbox", detail="The sandbox has no group messages.")
    user = find_user(world, people[0])
    if user.deleted:
        raise Refusal(error="user_disabled")
    desk = world.workspace.desks.get(user.id)
    if desk is None:
        raise Refusal(error="invalid_user_combination")
    return world.workspace.channels[desk.dm]


def _readable(world: World, args: Arguments, verb: str) -> Channel:
    channel = find_channel(world, args.text("channel"))
    scope = f"{SCOPE_WORDS[channel.kind]}:{verb}"
    if scope not in world.manifest.scopes:
        raise missing_scope(world, (scope,))
    if verb == "history" and world.app.bot_user not in channel.members:
        raise Refusal(error="not_in_channel")
    return channel


def _kind(world: World, name: str) -> str:
    kind = TYPES.get(name)
    if kind is None:
        raise Refusal(error="invalid_types")
    scope = f"{SCOPE_WORDS.get(kind, kind)}:read"
    if scope not in world.manifest.scopes:
        raise missing_scope(world, (scope,))
    return kind


def _listed(world: World, channel: Channel, args: Arguments) -> bool:
    hidden = channel.kind == "private" and world.app.bot_user not in channel.members
    closed = channel.kind == "im" and not channel.is_open
    archived = channel.is_archived and args.flag("exclude_archived")
    return not (hidden or closed or archived)


def _between(channel: Channel, args: Arguments) -> list[Post]:
    """Return the messages from `oldest` to `latest`, the oldest first."""
    oldest = _moment(args, "oldest", "invalid_ts_oldest", 0.0)
    latest = _moment(args, "latest", "invalid_ts_latest", float("inf"))
    return [
        one
        for one in channel.posts.values()
        if _INSIDE[args.flag("inclusive")](float(one.ts), oldest, latest)
    ]


_INSIDE: Mapping[bool, Callable[[float, float, float], bool]] = {
    True: lambda ts, oldest, latest: oldest <= ts <= latest,
    False: lambda ts, oldest, latest: oldest < ts < latest,
}


def _moment(args: Arguments, name: str, otherwise: str, default: float) -> float:
    text = args.text(name)
    try:
        return float(text) if text else default
    except ValueError:
        raise Refusal(otherwise) from None


def _full(world: World, channel: Channel, found: Post) -> Json:
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
