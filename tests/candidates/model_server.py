"""An OpenAI-compatible server on this machine, which answers as a test decides."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """A response. Each piece of the body is sent after `pause` seconds."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    pieces: int = 1
    is_cut_off: bool = False


def completion(
    text: str | None, finish: str | None = "stop", usage: object = (7, 3), **message: object
) -> Json:
    """Return a chat completion."""
    counts = (
        {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
        if isinstance(usage, tuple)
        else usage
    )
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, **message},
        "finish_reason": finish,
    }
    return {"object": "chat.completion", "choices": [choice], "usage": counts}


def reply(answer: object, **options: Any) -> Reply:  # noqa: ANN401 - any field of a Reply
    """Return a response with a JSON body."""
    return Reply(body=json.dumps(answer).encode(), **options)


def echo(request: Json) -> Reply:
    """Answer with the model and the last message."""
    text = request["messages"][-1]["content"]
    return reply(completion(f"{request['model']} says: {text}"))


@dataclass
class ModelServer:
    """The server, how it answers, and the requests that it got, with their headers."""

    respond: Callable[[Json], Reply] = echo
    requests: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    arrivals: SimpleQueue[Json] = field(default_factory=SimpleQueue)
    stopping: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        """Return the base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def wait_for_requests(self, count: int) -> None:
        """Wait until so many more requests have arrived."""
        for _ in range(count):
            self.arrivals.get(timeout=30)

    def model(self, name: str) -> str:
        """Return the value of --model for a model of this server."""
        return f"{name}={self.url}"


@contextmanager
def run_model_server() -> Iterator[ModelServer]:
    """Run a server until the block ends."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append(json.loads(body))
            state.headers.append(dict(self.headers))
            state.paths.append(self.path)
            state.arrivals.put(state.requests[-1])
            self._send(state.respond(state.requests[-1]))

        def _send(self, answer: Reply) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            size = max(1, len(answer.body) // answer.pieces)
            for start in range(0, len(answer.body), size):
                if answer.pause and state.stopping.wait(answer.pause):
                    return
                self.wfile.write(answer.body[start : start + size])
                if answer.is_cut_off:
                    self.close_connection = True
                    return

        def log_message(self, *_args: object) -> None:
            """Print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: object) -> None:
            """Ignore clients that go away."""

    server = Server(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
