"""The app manifest: all that a Slack app needs for this bot, to be pasted on api.slack.com/apps.

The fields are those of Slack's "App manifest reference".
"""

from __future__ import annotations

from typing import Any

COMMAND = "/label"

SCOPES = (
    "channels:read",  # to invite the members of a channel
    "chat:write",  # to show tasks
    "commands",  # to hear /label
    "dnd:read",  # to wait while somebody wants no messages
    "files:read",  # to read long responses and datasets that people send
    "files:write",  # to hand out exports and long texts
    "groups:read",  # the same of a private channel that it is in
    "im:history",  # to hear what people write in a task's thread
    "im:read",
    "im:write",  # to open the conversation with an expert
    "team:read",
    "usergroups:read",  # to invite a user group, and to let roles follow one
    "users:read",  # to learn names and time zones
    "users:read.email",  # to find an expert by e-mail address
)

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "dnd_updated_user",  # to know at once when somebody wants no messages
    "message.im",
    "tokens_revoked",
    "user_change",  # to know at once when somebody is out of the office, or lives elsewhere
)


def build_manifest(request_url: str | None = None) -> dict[str, Any]:
    """Return the manifest: for Socket Mode, or for signed HTTP at `request_url`."""
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
            "interactivity": {"is_enabled": True} | _request_url_setting(request_url),
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
