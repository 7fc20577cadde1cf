"""Every message type has a reason for the contact log."""

from __future__ import annotations

import re

import pytest

from bot.messages import MESSAGE_CLASSES
from bot.messages.contact_reasons import (
    ASSIGNED_TASK,
    CONTACT_REASONS,
    PERSON,
    REPLY,
    REQUESTED_TASK,
    UNKNOWN_TYPE,
    ContactReason,
    own_reason,
    reason_of,
)
from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import NewTaskMessage
from bot.messages.texts import TextMessage


def test_every_message_type_has_a_reason() -> None:
    assert CONTACT_REASONS.keys() == MESSAGE_CLASSES.keys()
    assert all(subject and reason for subject, reason in CONTACT_REASONS.values())


SUBJECT = r"(it|there|tasks|Slack|several reminders|the (answers|bot|task|time)|an? \w+)"
PAST = r"(\w+ed|wrote|sent|did|took)"


@pytest.mark.parametrize(
    "reason",
    [one.reason for one in (*CONTACT_REASONS.values(), REPLY, ASSIGNED_TASK, UNKNOWN_TYPE)],
)
def test_reason_is_a_clause_for_coordinators_and_for_the_person(reason: str) -> None:
    assert re.match(rf"{SUBJECT} |{PERSON} {PAST}", reason)
    assert all(re.match(PAST, verb) for verb in re.findall(rf"{PERSON} (\w+)", reason))
    assert PERSON not in own_reason(reason)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (NewTaskMessage(is_requested=True), REQUESTED_TASK),
        (NewTaskMessage(is_dispatched=True), ASSIGNED_TASK),
        (NewTaskMessage(), CONTACT_REASONS["new_task"]),
        (TextMessage("Secret."), CONTACT_REASONS["text"]),
        (TextMessage("Secret.", is_reply=True), REPLY),
        (TextMessage("Secret.", is_reply=True, reason="it rains"), ("News", "it rains")),
    ],
)
def test_data_of_a_message_says_more_than_its_type(
    message: QueuedMessage, expected: ContactReason
) -> None:
    assert reason_of(message) == expected
