"""Requests for Bolt, from a body that HTTP or Socket Mode delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest


class UnreadableBodyError(ValueError):
    """Bolt cannot tell from the body who sent it. Slack sends no such body."""


def build_bolt_request(body: Mapping[str, Any]) -> AsyncBoltRequest:
    """Return the request for a parsed body. Its signature was checked, or a socket delivered it.

    Raises:
        UnreadableBodyError: Bolt fails on the types of the body.
    """
    try:
        return AsyncBoltRequest(body=dict(body), mode="socket_mode")
    except Exception as error:  # Bolt reads ids without checking types, and fails in many ways
        raise UnreadableBodyError(type(error).__name__) from error
