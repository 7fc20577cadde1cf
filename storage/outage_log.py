"""The log lines of outages: one when something begins to fail, and one when it works again."""

from __future__ import annotations

import logging
from datetime import timedelta
from time import monotonic


class OutageLog:
    """Logs that a subject fails once, however often it fails, and that it works again once."""

    def __init__(self, logger: logging.Logger) -> None:
        """Start without outages; `logger` is that of the module that reports them."""
        self._logger = logger
        self._outages: dict[str, tuple[str, float]] = {}

    def __contains__(self, subject: str) -> bool:
        """Return whether a subject fails at present."""
        return subject in self._outages

    def begin(
        self,
        subject: str,
        message: str,
        *,
        kind: str = "",
        level: int = logging.ERROR,
        error: BaseException | None = None,
    ) -> None:
        """Log a failure unless the subject has failed since, for a cause of the same kind.

        Args:
            subject: What fails.
            message: What to log, with the cause.
            kind: Kind of cause; a failure of another kind is logged, too.
            level: Level of the line.
            error: An error whose traceback belongs to the line.
        """
        last_kind, since = self._outages.get(subject, (None, monotonic()))
        self._outages[subject] = kind, since
        if last_kind != kind:
            self._logger.log(level, "%s", message, exc_info=error)

    def end(self, subject: str, message: str) -> None:
        """Log that a subject works again, and how long it did not; nothing if it worked."""
        outage = self._outages.pop(subject, None)
        if outage is not None:
            duration = timedelta(seconds=round(monotonic() - outage[1]))
            self._logger.warning("%s, after %s", message, duration)
