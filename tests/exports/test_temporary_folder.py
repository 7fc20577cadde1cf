"""Hidden folders of exports: removed after a kill, kept while their process runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.exports.temporary_folder import remove_abandoned_folders, temporary_folder

WRITE_FOREVER = """
import sys
from pathlib import Path
from bot.exports.temporary_folder import temporary_folder
with temporary_folder(Path(sys.argv[1]), "jokes") as folder:
    (folder / "rows.spool").write_text("half a row")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(directory: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a process that writes an export; yield it and its hidden folder."""
    command = [sys.executable, "-c", WRITE_FOREVER, str(directory)]
    with subprocess.Popen(  # noqa: S603 - this interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process, directory / process.stdout.readline().strip()
        finally:
            process.kill()


def test_folder_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    with other_process(tmp_path) as (process, folder):
        process.kill()
        process.wait()
    assert folder.exists()
    with temporary_folder(tmp_path, "tone") as own:
        assert [path for path in tmp_path.iterdir() if path.is_dir()] == [own]
    assert list(tmp_path.iterdir()) == []


def test_folder_of_a_running_process_stays(tmp_path: Path) -> None:
    with other_process(tmp_path) as (_, folder):
        remove_abandoned_folders(tmp_path)
        assert (folder / "rows.spool").exists()


def test_folder_of_an_older_version_is_removed_after_a_day(tmp_path: Path) -> None:
    old, recent, foreign = (tmp_path / f".jokes.0123456{digit}" for digit in "789")
    for folder in (old, recent, foreign):
        folder.mkdir()
        (folder / "rows.spool").touch()
    (foreign / "thesis.txt").touch()
    for folder in (old, foreign):
        os.utime(folder, (0, 0))
    remove_abandoned_folders(tmp_path)
    assert sorted(tmp_path.iterdir()) == [recent, foreign]
