"""What Slack's client does not let people send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Message, Person, Rejected, Sandbox

Json = dict[str, Any]


def test_an_unknown_command_never_reaches_the_app(ada: Person, sandbox: Sandbox) -> None:
    with pytest.raises(Rejected, match="not a command"):
        ada.types("/unknown thing")
    assert sandbox.traffic == []


def test_an_empty_message_is_not_sent(ada: Person) -> None:
    with pytest.raises(Rejected, match="empty"):
        ada.types("  ")


def test_commands_do_not_work_in_threads(ada: Person) -> None:
    parent = ada.types("hello")
    assert isinstance(parent, Message)
    with pytest.raises(Rejected, match="threads"):
        ada.types("/plain x", thread=parent)


def test_a_read_only_messages_tab_takes_no_messages(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    ada = open_sandbox(manifest=manifest).person("ada")
    with pytest.raises(Rejected, match="read-only"):
        ada.types("hello")
    with pytest.raises(Rejected, match="read-only"):
        ada.uploads("a.txt", b"a")


def test_without_tabs_nothing_is_opened_or_typed(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"] = {}
    ada = open_sandbox(manifest=manifest).person("ada")
    with pytest.raises(Rejected, match="no Home tab"):
        ada.opens_home()
    with pytest.raises(Rejected, match="no Messages tab"):
        ada.types("hello")


def test_an_answer_in_a_thread_stays_in_it(ada: Person) -> None:
    parent = ada.types("parent")
    assert isinstance(parent, Message)
    reply = ada.types("reply", thread=parent)
    assert isinstance(reply, Message)
    second = ada.types("second", thread=reply)
    assert isinstance(second, Message)
    assert reply.thread_ts == second.thread_ts == parent.ts
    ada.deletes(parent)
    with pytest.raises(Rejected, match="gone"):
        ada.types("too late", thread=parent)
    with pytest.raises(Rejected, match="gone"):
        ada.reacts("eyes", parent)


def test_nobody_edits_what_is_not_hers(ada: Person, sandbox: Sandbox) -> None:
    message = ada.types("mine")
    assert isinstance(message, Message)
    with pytest.raises(Rejected, match="not hers"):
        sandbox.person("bob").edits(message, "yours")


@pytest.mark.parametrize("callback_id", ["file", "unknown"])
def test_only_shortcuts_of_the_manifest_can_be_used(ada: Person, callback_id: str) -> None:
    with pytest.raises(Rejected, match="no such global shortcut"):
        ada.uses_shortcut(callback_id)
