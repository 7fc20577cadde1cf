"""api.*, auth.*, team.* and apps.*: identity and Socket Mode connections."""

from __future__ import annotations

from ..arguments import Arguments
from ..errors import WebApiError
from ..json_codec import Json
from ..world import World


def api_test(_world: World, args: Arguments) -> Json:
    """Handle api.test."""
    if args.has("error"):
        raise WebApiError(args.text("error"), args=args.values)
    return {"args": args.values}


def auth_test(world: World, _args: Arguments) -> Json:
    """Handle auth.test."""
    workspace, app = world.workspace, world.app
    return {
        "url": f"{world.url}/",
        "team": workspace.name,
        "user": workspace.users[app.bot_user_id].name,
        "team_id": workspace.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def team_info(world: World, args: Arguments) -> Json:
    """Handle team.info."""
    workspace = world.workspace
    if args.has("team") and args.text("team") != workspace.team_id:
        raise WebApiError(error="team_not_found")
    team = {
        "id": workspace.team_id,
        "name": workspace.name,
        "domain": workspace.domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "url": f"{world.url}/",
    }
    return {"team": team}


def open_connection(world: World, _args: Arguments) -> Json:
    """Handle apps.connections.open."""
    base_url = world.url.replace("http://", "ws://", 1)
    return {"url": f"{base_url}/link/?ticket={world.sockets.create_ticket()}&app_id={world.app.id}"}
