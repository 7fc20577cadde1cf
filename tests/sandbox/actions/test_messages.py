"""What Slack's client does not let people send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import ActionRejectedError, MessageSnapshot, Sandbox, SimulatedUser

Json = dict[str, Any]


def test_an_unknown_command_never_reaches_the_app(ada: SimulatedUser, sandbox: Sandbox) -> None:
    with pytest.raises(ActionRejectedError, match="not a command"):
        ada.send_message("/unknown thing")
    assert sandbox.traffic == []


def test_an_empty_message_is_not_sent(ada: SimulatedUser) -> None:
    with pytest.raises(ActionRejectedError, match="empty"):
        ada.send_message("  ")


def test_commands_do_not_work_in_threads(ada: SimulatedUser) -> None:
    parent = ada.send_message("hello")
    assert isinstance(parent, MessageSnapshot)
    with pytest.raises(ActionRejectedError, match="threads"):
        ada.send_message("/plain x", thread=parent)


def test_a_read_only_messages_tab_takes_no_messages(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    ada = open_sandbox(manifest=manifest).add_user("ada")
    with pytest.raises(ActionRejectedError, match="read-only"):
        ada.send_message("hello")
    with pytest.raises(ActionRejectedError, match="read-only"):
        ada.upload_file("a.txt", b"a")


def test_without_tabs_nothing_is_opened_or_typed(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"] = {}
    ada = open_sandbox(manifest=manifest).add_user("ada")
    with pytest.raises(ActionRejectedError, match="no Home tab"):
        ada.open_home()
    with pytest.raises(ActionRejectedError, match="no Messages tab"):
        ada.send_message("hello")


def test_an_answer_in_a_thread_stays_in_it(ada: SimulatedUser) -> None:
    parent = ada.send_message("parent")
    assert isinstance(parent, MessageSnapshot)
    reply = ada.send_message("reply", thread=parent)
    assert isinstance(reply, MessageSnapshot)
    second = ada.send_message("second", thread=reply)
    assert isinstance(second, MessageSnapshot)
    assert reply.thread_ts == second.thread_ts == parent.ts
    ada.delete_message(parent)
    with pytest.raises(ActionRejectedError, match="gone"):
        ada.send_message("too late", thread=parent)
    with pytest.raises(ActionRejectedError, match="gone"):
        ada.add_reaction("eyes", parent)


def test_nobody_edits_what_is_not_hers(ada: SimulatedUser, sandbox: Sandbox) -> None:
    message = ada.send_message("mine")
    assert isinstance(message, MessageSnapshot)
    with pytest.raises(ActionRejectedError, match="not hers"):
        sandbox.add_user("bob").edit_message(message, "yours")


@pytest.mark.parametrize("callback_id", ["file", "unknown"])
def test_only_shortcuts_of_the_manifest_can_be_used(ada: SimulatedUser, callback_id: str) -> None:
    with pytest.raises(ActionRejectedError, match="no such global shortcut"):
        ada.use_shortcut(callback_id)
