"""Spans for OpenTelemetry, from a request of Slack to the message that it causes.

Nothing of OpenTelemetry is loaded until `enable_tracing` is called.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pkgutil import resolve_name
from typing import Any

from bot.errors import BotError

SpanOpener = Callable[..., AbstractContextManager[Any]]

_openers: list[SpanOpener] = []


class TracingNotInstalledError(BotError):
    """LABELBOT_TRACING needs OpenTelemetry; install it: pip install "labelbot[tracing]"."""


def enable_tracing() -> None:
    """Send spans as the standard variables `OTEL_…` of the environment say.

    Raises:
        TracingNotInstalledError: the extra `tracing` is not installed.
    """
    try:
        build_opener = resolve_name("bot.opentelemetry_spans:build_opener")
    except ModuleNotFoundError as error:
        raise TracingNotInstalledError from error
    set_opener(build_opener())


def set_opener(opener: SpanOpener | None) -> None:
    """Use an opener for all spans from now on; None: record none."""
    _openers[:] = [opener] if opener else []


def span(name: str, **attributes: str) -> AbstractContextManager[Any]:
    """Return a context manager that records a span of the current correlation id."""
    return _openers[0](name, attributes) if _openers else nullcontext()
