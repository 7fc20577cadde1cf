"""The registry of message types."""

from __future__ import annotations

from inspect import signature
from typing import get_type_hints

import pytest

from bot.messages import MESSAGE_CLASSES
from bot.slack.outbox.messages import MESSAGE_TYPES


def test_every_message_class_has_a_delivery_function() -> None:
    assert MESSAGE_TYPES.keys() == MESSAGE_CLASSES.keys()


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_delivery_function_takes_the_class_of_its_type(message_type: str) -> None:
    deliver = MESSAGE_TYPES[message_type]
    *_others, parameter = signature(deliver).parameters
    assert get_type_hints(deliver)[parameter] is MESSAGE_CLASSES[message_type]
