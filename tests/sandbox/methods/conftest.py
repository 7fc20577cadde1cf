"""Fixtures of the Web API method tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def error_code(call_expecting_error: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Return a function that calls a method, expects an error, and returns its error code."""

    def call(method: str, **arguments: object) -> str:
        return str(call_expecting_error(method, **arguments)["error"])

    return call
