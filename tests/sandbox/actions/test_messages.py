"""Messages, commands and shortcuts that Slack's client rejects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import ActionRejectedError, MessageSnapshot, Sandbox, SimulatedUser

Json = dict[str, Any]


def test_unknown_command_is_not_sent(ada: SimulatedUser, sandbox: Sandbox) -> None:
    with pytest.raises(ActionRejectedError, match="not a command"):
        ada.send_message("/unknown thing")
    assert sandbox.traffic == []


def test_empty_message_is_rejected(ada: SimulatedUser) -> None:
    with pytest.raises(ActionRejectedError, match="empty"):
        ada.send_message("  ")


def test_commands_are_rejected_in_threads(ada: SimulatedUser) -> None:
    parent = ada.send_message("hello")
    assert isinstance(parent, MessageSnapshot)
    with pytest.raises(ActionRejectedError, match="threads"):
        ada.send_message("/plain x", thread=parent)


def test_read_only_messages_tab_rejects_messages(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    ada = open_sandbox(manifest=manifest).add_user("ada")
    with pytest.raises(ActionRejectedError, match="read-only"):
        ada.send_message("hello")
    with pytest.raises(ActionRejectedError, match="read-only"):
        ada.upload_file("a.txt", b"a")


def test_missing_tabs_cannot_be_used(open_sandbox: Callable[..., Sandbox], manifest: Json) -> None:
    manifest["features"]["app_home"] = {}
    ada = open_sandbox(manifest=manifest).add_user("ada")
    with pytest.raises(ActionRejectedError, match="no Home tab"):
        ada.open_home()
    for use in (
        ada.open_messages,
        lambda: ada.send_message("hi"),
        lambda: ada.send_message("/plain"),
    ):
        with pytest.raises(ActionRejectedError, match="no Messages tab"):
            use()


def test_reply_to_a_reply_stays_in_the_thread(ada: SimulatedUser) -> None:
    parent = ada.send_message("parent")
    assert isinstance(parent, MessageSnapshot)
    reply = ada.send_message("reply", thread=parent)
    assert isinstance(reply, MessageSnapshot)
    second = ada.send_message("second", thread=reply)
    assert isinstance(second, MessageSnapshot)
    assert reply.thread_ts == second.thread_ts == parent.ts
    ada.delete_message(parent)
    with pytest.raises(ActionRejectedError, match="deleted"):
        ada.send_message("too late", thread=parent)
    with pytest.raises(ActionRejectedError, match="deleted"):
        ada.add_reaction("eyes", parent)


def test_users_cannot_edit_messages_of_others(ada: SimulatedUser, sandbox: Sandbox) -> None:
    message = ada.send_message("mine")
    assert isinstance(message, MessageSnapshot)
    with pytest.raises(ActionRejectedError, match="by another user"):
        sandbox.add_user("bob").edit_message(message, "yours")


@pytest.mark.parametrize("callback_id", ["file", "unknown"])
def test_only_shortcuts_of_the_manifest_and_type_can_be_used(
    ada: SimulatedUser, callback_id: str
) -> None:
    with pytest.raises(ActionRejectedError, match="no such global shortcut"):
        ada.use_shortcut(callback_id)
