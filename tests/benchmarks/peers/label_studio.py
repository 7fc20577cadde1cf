"""A Label Studio server of its own environment, into whose projects files are imported."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx

from tests.benchmarks.processes import TIMEOUT_SECONDS, free_port, wait_for_port

IMPORT_SECONDS = 1_800
"""Seconds for the server to import a file, before the benchmark gives up."""

START_SECONDS = 300
"""Seconds for the server to create its database and start."""

TOKEN = "0123456789abcdef" * 2 + "01234567"

PAIRS_CONFIG = """
<View>
  <Text name="prompt" value="$prompt"/>
  <Pairwise name="better" toName="left,right"/>
  <Text name="left" value="$response_left"/>
  <Text name="right" value="$response_right"/>
</View>
"""


@dataclass(frozen=True, slots=True)
class LabelStudio:
    """A server that runs."""

    client: httpx.Client

    def import_seconds(self, path: Path) -> float:
        """Import a JSON file into a new project; return the time from request to response.

        Raises:
            httpx.HTTPError: the server refused it.
        """
        fields = {"title": "pairs", "label_config": PAIRS_CONFIG}
        project = self.client.post("/api/projects/", json=fields).raise_for_status().json()["id"]
        with path.open("rb") as file:
            started = perf_counter()
            response = self.client.post(
                f"/api/projects/{project}/import",
                params={"commit_to_project": "true"},
                files={"file": (path.name, file, "application/json")},
            )
        seconds = perf_counter() - started
        response.raise_for_status()
        return seconds


@contextmanager
def run_server(executable: Path, folder: Path) -> Iterator[LabelStudio]:
    """Run a server with an empty SQLite database in a folder until the block ends."""
    environment = {
        **os.environ,
        "HOME": str(folder),
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
    }
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [str(executable), "start", "pairs", "--init", "--data-dir", str(folder / "data")]
    command += ["--username", "bench@example.com", "--password", TOKEN, "--user-token", TOKEN]
    command += ["--enable-legacy-api-token", "--no-browser", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the program of the environment
            [*command, "--host", address], env=environment, stdout=log, stderr=log
        )
        try:
            wait_for_port(port, START_SECONDS)
            headers = {"Authorization": f"Token {TOKEN}"}
            with httpx.Client(base_url=address, headers=headers, timeout=IMPORT_SECONDS) as client:
                yield LabelStudio(client)
        finally:
            process.terminate()
            process.wait(TIMEOUT_SECONDS)
