"""The manifest of the Slack app, to be pasted on api.slack.com/apps.

The fields are those of Slack's "App manifest reference".
"""

from __future__ import annotations

from typing import Any

COMMAND = "/label"

SCOPES = (
    "channels:read",  # to invite the members of a channel
    "chat:write",  # to show tasks
    "commands",  # to receive /label
    "dnd:read",  # to send nothing during Do Not Disturb
    "files:read",  # to read long responses and datasets that people upload
    "files:write",  # to upload exports, long texts and images of items
    "groups:read",  # the same for private channels that the bot is in
    "im:history",  # to read replies in the thread of a task
    "im:write",  # to open the DM with an expert
    "usergroups:read",  # to invite a user group, and to give roles to its members
    "users:read",  # to read names and time zones
    "users:read.email",  # to find an expert by e-mail address
)

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "dnd_updated_user",  # to react at once to Do Not Disturb
    "message.im",
    "tokens_revoked",
    "user_change",  # to react at once to a new status or time zone
)


def build_manifest(request_url: str | None = None) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for signed HTTP requests to `request_url`."""
    return {
        "display_information": {
            "name": "Labelbot",
            "description": "Label data for language models, one or two taps at a time.",
            "background_color": "#2b3a4a",
        },
        "features": _features(request_url),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)} | _request_url_setting(request_url),
            "interactivity": {"is_enabled": True}
            | _request_url_setting(request_url)
            | ({"message_menu_options_url": request_url} if request_url else {}),
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _features(request_url: str | None) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "labelbot", "always_online": True},
        "slash_commands": [
            {
                "command": COMMAND,
                "description": "Get your next task, or run a campaign",
                "usage_hint": "next | status | away | new | help",
                "should_escape": True,
                **({"url": request_url} if request_url else {}),
            }
        ],
    }


def _request_url_setting(request_url: str | None) -> dict[str, str]:
    return {"request_url": request_url} if request_url else {}
