"""Delivery of a written export to its destination, within a time that no destination can extend."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from threading import Thread

from bot.destinations import deliver_function
from bot.destinations.address import check_available, scheme_of
from bot.destinations.errors import DeliveryError
from bot.errors import BotError
from bot.exports.archive import folder_bytes

MIN_DEADLINE_SECONDS = 180.0
"""Seconds that every delivery has."""

BYTES_PER_SECOND = 200_000
"""Slowest transfer that is waited for; files are sent and read back."""

PAUSES_SECONDS = (2.0, 8.0)
"""Pauses before further attempts for somebody who waits for the delivery."""


def deliver_export(
    folder: Path,
    address: str,
    pauses: Sequence[float] = (),
    wait: Callable[[float], None] = time.sleep,
    min_seconds: float = MIN_DEADLINE_SECONDS,
) -> str:
    """Deliver the folder of an export to an address; return where it is.

    A failure that may pass is tried again after each of `pauses`, in seconds. After a success,
    doing it again changes nothing. An attempt ends after `min_seconds` and the time for the size of
    the folder.

    Raises:
        DeliveryError: the export was not delivered.
        OSError: a file of the folder cannot be read.
    """
    for pause in pauses:
        try:
            return _deliver_once(folder, address, min_seconds)
        except DeliveryError as error:
            if error.is_permanent:
                raise
        wait(pause)
    return _deliver_once(folder, address, min_seconds)


def _deliver_once(folder: Path, address: str, min_seconds: float) -> str:
    try:
        check_available(address)
    except BotError as error:
        raise DeliveryError(str(error), is_permanent=True) from error
    deliver = deliver_function(scheme_of(address))
    deadline = min_seconds + folder_bytes(folder) / BYTES_PER_SECOND
    return run_with_deadline(lambda: deliver(folder, address), deadline)


def run_with_deadline(function: Callable[[], str], seconds: float) -> str:
    """Return what a function returns, or raise what it raises, unless it takes too long.

    A thread that is stuck in a library cannot be stopped. It ends with the process, and what it
    still does is what the next attempt repeats.

    Raises:
        DeliveryError: the function did not end within so many seconds.
    """
    future: Future[str] = Future()
    Thread(target=_settle, args=(future, function), daemon=True).start()
    try:
        return future.result(seconds)
    except FutureTimeoutError:
        if future.done():
            raise  # the function raised it
        reason = (
            f"it took more than {seconds / 60:.0f} minutes; check that the destination responds"
        )
        raise DeliveryError(reason) from None


def _settle(future: Future[str], function: Callable[[], str]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
        future.set_exception(error)
