"""The fields of an app manifest and their limits, as in Slack's public schema of manifests.

Fields of features that the sandbox does not have are accepted without a check of their contents.
"""

from __future__ import annotations

from collections.abc import Mapping

from .blockkit.problems import Problem
from .blockkit.schema import (
    AnySchema,
    BooleanSchema,
    Check,
    EnumSchema,
    IntegerSchema,
    ListSchema,
    ObjectSchema,
    StringSchema,
)

ANY = AnySchema()
FLAG = BooleanSchema()
URL = StringSchema(3500, pattern=r"https?://\S+")
SCOPES = ListSchema(StringSchema(50), 255, min_items=0)
EVENTS = ListSchema(StringSchema(50), 100, min_items=0, unique=True)

DISPLAY_INFORMATION = ObjectSchema(
    {"name": StringSchema(35)},
    {
        "description": StringSchema(140),
        "long_description": StringSchema(4000, min_length=175),
        "background_color": StringSchema(7, pattern=r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
    },
)
SLASH_COMMAND = ObjectSchema(
    {
        "command": StringSchema(32, min_length=2, pattern=r"/[^\sA-Z]+"),
        "description": StringSchema(2000),
    },
    {"url": URL, "usage_hint": StringSchema(1000), "should_escape": FLAG},
)
SHORTCUT = ObjectSchema(
    {
        "name": StringSchema(24),
        "type": EnumSchema("global", "message"),
        "callback_id": StringSchema(255),
        "description": StringSchema(150),
    }
)
SUGGESTED_PROMPTS = ListSchema(
    ObjectSchema({"title": StringSchema(), "message": StringSchema()}), min_items=0
)
FEATURES = ObjectSchema(
    optional={
        "app_home": ObjectSchema(
            optional={
                "home_tab_enabled": FLAG,
                "messages_tab_enabled": FLAG,
                "messages_tab_read_only_enabled": FLAG,
            }
        ),
        "bot_user": ObjectSchema({"display_name": StringSchema(80)}, {"always_online": FLAG}),
        "slash_commands": ListSchema(SLASH_COMMAND, 50),
        "shortcuts": ListSchema(SHORTCUT, 10),
        "assistant_view": ObjectSchema(
            {"assistant_description": StringSchema(300)}, {"suggested_prompts": SUGGESTED_PROMPTS}
        ),
        "agent_view": ANY,
        "code_channels": ANY,
        "functions": ANY,
        "rich_previews": ANY,
        "search": ANY,
        "unfurl_domains": ListSchema(StringSchema(255), 5, unique=True),
        "user_connections": ANY,
        "workflow_steps": ANY,
    }
)
OAUTH_CONFIG = ObjectSchema(
    optional={
        "redirect_urls": ListSchema(StringSchema(2500), 1000, min_items=0, unique=True),
        "scopes": ObjectSchema(
            optional=dict.fromkeys(("bot", "user", "bot_optional", "user_optional"), SCOPES)
        ),
        "token_management_enabled": FLAG,
        "pkce_enabled": FLAG,
    }
)
SETTINGS = ObjectSchema(
    optional={
        "allowed_ip_address_ranges": ListSchema(StringSchema(), 50, unique=True),
        "event_subscriptions": ObjectSchema(
            optional={
                "request_url": URL,
                "bot_events": EVENTS,
                "user_events": EVENTS,
                "metadata_subscriptions": ListSchema(
                    ObjectSchema({"app_id": StringSchema(), "event_type": StringSchema(50)}), 20
                ),
            }
        ),
        "incoming_webhooks": ObjectSchema(optional={"incoming_webhooks_enabled": FLAG}),
        "interactivity": ObjectSchema(
            {"is_enabled": FLAG}, {"request_url": URL, "message_menu_options_url": URL}
        ),
        "siws_links": ObjectSchema(optional={"initiate_uri": URL}),
        "org_deploy_enabled": FLAG,
        "socket_mode_enabled": FLAG,
        "token_rotation_enabled": FLAG,
        "is_hosted": FLAG,
        "is_mcp_enabled": FLAG,
        "function_runtime": StringSchema(),
        "hermes_app_type": StringSchema(),
    }
)
UNUSED_SECTIONS: Mapping[str, Check] = dict.fromkeys(
    (
        *("$schema", "app_directory", "datastores", "external_auth_providers", "functions"),
        *("outgoing_domains", "types", "workflows"),
    ),
    ANY,
)
MANIFEST = ObjectSchema(
    {"display_information": DISPLAY_INFORMATION},
    {
        "_metadata": ObjectSchema(
            optional=dict.fromkeys(
                ("schema_version", "min_version", "major_version", "minor_version"),
                IntegerSchema(0),
            )
        ),
        "features": FEATURES,
        "oauth_config": OAUTH_CONFIG,
        "settings": SETTINGS,
        **UNUSED_SECTIONS,
    },
)


def schema_problems(manifest: Mapping[str, object]) -> list[str]:
    """Return what is wrong with the fields of `manifest`, each with a pointer to the field."""
    return [_describe(problem) for problem in MANIFEST(dict(manifest))]


def _describe(problem: Problem) -> str:
    return f"{problem.message} [json-pointer:{problem.pointer or '/'}]"
