"""A payload that nobody can read is described by its wrong field."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bolt_request import UnreadableBodyError, build_bolt_request

UNREADABLE: list[tuple[dict[str, Any], str]] = [
    ({"type": "event_callback", "event": 5}, "event must have keys and values"),
    ({"type": "event_callback", "event": "type"}, "event must have keys and values"),
    ({"type": "block_actions", "actions": []}, "actions needs 1 or more entries and has 0"),
    ({"type": "block_actions", "actions": 5}, "actions must be a list"),
    ({"type": "view_submission", "view": None}, "view is missing"),
    ({"type": "block_actions", "actions": None}, "actions is missing"),
    ({"type": "view_submission", "view": "callback_id"}, "view must have keys and values"),
    ({"type": "workflow_step_edit", "callback_id": "x"}, "workflow_step is missing"),
    ({"team": 5}, "team must be a text or have keys and values"),
    ({"user": True}, "user must be a text or have keys and values"),
    ({"event": {"type": "x", "user": 5}}, "event.user must be a text or have keys and values"),
    ({"authorizations": [5]}, "authorizations.0 must have keys and values"),
    ({"response_urls": 5}, "response_urls must be a list"),
]


@pytest.mark.parametrize(("body", "problem"), UNREADABLE)
def test_wrong_field_is_named(body: dict[str, Any], problem: str) -> None:
    with pytest.raises(UnreadableBodyError) as caught:
        build_bolt_request(body)
    assert str(caught.value) == problem
