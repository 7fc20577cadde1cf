"""Read a file for an import in a child process: `python -m bot.reader_process DESCRIPTOR`.

The file descriptor is that of the connection to the process that stores the rows.
"""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from bot.services.imports.batch_reader import send_batches


def main() -> None:
    """Read the requested file until its end, or until nobody receives its rows any more."""
    gc.freeze()  # modules are never freed, so that no collection needs to look at them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, which ends this process
    with Connection(int(sys.argv[1])) as connection, suppress(ConnectionError, EOFError):
        send_batches(connection)


if __name__ == "__main__":
    main()
