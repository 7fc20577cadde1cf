"""Commands in pipes: ends that are closed, full or no longer read."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.conftest import CommandRunner
from tests.pages import ROOT
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"

NO_SPACE = "Cannot write a file or the output: No space left on device. Free some space."


@pytest.mark.parametrize(
    ("command", "code", "reason"),
    [
        ("export tone --to - > /dev/full", 1, NO_SPACE),
        ("items list tone --json > /dev/full", 1, NO_SPACE),
        ("export tone --to - >&-", 1, "Standard output is closed. Name a folder: --to."),
        ("import tone - <&-", 2, "Standard input is closed."),
        ("import tone - < /dev/null", 1, "“standard-input.jsonl” contains no rows."),
        ("export tone --to - | head -1", 0, "3 rows in "),
    ],
)
def test_end_of_a_pipe_that_fails_is_no_bug(
    scenario: Scenario, labelbot_sqlite: CommandRunner, command: str, code: int, reason: str
) -> None:
    scenario.create_campaign("tone", overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in (1, 2, 3)])
    scenario.answer_all(ADA, verdict="a")
    done = subprocess.run(  # noqa: S602 - commands of this test, which need a shell
        f"{sys.executable} -m bot.cli {command}",
        shell=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        cwd=labelbot_sqlite.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert reason in done.stderr
