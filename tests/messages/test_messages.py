"""What every message type declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.cadence.reminders import ReminderStage
from bot.messages import MESSAGE_CLASSES
from bot.messages.questions import FlagMessage, QuestionUpdateMessage
from bot.messages.queued_message import Priority, QueuedMessage, Recipient, RecipientError
from bot.messages.reminders import TaskReminderMessage
from bot.messages.tasks import NewTaskMessage, SupersededMessage, TaskPageMessage
from bot.messages.texts import TextMessage
from bot.messages.threads import DraftStatusMessage
from storage.database import Database
from storage.queries import outbox


def subclasses(cls: type[QueuedMessage]) -> Iterator[type[QueuedMessage]]:
    """Yield every message class of the product."""
    for subclass in cls.__subclasses__():
        if subclass.__module__.startswith("bot.messages."):
            if "message_type" in vars(subclass):  # or it is the base of several types
                yield subclass
            yield from subclasses(subclass)


def test_every_message_class_is_registered_once() -> None:
    # A dataclass with slots replaces its class, and the replaced one may still be listed.
    assert {cls.__qualname__ for cls in subclasses(QueuedMessage)} == {
        cls.__qualname__ for cls in MESSAGE_CLASSES.values()
    }
    assert len(set(MESSAGE_CLASSES.values())) == len(MESSAGE_CLASSES)


@pytest.mark.parametrize("cls", MESSAGE_CLASSES.values(), ids=list(MESSAGE_CLASSES))
def test_message_class_declares_its_delivery(cls: type[QueuedMessage]) -> None:
    assert is_dataclass(cls)
    assert isinstance(cls.recipient, Recipient)
    assert isinstance(cls.priority, Priority)
    assert set(cls.merge_fields) <= {field.name for field in fields(cls)}
    assert {"message_type", "recipient", "priority"} <= vars(cls).keys(), "its own, not inherited"


def test_updates_of_old_messages_are_cosmetic() -> None:
    cosmetic = {name for name, cls in MESSAGE_CLASSES.items() if cls.priority == Priority.COSMETIC}
    assert cosmetic == {"superseded", "expired", "released", "unassigned", "question_update"}


def test_only_messages_about_the_same_slack_message_merge() -> None:
    page = TaskPageMessage(17, "D1", "1.2")
    assert page.merge_key == TaskPageMessage(18, "D1", "1.2").merge_key == "task_page:D1:1.2"
    assert page.merge_key != TaskPageMessage(17, "D1", "1.3").merge_key
    assert page.merge_key != DraftStatusMessage(17, "D1", "1.2").merge_key
    assert SupersededMessage("D1", "1.2").merge_key == "superseded:D1:1.2"


def test_new_messages_merge_only_if_they_show_the_same_task() -> None:
    assert TaskPageMessage(17, None, None).merge_key != TaskPageMessage(18, None, None).merge_key
    assert TaskPageMessage(None, None, None).merge_key == "task_page:next"
    requested, dispatched = NewTaskMessage(is_requested=True), NewTaskMessage(is_dispatched=True)
    assert requested.merge_key == NewTaskMessage(is_requested=True).merge_key
    assert requested.merge_key != dispatched.merge_key


@pytest.mark.parametrize(
    ("message", "priority"),
    [
        (NewTaskMessage(is_requested=True), Priority.AWAITED),
        (NewTaskMessage(), Priority.AWAITED),
        (NewTaskMessage(is_dispatched=True), Priority.NEWS),
        (FlagMessage(1), Priority.NEWS),
        (FlagMessage(1, channel="C1", message_ts="1.2"), Priority.AWAITED),
        (TextMessage("Your flag was resolved."), Priority.NEWS),
        (TextMessage("Thank you.", is_reply=True), Priority.AWAITED),
    ],
    ids=repr,
)
def test_only_what_somebody_waits_for_is_awaited(
    message: QueuedMessage, priority: Priority
) -> None:
    assert message.urgency == priority


@pytest.mark.parametrize(
    ("message", "wrong_recipient"),
    [
        (NewTaskMessage(), "C0LABELS"),
        (NewTaskMessage(), ""),
        (QuestionUpdateMessage(1, "C1", "1.2"), "U0ADA"),
        (TextMessage("x"), ""),
    ],
    ids=repr,
)
def test_message_for_the_wrong_recipient_is_refused(
    message: QueuedMessage, wrong_recipient: str, database: Database
) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with pytest.raises(RecipientError, match=message.message_type):
        database.write_now(outbox.enqueue, message, recipient=wrong_recipient, now=now)


def test_messages_are_frozen() -> None:
    message: Any = TaskReminderMessage((1,), ReminderStage.FIRST)
    with pytest.raises(FrozenInstanceError):
        message.assignment_ids = ()
