"""oauth.*: token rotation. An app is installed when the sandbox starts, without a code."""

from __future__ import annotations

from datetime import timedelta

from ..arguments import Arguments
from ..errors import WebApiError
from ..ids import random_hex
from ..json_codec import Json
from ..world import World

TOKEN_LIFETIME = timedelta(hours=12)


def start_rotation(world: World) -> None:
    """Switch token rotation on: the bot token expires, and a refresh token renews it."""
    app = world.app
    app.token_ends[app.bot_token] = world.clock.now() + TOKEN_LIFETIME
    app.refresh_token = f"xoxe-1-{random_hex(40)}"


def access(world: World, args: Arguments) -> Json:
    """Handle oauth.v2.access with a refresh token, which is valid once."""
    app = world.app
    if args.text("client_id") != app.client_id:
        raise WebApiError(error="invalid_client_id")
    if args.text("client_secret") != app.client_secret:
        raise WebApiError(error="bad_client_secret")
    if args.text("grant_type") != "refresh_token":
        raise WebApiError(error="invalid_grant_type" if args.has("grant_type") else "invalid_code")
    if not app.refresh_token or args.text("refresh_token") != app.refresh_token:
        raise WebApiError(error="invalid_refresh_token")
    app.bot_token = f"xoxe.xoxb-1-{random_hex(40)}"
    start_rotation(world)
    workspace = world.workspace
    return {
        "app_id": app.id,
        "scope": ",".join(world.manifest.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "refresh_token": app.refresh_token,
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "bot_user_id": app.bot_user_id,
        "team": {"id": workspace.team_id, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
