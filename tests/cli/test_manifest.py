"""Tests of `labelbot manifest`."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.sandbox.manifest import parse_manifest
from bot.slack.app_manifest import EVENTS, SCOPES, build_manifest
from tests.cli.conftest import CommandRunner


def test_manifest_is_valid_yaml_with_all_features(labelbot_unconfigured: CommandRunner) -> None:
    result = labelbot_unconfigured("manifest")
    assert (result.code, result.err) == (0, "")
    printed = yaml.safe_load(result.out)
    assert printed == build_manifest()
    parsed = parse_manifest(printed)
    assert parsed.commands["/label"].should_escape
    assert (parsed.home_tab, parsed.messages_tab, parsed.messages_read_only) == (True, True, False)
    assert parsed.is_interactive
    assert set(parsed.scopes) == set(SCOPES)
    assert all(parsed.receives_event(event) for event in EVENTS)


def test_socket_mode_manifest_has_no_address(labelbot_unconfigured: CommandRunner) -> None:
    manifest = labelbot_unconfigured("manifest", "--json").json
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert _addresses(manifest) == []


def test_http_manifest_has_address_for_every_request(labelbot_unconfigured: CommandRunner) -> None:
    manifest = labelbot_unconfigured(
        "manifest", "--json", "--http", "https://labels.example.org/slack"
    ).json
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert _addresses(manifest) == ["https://labels.example.org/slack"] * 4


def _addresses(manifest: Any) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(manifest, dict):
        return [url for value in manifest.values() for url in _addresses(value)]
    if isinstance(manifest, list):
        return [url for value in manifest for url in _addresses(value)]
    return [manifest] if isinstance(manifest, str) and "://" in manifest else []


@pytest.mark.parametrize("url", [None, "https://labels.example.org/slack"])
def test_manifest_texts_fit_slack_limits(url: str | None) -> None:
    manifest = build_manifest(url)
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    (command,) = manifest["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert ("url" in command) == (url is not None)
