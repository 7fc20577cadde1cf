"""Clicks at a fixed rate: `python -m tests.benchmarks.paced_load FILE PORT RATE`.

The file is a JSON list of complete HTTP requests. Each is sent at its time, whether or not earlier
ones are answered, so that a delay shows in the latency of every click that it touches. The load
ends with the requests, or when standard input is closed. The result is a line with a JSON list of
latencies in seconds; the process ends when standard input is closed.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path
from time import perf_counter

import orjson
from uvloop import new_event_loop

from tests.benchmarks.slack_stub import content_length

TIMEOUT_SECONDS = 60


async def _send_all(requests: list[bytes], port: int, rate: float) -> None:
    latencies: list[float] = []
    end = asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    started = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            if end.done():
                break
            group.create_task(_send(request, port, due, latencies))
    sys.stdout.buffer.write(orjson.dumps(latencies, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


async def _send(request: bytes, port: int, due: float, latencies: list[float]) -> None:
    """Send a request on a connection of its own; its latency counts from when it was due."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(content_length(head))
        latencies.append(perf_counter() - due)
        writer.close()
    if not head.startswith(b"HTTP/1.1 200 "):
        message = f"a click was not acknowledged: {head[:40]!r}"
        raise AssertionError(message)


def main() -> None:
    """Send the load of the arguments."""
    path, port, rate = sys.argv[1:]
    requests = [text.encode() for text in orjson.loads(Path(path).read_bytes())]
    gc.disable()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_send_all(requests, int(port), float(rate)))


if __name__ == "__main__":
    main()
