"""The log: text or JSON lines with the correlation id, and a hook for unexpected errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pkgutil import resolve_name
from typing import Any, Literal

import orjson

from bot.errors import BotError
from storage.correlation import current_correlation_id

log = logging.getLogger(__name__)

LogFormat = Literal["text", "json"]

ErrorHook = Callable[[BaseException, Mapping[str, Any]], object]

TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class UnknownErrorHookError(BotError):
    """LABELBOT_ERROR_HOOK names no function: {name} ({reason}). Write package.module:function."""


class JsonFormatter(logging.Formatter):
    """One JSON object in a line: time, level, logger, message, correlation_id, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if correlation_id := current_correlation_id():
            fields["correlation_id"] = correlation_id
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(fields, default=str).decode()


class ErrorHookHandler(logging.Handler):
    """Passes each logged exception to a function, such as one that reports it to Sentry.

    The function gets the exception and a mapping of `message`, `logger` and `correlation_id`. It
    runs where the error was logged, so it must return at once. If it fails, that is logged.
    """

    def __init__(self, hook: ErrorHook) -> None:
        """Create the handler for errors."""
        super().__init__(logging.ERROR)
        self._hook = hook

    def emit(self, record: logging.LogRecord) -> None:
        """Report an error that has an exception."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return
        details = {
            "message": record.getMessage(),
            "logger": record.name,
            "correlation_id": current_correlation_id(),
        }
        try:
            self._hook(error, details)
        except Exception as failure:  # noqa: BLE001 - whatever a hook of others raises
            log.warning("the error hook failed: %s: %s", type(failure).__name__, failure)


def configure_logs(log_format: LogFormat, hook_name: str | None, *, verbose: bool = False) -> None:
    """Let the root logger write to standard error, and report errors to a hook.

    Raises:
        UnknownErrorHookError: the name is not that of a function.
    """
    output = logging.StreamHandler()
    formatter = JsonFormatter() if log_format == "json" else logging.Formatter(TEXT_FORMAT)
    output.setFormatter(formatter)
    hooks = [ErrorHookHandler(_load_hook(hook_name))] if hook_name else []
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, handlers=[output, *hooks])


def _load_hook(name: str) -> ErrorHook:
    try:
        hook = resolve_name(name)
    except Exception as error:
        raise UnknownErrorHookError(name=name, reason=error) from error
    if not callable(hook):
        raise UnknownErrorHookError(name=name, reason="it cannot be called")
    return hook  # type: ignore[no-any-return]  # resolve_name returns any object
