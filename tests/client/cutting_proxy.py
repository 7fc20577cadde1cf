"""A proxy before the API that cuts responses off, as a failing network does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PART_BYTES = 4096


@dataclass
class CuttingProxy:
    """Passes requests on; `cuts` are the bytes after which the next responses end.

    `ends_cleanly`: a cut response ends as a complete one does, with an empty chunk.
    """

    upstream: tuple[str, int]
    cuts: list[int] = field(default_factory=list)
    ends_cleanly: bool = False
    requests: list[bytes] = field(default_factory=list)
    url: str = ""

    def accept(self, listener: socket.socket) -> None:
        """Serve one connection after the other until the listener is closed."""
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection:
                self.pass_on(connection)

    def pass_on(self, connection: socket.socket) -> None:
        """Pass on one request and its response, and close the connection."""
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(PART_BYTES)
        self.requests.append(request)
        left = self.cuts.pop(0) if self.cuts else None
        with socket.create_connection(self.upstream) as server:
            server.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            while part := server.recv(PART_BYTES):
                if left is not None and len(part) >= left:
                    connection.sendall(part[:left])
                    if self.ends_cleanly:
                        connection.sendall(b"\r\n0\r\n\r\n")
                    return
                left = None if left is None else left - len(part)
                connection.sendall(part)


@contextmanager
def run_proxy(upstream: str) -> Iterator[CuttingProxy]:
    """Run a proxy on a free port."""
    target = urlsplit(upstream)
    proxy = CuttingProxy((str(target.hostname), int(target.port or 0)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=proxy.accept, args=(listener,))
        thread.start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
