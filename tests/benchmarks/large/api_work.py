"""Bulk work over the HTTP API: `python -m tests.benchmarks.large.api_work push FILE` or `read`.

`LABELBOT_API_URL` and `LABELBOT_API_KEY` say where. Prints the number of rows and the seconds.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter

import httpx

from bot.client import LabelbotClient
from tests.benchmarks.data import CAMPAIGN


def push(url: str, key: str, path: Path) -> int:
    """Push the rows of a file with the client; return how many were added."""
    with LabelbotClient(url, key) as labelbot, path.open("rb") as file:
        return labelbot.push(CAMPAIGN, map(json.loads, file)).added


def read(url: str, key: str) -> int:
    """Read all answers as JSON Lines; return how many there are."""
    headers = {"Authorization": f"Bearer {key}"}
    address = f"{url}/api/v1/campaigns/{CAMPAIGN}/answers.ndjson"
    last, count = "", 0
    with httpx.stream("GET", address, headers=headers, timeout=None) as response:  # noqa: S113 - it takes long
        response.raise_for_status()
        for line in response.iter_lines():
            last, count = line, count + 1
    if "next_cursor" not in last:
        message = "the stream was interrupted"
        raise AssertionError(message)
    return count - 1


def main() -> None:
    """Do the work of the arguments."""
    url, key = os.environ["LABELBOT_API_URL"], os.environ["LABELBOT_API_KEY"]
    started = perf_counter()
    rows = push(url, key, Path(sys.argv[2])) if sys.argv[1] == "push" else read(url, key)
    sys.stdout.write(json.dumps({"rows": rows, "seconds": perf_counter() - started}))


if __name__ == "__main__":
    main()
