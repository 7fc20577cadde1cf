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
        (lambda m: m["display_information"].update(name="x" * 36), "1 to 35 characters"),
        (lambda m: m["display_information"].pop("name"), "1 to 35 characters, not 0"),
        (lambda m: m["display_information"].update(description="x" * 141), "0 to 140"),
        (lambda m: m["features"]["bot_user"].update(display_name="no!"), "'no!'"),
        (lambda m: m["features"].pop("bot_user"), "display_name"),
        (lambda m: m["oauth_config"]["scopes"].update(bot=[]), "bot is empty"),
        (lambda m: m["oauth_config"]["scopes"]["bot"].remove("commands"), "scope commands"),
        (lambda m: m["oauth_config"]["scopes"]["bot"].remove("im:history"), "scope im:history"),
        (lambda m: m["features"].update(slash_commands=[{"command": "label"}]), "'label' is not"),
        (
            lambda m: m["features"].update(slash_commands=[{"command": "/label"}]),
            "/label description",
        ),
        (lambda m: m["features"]["slash_commands"][0].update(usage_hint="x" * 1001), "usage_hint"),
        (
            lambda m: m["features"].update(slash_commands=m["features"]["slash_commands"] * 26),
            "52 entries, more than 50",
        ),
        (
            lambda m: m["features"].update(shortcuts=m["features"]["shortcuts"] * 6),
            "12 entries, more than 10",
        ),
        (lambda m: m["features"]["shortcuts"][0].update(type="other"), "global or message"),
        (
            lambda m: m["settings"]["event_subscriptions"]["bot_events"].append("mesage.im"),
            "unknown event 'mesage.im'",
        ),
    ],
)
def test_invalid_manifest_is_rejected(manifest: Json, change: Change, problem: str) -> None:
    change(manifest)
    with pytest.raises(ManifestError, match=problem):
        Sandbox(manifest)


def test_unsupported_events_can_be_subscribed_to(manifest: Json) -> None:
    manifest["settings"]["event_subscriptions"]["bot_events"].append("channel_created")
    assert parse_manifest(manifest).receives_event("channel_created")


def test_all_problems_are_reported_together(manifest: Json) -> None:
    manifest["display_information"]["name"] = ""
    manifest["oauth_config"]["scopes"]["bot"] = []
    with pytest.raises(ManifestError, match=r"35 characters.*bot is empty"):
        parse_manifest(manifest)
