"""`labelbot manifest`: what Slack is given to make the app."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.sandbox.manifest import parse_manifest
from bot.slack.app_manifest import EVENTS, SCOPES, build_manifest
from tests.cli.conftest import CommandRunner


def test_it_prints_yaml_that_slack_would_take(labelbot_unconfigured: CommandRunner) -> None:
    ran = labelbot_unconfigured("manifest")
    assert (ran.code, ran.err) == (0, "")
    printed = yaml.safe_load(ran.out)
    assert printed == build_manifest()
    read = parse_manifest(printed)
    assert read.commands["/label"].should_escape
    assert (read.home_tab, read.messages_tab, read.messages_read_only) == (True, True, False)
    assert read.is_interactive
    assert set(read.scopes) == set(SCOPES)
    assert all(read.receives_event(event) for event in EVENTS)


def test_socket_mode_needs_no_address(labelbot_unconfigured: CommandRunner) -> None:
    made = labelbot_unconfigured("manifest", "--json").json
    assert made["settings"]["socket_mode_enabled"] is True
    assert _addresses(made) == []


def test_signed_http_has_the_address_everywhere(labelbot_unconfigured: CommandRunner) -> None:
    made = labelbot_unconfigured(
        "manifest", "--json", "--http", "https://labels.example.org/slack"
    ).json
    assert made["settings"]["socket_mode_enabled"] is False
    assert _addresses(made) == ["https://labels.example.org/slack"] * 3


def _addresses(made: Any) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(made, dict):
        return [found for value in made.values() for found in _addresses(value)]
    if isinstance(made, list):
        return [found for value in made for found in _addresses(value)]
    return [made] if isinstance(made, str) and "://" in made else []


@pytest.mark.parametrize("url", [None, "https://labels.example.org/slack"])
def test_names_and_descriptions_are_within_slacks_limits(url: str | None) -> None:
    made = build_manifest(url)
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    (command,) = made["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert ("url" in command) == (url is not None)
