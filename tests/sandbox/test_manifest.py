"""Parsing and rejection of app manifests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import ManifestError, Sandbox
from bot.sandbox.manifest import parse_manifest

Json = dict[str, Any]
Change = Callable[[Json], object]


def test_valid_manifest_is_parsed(manifest: Json) -> None:
    parsed = parse_manifest(manifest)
    assert (parsed.name, parsed.bot_name) == ("Example", "example")
    assert parsed.commands["/names"].should_escape
    assert not parsed.commands["/plain"].should_escape
    assert {shortcut.type for shortcut in parsed.shortcuts.values()} == {"global", "message"}
    assert parsed.home_tab
    assert parsed.messages_tab
    assert parsed.is_interactive
    assert not parsed.messages_read_only
    assert parsed.receives_event("message.im")
    assert not parsed.receives_event("message.groups")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda m: m["display_information"].update(name="x" * 36),
            "less than 36 .*/name",
        ),
        (lambda m: m["display_information"].pop("name"), "missing required field: name"),
        (
            lambda m: m["display_information"].update(description="x" * 141),
            "less than 141",
        ),
        (lambda m: m["features"]["bot_user"].update(display_name=""), "more than 0 characters"),
        (lambda m: m["features"]["bot_user"].update(display_name="x" * 81), "less than 81"),
        (lambda m: m["features"].pop("bot_user"), "no bot user"),
        (lambda m: m["oauth_config"]["scopes"].update(bot=[]), "cannot be installed"),
        (lambda m: m["oauth_config"]["scopes"]["bot"].remove("commands"), "scope commands"),
        (lambda m: m["oauth_config"]["scopes"]["bot"].remove("im:history"), "scope im:history"),
        (lambda m: m["features"]["slash_commands"][0].update(command="label"), "regex pattern"),
        (lambda m: m["features"]["slash_commands"][0].update(command="/La bel"), "regex pattern"),
        (
            lambda m: m["features"].update(slash_commands=[{"command": "/label"}]),
            "missing required field: description",
        ),
        (
            lambda m: m["features"]["slash_commands"][0].update(usage_hint="x" * 1001),
            "less than 1001",
        ),
        (
            lambda m: m["features"].update(slash_commands=m["features"]["slash_commands"] * 26),
            "no more than 50 items allowed",
        ),
        (
            lambda m: m["features"].update(shortcuts=m["features"]["shortcuts"] * 6),
            "no more than 10 items allowed",
        ),
        (lambda m: m["features"]["shortcuts"][0].update(type="other"), "valid enum value"),
        (
            lambda m: m["settings"]["event_subscriptions"]["bot_events"].append("mesage.im"),
            "unknown event 'mesage.im'",
        ),
        (lambda m: m.update(setings={}), "invalid additional property: setings"),
        (lambda m: m["features"].update(home=True), r"property: home \[json-pointer:/features\]"),
        (lambda m: m["features"]["app_home"].update(messages_tab=True), "property: messages_tab"),
        (lambda m: m["features"]["slash_commands"][1].update(escape=True), "property: escape"),
        (lambda m: m["features"]["shortcuts"][0].update(kind="x"), "property: kind"),
        (lambda m: m["settings"]["interactivity"].update(enabled=True), "property: enabled"),
        (lambda m: m["settings"]["event_subscriptions"].update(events=[]), "property: events"),
        (lambda m: m["oauth_config"]["scopes"].update(bots=[]), "property: bots"),
        (lambda m: m["settings"].update(socket_mode_enabled="yes"), "must be a boolean"),
        (lambda m: m.update(features=[]), "must provide an object"),
        (lambda m: m["oauth_config"]["scopes"].update(bot="chat:write"), "must provide an array"),
    ],
)
def test_invalid_manifest_is_rejected(manifest: Json, change: Change, problem: str) -> None:
    change(manifest)
    with pytest.raises(ManifestError, match=problem):
        Sandbox(manifest)


AGENT_EVENTS = (
    "assistant_thread_started",
    "assistant_thread_context_changed",
    "app_context_changed",
    "agent_session_started",
    "function_executed",
)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["features"]["bot_user"].update(display_name="Labels (staging) \u2013 Zoë!"),
        lambda m: m["settings"]["event_subscriptions"]["bot_events"].extend(AGENT_EVENTS),
        lambda m: m["features"].update(
            assistant_view={"assistant_description": "Helps", "suggested_prompts": []}
        ),
        lambda m: m["features"].update(agent_view={"agent_description": "Helps"}),
        lambda m: m["features"].update(code_channels={"enabled": True}),
        lambda m: m["features"]["slash_commands"][0].update(command="/étiquette"),
        lambda m: m["oauth_config"].update(
            redirect_urls=["https://example.com"], pkce_enabled=True
        ),
        lambda m: m["oauth_config"]["scopes"].update(bot_optional=["pins:read"], user=[]),
        lambda m: m.update(_metadata={"major_version": 2}, functions={}, outgoing_domains=[]),
        lambda m: m.update({"$schema": "https://example.com/manifest.schema.json"}),
        lambda m: m["settings"].update(is_mcp_enabled=False, function_runtime="remote"),
        lambda m: m["settings"]["interactivity"].update(request_url="https://example.com/slack"),
    ],
)
def test_valid_manifest_is_accepted(manifest: Json, change: Change) -> None:
    change(manifest)
    assert parse_manifest(manifest).name == "Example"


def test_unsupported_events_can_be_subscribed_to(manifest: Json) -> None:
    manifest["settings"]["event_subscriptions"]["bot_events"].append("channel_created")
    assert parse_manifest(manifest).receives_event("channel_created")


def test_all_problems_are_reported_together(manifest: Json) -> None:
    manifest["display_information"]["name"] = ""
    manifest["oauth_config"]["scopes"]["bot"] = "chat:write"
    with pytest.raises(ManifestError, match=r"more than 0 characters.*must provide an array"):
        parse_manifest(manifest)
