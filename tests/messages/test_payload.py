"""Payloads: every message survives storage, and a wrong key or type is named."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cadence.reminders import ReminderStage
from bot.messages import MESSAGE_CLASSES, parse_message
from bot.messages.campaigns import MemberLookupMessage
from bot.messages.digests import DigestMessage
from bot.messages.payload import PayloadError, deserialize, serialize
from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import NewTaskMessage, TaskPageMessage
from bot.messages.texts import TextMessage

JSON_OBJECTS = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text())


def values_of(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type hint
    """Return a strategy for the values of a field."""
    if hint == tuple[dict[str, Any], ...]:
        return st.lists(JSON_OBJECTS, max_size=3).map(tuple)
    return st.from_type(hint)


def messages_of(cls: type[QueuedMessage]) -> st.SearchStrategy[QueuedMessage]:
    """Return a strategy for the messages of a class."""
    hints = get_type_hints(cls)
    return st.builds(cls, **{field.name: values_of(hints[field.name]) for field in fields(cls)})


@settings(max_examples=15)
@given(data=st.data())
@pytest.mark.parametrize("cls", MESSAGE_CLASSES.values(), ids=list(MESSAGE_CLASSES))
def test_message_survives_storage(cls: type[QueuedMessage], data: st.DataObject) -> None:
    message = data.draw(messages_of(cls))
    stored = json.loads(json.dumps(message.to_payload()))
    assert stored == message.to_payload()
    assert parse_message(message.message_type, stored) == message


@pytest.mark.parametrize("cls", MESSAGE_CLASSES.values(), ids=list(MESSAGE_CLASSES))
def test_missing_and_unknown_keys_are_named(cls: type[QueuedMessage]) -> None:
    problem = f"message type “{cls.message_type}”: unknown key “colour”"
    with pytest.raises(PayloadError, match=problem):
        parse_message(cls.message_type, {"colour": "red"})
    required = [field.name for field in fields(cls) if field.default is MISSING]
    if required:
        with pytest.raises(PayloadError, match=f"missing key .*“{required[0]}”"):
            parse_message(cls.message_type, {})


@pytest.mark.parametrize(
    ("message_type", "payload", "problem"),
    [
        ("expired", {"assignment_id": "17"}, "“assignment_id” has the wrong value '17'"),
        ("expired", {"assignment_id": None}, "“assignment_id” has the wrong value None"),
        ("expired", {"assignment_id": True}, "“assignment_id” has the wrong value True"),
        ("new_task", {"is_requested": 1}, "“is_requested” has the wrong value 1"),
        (
            "reminder",
            {"assignment_ids": 1, "stage": "last"},
            "“assignment_ids” has the wrong value 1",
        ),
        (
            "reminder",
            {"assignment_ids": [1, "2"], "stage": "last"},
            "“assignment_ids” has the wrong value",
        ),
        ("reminder", {"assignment_ids": [], "stage": "never"}, "“stage” has the wrong value"),
        ("nothing", {}, "“nothing”: unknown; known are task_page, new_task"),
    ],
)
def test_wrong_values_are_named(message_type: str, payload: dict[str, Any], problem: str) -> None:
    with pytest.raises(PayloadError, match=problem):
        parse_message(message_type, payload)


def test_wrong_value_is_refused_when_the_message_is_queued() -> None:
    from_slack: Any = {"ts": 9.0}
    with pytest.raises(PayloadError, match="message type “text”: key “thread_ts” has the wrong"):
        TextMessage("Hello.", "D1", from_slack["ts"]).to_payload()


def test_defaults_are_not_stored_so_that_fields_can_be_added() -> None:
    assert NewTaskMessage().to_payload() == DigestMessage().to_payload() == {}
    assert parse_message("new_task", {}) == NewTaskMessage()
    assert MemberLookupMessage(("U1",), domains=()).to_payload() == {
        "slack_ids": ["U1"],
        "domains": [],
    }


def test_enumerations_are_stored_as_text() -> None:
    payload = serialize(parse_message("reminder", {"assignment_ids": [1], "stage": "last"}), "")
    assert payload == {"assignment_ids": [1], "stage": "last"}
    assert type(payload["stage"]) is str
    assert ReminderStage(payload["stage"]) is ReminderStage.LAST


def test_field_of_another_type_is_refused() -> None:
    @dataclass
    class Measurement:
        seconds: float

    with pytest.raises(TypeError, match="a payload cannot have a value of type <class 'float'>"):
        deserialize(Measurement, {"seconds": 1.0}, "measurement")


@pytest.mark.parametrize("wrong", [9, 9.0, True, None, ["9"]])
def test_wrong_value_of_a_text_is_refused_when_the_message_is_queued(wrong: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(PayloadError, match="message type “text”: key “text” has the wrong value"):
        TextMessage(wrong).to_payload()


def test_several_wrong_keys_are_listed_in_order() -> None:
    with pytest.raises(PayloadError, match="unknown key “a”, “b”"):
        parse_message("expired", {"b": 1, "assignment_id": 17, "a": 2})


def test_optional_field_is_stored_and_read_as_nothing() -> None:
    payload = TaskPageMessage(None, "D1", None).to_payload()
    assert payload == {"assignment_id": None, "channel": "D1", "message_ts": None}
    assert parse_message("task_page", payload) == TaskPageMessage(None, "D1", None)
    with pytest.raises(PayloadError, match="“channel” has the wrong value 1"):
        parse_message("task_page", {**payload, "channel": 1})
