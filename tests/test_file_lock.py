"""Tests of file locks: one holder at a time, and a killed process holds none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.file_lock import open_locked

HOLD = "import sys; from bot.file_lock import open_locked; from pathlib import Path; "
HOLD += "open_locked(Path(sys.argv[1])); print('locked', flush=True); sys.stdin.read()"


def test_only_one_holder_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = open_locked(path)
    assert first is not None
    assert open_locked(path) is None
    os.close(first)
    second = open_locked(path)
    assert second is not None
    os.close(second)


def test_new_file_is_private(tmp_path: Path) -> None:
    descriptor = open_locked(tmp_path / "lock")
    assert descriptor is not None
    os.close(descriptor)
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_killed_process_holds_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", HOLD, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        assert open_locked(path) is None
        holder.kill()
        holder.wait()
        descriptor = open_locked(path)
        assert descriptor is not None
        os.close(descriptor)
