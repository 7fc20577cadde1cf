"""One log line when scheduled jobs begin to fail for a cause, and one when that is over."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import aiohttp

from storage.outage import outage_cause

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

        An outage of the network is one line, anything else has a traceback. The database logs its
        outages itself.
        """
        if outage_cause(error):
            return
        cause = _cause_of(job, error)
        if outage := self._outages.get(cause):
            outage.jobs.add(job)
            return
        self._outages[cause] = _Outage(monotonic(), {job})
        log.error(
            "the %s job failed; it runs again at the next tick: %s",
            job,
            " ".join(str(error).split()) or type(error).__name__,
            exc_info=None if isinstance(error, NETWORK_ERRORS) else error,
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
    return "network" if isinstance(error, NETWORK_ERRORS) else f"{job}: {type(error).__name__}"
