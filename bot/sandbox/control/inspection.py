"""Inspection routes of the control API: the workspace, a user's screen and the traffic."""

from __future__ import annotations

from itertools import islice

from ..actions.actor import Actor
from ..actions.visibility import visible_buttons, visible_posts
from ..delivery.http import HttpTransport
from ..do_not_disturb import dnd_json
from ..faults import Fault
from ..json_codec import Json
from ..snapshots import MessageSnapshot, ViewSnapshot, snapshot_message, snapshot_view
from ..traffic import TrafficRecord
from ..workspace import Channel, User, UserGroup
from ..world import World
from .requests import ControlHandler, ControlRequest

MAX_MESSAGES = 50
MAX_RECORDS = 200


async def get_workspace(request: ControlRequest) -> Json:
    """Return users, channels, the time, faults, rate limits and the app's credentials."""
    world = request.world
    users = [world.workspace.users[user_id] for user_id in world.workspace.clients]
    return {
        "url": world.url,
        "now": world.clock.now().isoformat(),
        "settings": settings_json(world),
        "app": {"id": world.app.id, "bot_id": world.app.bot_id, "user": world.app.bot_user_id},
        "connections": world.sockets.connection_count,
        "delivery": "http" if isinstance(world.transport, HttpTransport) else "socket",
        "users": [_user_json(user, world) for user in users],
        "channels": [_channel_json(channel) for channel in world.workspace.channels.values()],
        "usergroups": [_usergroup_json(group) for group in world.workspace.usergroups.values()],
        "faults": faults_json(world),
        "rate_limits": {
            name: [rate.calls, rate.seconds] for name, rate in world.limits.rates.items()
        },
    }


def settings_json(world: World) -> Json:
    """Return the app's credentials under the usual names of environment variables."""
    return {
        "SLACK_API_URL": f"{world.url}/api/",
        "SLACK_BOT_TOKEN": world.app.bot_token,
        "SLACK_APP_TOKEN": world.app.app_token,
        "SLACK_SIGNING_SECRET": world.app.signing_secret,
    }


def faults_json(world: World) -> list[Json]:
    """Return the active faults, each with the details that its kind has."""
    return [_fault_json(fault) for fault in world.faults.active()]


def _fault_json(fault: Fault) -> Json:
    details: Json = {
        "status": fault.status if fault.kind == "fail" else None,
        "error": fault.error or None,
        "seconds": fault.seconds or None,
        "is_performed": fault.is_performed or None,
        "until": fault.until.isoformat() if fault.until else None,
    }
    given = {name: value for name, value in details.items() if value is not None}
    return {"kind": fault.kind, "method": fault.method, "times": fault.times, **given}


async def get_screen(request: ControlRequest) -> Json:
    """Return what a user sees: messages (newest last), modals and the Home tab."""
    actor = request.actor
    limit = int(request.number("limit", MAX_MESSAGES))
    posts = list(islice(visible_posts(actor), limit))[::-1]
    home = actor.client.home
    return {
        "messages": [message_json(snapshot_message(post, actor.workspace)) for post in posts],
        "modals": modals_json(actor),
        "home": view_snapshot_json(snapshot_view(home, actor.workspace)) if home else None,
        "buttons": visible_buttons(actor),
    }


async def get_traffic(request: ControlRequest) -> Json:
    """Return requests and responses, newest first."""
    after, kind = int(request.number("after", 0)), request.text("kind", "")
    problems_only = request.flag("problems")
    records = [
        traffic_record_json(number, record)
        for number, record in request.world.traffic.numbered_records(after)
        if kind in {"", record.kind} and (record.problems or not problems_only)
    ]
    limit = int(request.number("limit", MAX_RECORDS))
    return {"records": records[:limit], "total": request.world.traffic.total}


INSPECTION_ROUTES: dict[str, ControlHandler] = {
    "workspace": get_workspace,
    "screen": get_screen,
    "traffic": get_traffic,
}
"""GET routes by the last part of their path."""


def message_json(message: MessageSnapshot) -> Json:
    """Return a message as the user sees it."""
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "plain_text": message.plain_text,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "ephemeral": message.is_ephemeral,
        "files": message.files,
        "buttons": message.buttons,
    }


def modals_json(actor: Actor) -> list[Json]:
    """Return the open modals of `actor`, top modal last."""
    return [
        view_snapshot_json(snapshot_view(view, actor.workspace)) for view in actor.client.modals
    ]


def view_snapshot_json(view: ViewSnapshot) -> Json:
    """Return a modal or Home tab as the user sees it."""
    return {
        "id": view.id,
        "kind": view.kind,
        "title": view.title,
        "callback_id": view.callback_id,
        "plain_text": view.plain_text,
        "blocks": view.blocks,
        "state": view.state,
        "errors": view.errors,
        "buttons": view.buttons,
    }


def traffic_record_json(number: int, record: TrafficRecord) -> Json:
    """Return a request and its response."""
    return {
        "number": number,
        "finished_at": record.finished_at.isoformat(),
        "direction": record.direction,
        "kind": record.kind,
        "status": record.status,
        "problems": list(record.problems),
        "duration_ms": round(record.duration_seconds * 1000, 1),
        "request": record.request,
        "response": record.response,
    }


def _user_json(user: User, world: World) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "tz": user.tz,
        "title": user.title,
        "dm": world.workspace.clients[user.id].dm,
        "status": {
            "text": user.status_text,
            "emoji": user.status_emoji,
            "until": user.status_expiration,
        },
        "dnd": dnd_json(user, world.clock.now()),
    }


def _usergroup_json(group: UserGroup) -> Json:
    return {"id": group.id, "handle": group.handle, "members": group.members}


def _channel_json(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": sorted(channel.members),
        "user_id": channel.user_id,
    }
