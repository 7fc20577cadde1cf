"""One log line when scheduled jobs begin to fail for a cause, and one when that is over."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import aiohttp

from storage.outage_errors import DATABASE_OUTAGES

log = logging.getLogger(__name__)

NETWORK_ERRORS = (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError)


@dataclass(slots=True)
class _Outage:
    """A cause, when it began on the monotonic clock, and the jobs that have not worked since."""

    since: float
    jobs: set[str]


@dataclass(slots=True)
class OutageLog:
    """Remembers which jobs fail and why, so that a cause is logged once for all of them."""

    _outages: dict[str, _Outage] = field(default_factory=dict)

    def record_failure(self, job: str, error: Exception) -> None:
        """Log why a job failed, unless this was logged since the cause began.

        Outages of the database and the network are one line; anything else has a traceback.
        """
        cause = _cause_of(job, error)
        if outage := self._outages.get(cause):
            outage.jobs.add(job)
            return
        self._outages[cause] = _Outage(monotonic(), {job})
        is_outage = isinstance(error, (*DATABASE_OUTAGES, *NETWORK_ERRORS))
        log.error(
            "the %s job failed; it runs again at the next tick: %s",
            job,
            describe_error(error),
            exc_info=None if is_outage else error,
        )

    def record_success(self, job: str) -> None:
        """Log the end of each outage in which this was the last job that failed."""
        for cause, outage in list(self._outages.items()):
            outage.jobs.discard(job)
            if not outage.jobs:
                del self._outages[cause]
                duration = timedelta(seconds=round(monotonic() - outage.since))
                log.warning("the %s job works again, after %s", job, duration)


def _cause_of(job: str, error: Exception) -> str:
    if isinstance(error, DATABASE_OUTAGES):
        return "database"
    if isinstance(error, NETWORK_ERRORS):
        return "network"
    return f"{job}: {type(error).__name__}"


def describe_error(error: Exception) -> str:
    """Return an error in one line, without the SQL statement of a database error."""
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split()) or type(cause).__name__
    return f"database error: {text}" if isinstance(error, DATABASE_OUTAGES) else text
