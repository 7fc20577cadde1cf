"""The log as JSON, and the hook for unexpected errors."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bot.logs import ErrorHookHandler, JsonFormatter, UnknownErrorHookError, configure_logs
from storage.correlation import correlate

REPORTS: list[tuple[BaseException, Mapping[str, Any]]] = []


def report(error: BaseException, details: Mapping[str, Any]) -> None:
    """Record an error, as a hook of a user does."""
    REPORTS.append((error, details))


def record_of(message: str, error: Exception | None = None) -> logging.LogRecord:
    """Return a log record with an exception."""
    info = (type(error), error, None) if error else None
    return logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, message, ("7",), info)


def test_json_line_has_the_correlation_id_and_the_exception() -> None:
    with correlate() as correlation_id:
        line = JsonFormatter().format(record_of("bug %s\non two lines", ValueError("“no”")))
    fields = json.loads(line)
    assert "\n" not in line
    assert datetime.fromisoformat(fields.pop("time")).tzinfo is not None
    assert fields == {
        "level": "ERROR",
        "logger": "bot.x",
        "message": "bug 7\non two lines",
        "correlation_id": correlation_id,
        "exception": "ValueError: “no”",
    }
    assert "correlation_id" not in JsonFormatter().format(record_of("%s"))


def test_hook_gets_errors_with_exceptions_only() -> None:
    REPORTS.clear()
    handler, error = ErrorHookHandler(report), ValueError("no")
    handler.emit(record_of("bug %s", error))
    handler.emit(record_of("outage %s"))
    details = {"message": "bug 7", "logger": "bot.x", "correlation_id": None}
    assert [(error, details)] == REPORTS


def test_failing_hook_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(error: BaseException, _details: Mapping[str, Any]) -> None:
        raise RuntimeError(error)

    ErrorHookHandler(fail).emit(record_of("bug %s", ValueError("no")))
    assert caplog.messages == ["the error hook failed: RuntimeError: no"]


@pytest.mark.parametrize("name", ["missing.module:function", "bot.logs:nothing", "bot.logs:log"])
def test_unknown_hook_is_an_error(name: str) -> None:
    with pytest.raises(UnknownErrorHookError, match=name):
        configure_logs("json", name)
