"""What people see, and what went over the wire, as JSON."""

from __future__ import annotations

from itertools import islice

from bot.sandbox.control.requests import Ask, Request
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.looking import buttons, visible_posts
from bot.sandbox.delivery.http import Poster
from bot.sandbox.quiet import dnd_json
from bot.sandbox.snapshots import Message, Screen, message_of, screen_of
from bot.sandbox.traffic import Record
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, User, UserGroup
from bot.sandbox.world import World

MOST_MESSAGES = 50
MOST_RECORDS = 200


async def workspace(request: Request) -> Json:
    """Tell who and what there is, what time it is, and how an app gets in."""
    world = request.world
    people = [world.workspace.users[one] for one in world.workspace.desks]
    return {
        "url": world.url,
        "now": world.clock.now().isoformat(),
        "settings": settings_json(world),
        "app": {"id": world.app.id, "bot_id": world.app.bot_id, "user": world.app.bot_user},
        "connections": world.sockets.connected,
        "delivery": "http" if isinstance(world.carrier, Poster) else "socket",
        "people": [_person(user, world) for user in people],
        "channels": [_channel(one) for one in world.workspace.channels.values()],
        "usergroups": [_group(one) for one in world.workspace.usergroups.values()],
        "faults": faults_json(world),
        "limits": {name: [rate.calls, rate.seconds] for name, rate in world.limits.rates.items()},
    }


def settings_json(world: World) -> Json:
    """Return what an app needs to get in, by the usual names of environment variables."""
    return {
        "SLACK_API_URL": f"{world.url}/api/",
        "SLACK_BOT_TOKEN": world.app.bot_token,
        "SLACK_APP_TOKEN": world.app.app_token,
        "SLACK_SIGNING_SECRET": world.app.signing_secret,
    }


def faults_json(world: World) -> list[Json]:
    """Return what is still to go wrong."""
    return [
        {"kind": one.kind, "method": one.method, "times": one.times}
        for one in world.faults.standing()
    ]


async def sees(request: Request) -> Json:
    """Tell what is before somebody: messages (the newest last), modals, the Home tab."""
    actor = request.actor
    most = int(request.number("limit", MOST_MESSAGES))
    posts = list(islice(visible_posts(actor), most))[::-1]
    home = actor.desk.home
    return {
        "messages": [message_json(message_of(post, actor.workspace)) for post in posts],
        "modals": modals_json(actor),
        "home": screen_json(screen_of(home, actor.workspace)) if home else None,
        "buttons": buttons(actor),
    }


async def traffic(request: Request) -> Json:
    """Tell what went over the wire, the newest first."""
    after, kind = int(request.number("after", 0)), request.text("kind", "")
    bad_only = request.flag("problems")
    found = [
        record_json(number, record)
        for number, record in request.world.traffic.numbered(after)
        if kind in {"", record.kind} and (record.problems or not bad_only)
    ]
    most = int(request.number("limit", MOST_RECORDS))
    return {"records": found[:most], "noted": request.world.traffic.noted}


SIGHTS: dict[str, Ask] = {"workspace": workspace, "sees": sees, "traffic": traffic}
"""What can be looked at by GET, by the last part of its path."""


def message_json(message: Message) -> Json:
    """Return what somebody sees of a message."""
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "plain": message.plain,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "ephemeral": message.ephemeral,
        "files": message.files,
        "buttons": message.buttons,
    }


def modals_json(actor: Actor) -> list[Json]:
    """Return the open modals of `actor`, the top one last."""
    return [screen_json(screen_of(view, actor.workspace)) for view in actor.desk.modals]


def screen_json(screen: Screen) -> Json:
    """Return what somebody sees of a modal or Home tab."""
    return {
        "id": screen.id,
        "kind": screen.kind,
        "title": screen.title,
        "callback_id": screen.callback_id,
        "plain": screen.plain,
        "blocks": screen.blocks,
        "state": screen.state,
        "errors": screen.errors,
        "buttons": screen.buttons,
    }


def record_json(number: int, record: Record) -> Json:
    """Return a request and its response; `took` is in milliseconds."""
    return {
        "number": number,
        "at": record.at.isoformat(),
        "direction": record.direction,
        "kind": record.kind,
        "status": record.status,
        "problems": list(record.problems),
        "took": round(record.took * 1000, 1),
        "request": record.request,
        "response": record.response,
    }


def _person(user: User, world: World) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "tz": user.tz,
        "title": user.title,
        "dm": world.workspace.desks[user.id].dm,
        "status": {
            "text": user.status_text,
            "emoji": user.status_emoji,
            "until": user.status_until,
        },
        "dnd": dnd_json(user, world.clock.now()),
    }


def _group(group: UserGroup) -> Json:
    return {"id": group.id, "handle": group.handle, "members": group.members}


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": sorted(channel.members),
        "person": channel.person,
    }
