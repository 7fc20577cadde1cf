"""The scopes of the manifest are those that our Web API methods and events need, and no others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.sandbox.methods.known_methods import KNOWN_METHODS
from bot.slack.app_manifest import EVENTS, SCOPES
from handlers.registry import EVENTS as HANDLED_EVENTS

ROOT = Path(__file__).parents[2]

SCOPES_BY_METHOD: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),  # takes the app-level token
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.members": ("channels:read", "groups:read"),  # of channels, never of DMs
    "conversations.open": ("im:write",),
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
    "blocks.validate": (),
    "oauth.v2.access": (),
}
"""Scopes that Slack's reference lists for the methods we call."""

SCOPES_BY_EVENT: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "dnd_updated_user": ("dnd:read",),
    "message.im": ("im:history",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Scopes that Slack's reference lists for the events we subscribe to."""

OTHER_SCOPES = {"commands", "files:read"}
"""For slash commands, and for the download of files that people share."""

SDK_HELPERS = {
    "files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal"),
}
"""Functions of the SDK that call methods of other names."""

METHODS_BY_SDK_NAME = {method.replace(".", "_"): method for method in KNOWN_METHODS}


def called_methods() -> set[str]:
    """Return the Web API methods that the source names, as a text or as a function of the SDK."""
    return {
        method
        for package in ("bot", "handlers")
        for path in (ROOT / package).rglob("*.py")
        if "sandbox" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        for method in _methods_in(node)
    }


def _methods_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and node.value in KNOWN_METHODS:
        yield str(node.value)
    if isinstance(node, ast.Attribute):
        yield from SDK_HELPERS.get(node.attr, ())
        if node.attr in METHODS_BY_SDK_NAME:
            yield METHODS_BY_SDK_NAME[node.attr]


def test_methods_are_listed() -> None:
    assert called_methods() == set(SCOPES_BY_METHOD)


def test_events_are_listed_and_each_handled_one_is_subscribed() -> None:
    assert set(EVENTS) == set(SCOPES_BY_EVENT)
    subscribed_types = {event.partition(".")[0] for event in EVENTS}
    assert set(HANDLED_EVENTS) <= subscribed_types


def test_scopes_are_those_of_methods_and_events() -> None:
    needed = [*SCOPES_BY_METHOD.values(), *SCOPES_BY_EVENT.values(), tuple(OTHER_SCOPES)]
    assert set(SCOPES) == {scope for scopes in needed for scope in scopes}
