"""Atomic folder replacement: the target exists at every moment."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.exports.atomic_replace import replace_folder, swap_atomically, swap_in_steps


def _folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "data").write_text(text)
    return path


def test_folder_is_renamed_to_a_new_target(tmp_path: Path) -> None:
    replace_folder(_folder(tmp_path / "source", "new"), tmp_path / "target")
    assert (tmp_path / "target" / "data").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_existing_target_is_replaced_and_removed(tmp_path: Path) -> None:
    target = _folder(tmp_path / "target", "old")
    (target / "leftover").touch()
    replace_folder(_folder(tmp_path / "source", "new"), target)
    assert [path.name for path in target.iterdir()] == ["data"]
    assert (target / "data").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it takes two renames")
def test_target_is_never_missing(tmp_path: Path) -> None:
    target = _folder(tmp_path / "target", "0")
    missing: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            if not target.is_dir():
                missing.append(1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(200):
        replace_folder(_folder(tmp_path / "source", str(number)), target)
    done.set()
    watcher.join()
    assert not missing


@pytest.mark.parametrize("swap", [swap_atomically, swap_in_steps])
def test_folders_are_swapped(tmp_path: Path, swap: Callable[[Path, Path], bool | None]) -> None:
    first, second = _folder(tmp_path / "first", "1"), _folder(tmp_path / "second", "2")
    if swap(first, second) is False:
        pytest.skip("this system cannot swap in one step")
    assert [(path / "data").read_text() for path in (first, second)] == ["2", "1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]


@pytest.mark.parametrize("swap", [swap_atomically, swap_in_steps])
def test_failed_swap_changes_nothing(
    tmp_path: Path, swap: Callable[[Path, Path], bool | None]
) -> None:
    other = _folder(tmp_path / "other", "2")
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "missing", other)
    assert (other / "data").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_existing_file_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    with pytest.raises(NotADirectoryError):
        replace_folder(_folder(tmp_path / "source", "new"), target)
    assert target.read_text() == "mine"
