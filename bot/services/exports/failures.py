"""Failures of exports: recorded with their run, and raised in the words that people read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock
from bot.destinations.errors import DeliveryError
from bot.errors import BotError
from bot.services.exports import claims
from bot.services.exports.claims import ClaimedExportRun
from storage.database import Database

INTERRUPTED_REASON = "it was interrupted"


class UndeliveredExportError(BotError):
    """The export is in {path}, but was not delivered to {destination}: {reason}. {hint}"""  # noqa: D415 - the hint ends in a command


class DiskError(BotError):
    """The export could not be written: {reason}. Check the folder and its free space; try again."""


@contextmanager
def record_failure(database: Database, run: ClaimedExportRun, clock: Clock) -> Iterator[None]:
    """Record why a run fails, and raise the error in the words that people read."""
    try:
        yield
    except DeliveryError as error:
        undelivered = _undelivered_error(run, error)
        database.write_now(
            claims.fail_run, run, str(undelivered), clock.now(), permanent=error.is_permanent
        )
        raise undelivered from error
    except OSError as error:
        reason = f"{error.strerror or error} ({run.directory})"
        database.write_now(claims.fail_run, run, reason, clock.now())
        raise DiskError(reason=reason) from error
    except BotError as error:
        database.write_now(claims.fail_run, run, str(error), clock.now(), permanent=True)
        raise
    except KeyboardInterrupt:
        database.write_now(claims.fail_run, run, INTERRUPTED_REASON, clock.now(), permanent=True)
        raise
    except Exception as error:
        database.write_now(claims.fail_run, run, type(error).__name__, clock.now())
        raise


def _undelivered_error(run: ClaimedExportRun, error: DeliveryError) -> UndeliveredExportError:
    path = run.written.path if run.written else run.directory
    hint = f"To deliver it again: labelbot exports deliver {run.id}"
    return UndeliveredExportError(
        path=path, destination=run.destination, reason=error.reason, hint=hint
    )
