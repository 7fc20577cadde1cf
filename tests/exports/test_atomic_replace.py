"""A folder takes the place of another, and there is no moment without one."""

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


def test_a_folder_is_put_where_none_was(tmp_path: Path) -> None:
    replace_folder(_folder(tmp_path / "made", "new"), tmp_path / "target")
    assert (tmp_path / "target" / "data").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_a_folder_takes_the_place_of_another_which_is_gone(tmp_path: Path) -> None:
    target = _folder(tmp_path / "target", "old")
    (target / "left over").touch()
    replace_folder(_folder(tmp_path / "made", "new"), target)
    assert [path.name for path in target.iterdir()] == ["data"]
    assert (target / "data").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it takes two renames")
def test_there_is_no_moment_without_a_folder(tmp_path: Path) -> None:
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
        replace_folder(_folder(tmp_path / "made", str(number)), target)
    done.set()
    watcher.join()
    assert not missing


@pytest.mark.parametrize("exchange", [swap_atomically, swap_in_steps])
def test_two_folders_change_places(
    tmp_path: Path, exchange: Callable[[Path, Path], bool | None]
) -> None:
    one, other = _folder(tmp_path / "one", "1"), _folder(tmp_path / "other", "2")
    if exchange(one, other) is False:
        pytest.skip("this system cannot do it at once")
    assert [(path / "data").read_text() for path in (one, other)] == ["2", "1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


@pytest.mark.parametrize("exchange", [swap_atomically, swap_in_steps])
def test_a_failed_exchange_leaves_everything_where_it_was(
    tmp_path: Path, exchange: Callable[[Path, Path], bool | None]
) -> None:
    other = _folder(tmp_path / "other", "2")
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "gone", other)
    assert (other / "data").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_a_file_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    with pytest.raises(NotADirectoryError):
        replace_folder(_folder(tmp_path / "made", "new"), target)
    assert target.read_text() == "mine"
