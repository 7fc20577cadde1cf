"""The disk of the database or of the exports is full, and has room again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.sandbox import WaitTimeoutError
from tests.faults.fault_case import FaultCase
from tests.faults.promises import check_promises

DISK_BYTES = 8_000_000

ITEMS = 15
"""Enough answers to fill the space that the database has already reserved."""


REPORT_STEPS = 20
"""Steps of ten minutes and up to three real seconds until a failed export is reported."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of its own, which holds 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], check=False).returncode:  # noqa: S603 - fixed arguments
        pytest.skip("to mount a small file system needs the rights of root")
    yield folder
    umount = str(shutil.which("umount"))
    subprocess.run([umount, "--lazy", str(folder)], check=True)  # noqa: S603 - fixed arguments


def _fill(folder: Path) -> Path:
    """Fill the disk to the last byte, and return the file to delete."""
    filler = folder / "filler"
    for size in (100_000, 1000, 1):
        with suppress(OSError), filler.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(size))
    return filler


@pytest.fixture
def small_disk_url(small_disk: Path, migrated_file: Path) -> str:
    """Return the URL of a SQLite database on the small disk."""
    path = small_disk / "labelbot.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.mark.sample
@pytest.mark.parametrize("database_url", ["small_disk"], indirect=True)
def test_full_disk_refuses_answers_and_loses_none(case: FaultCase, small_disk: Path) -> None:
    experts = case.add_people("ada", "grace", "linus")
    case.create_comparison(experts, items=ITEMS)
    case.start_bot()
    for expert in experts:
        expert.wait_for_text("Question 1?")
    filler = _fill(small_disk)
    assert _is_answer_refused(case), "the disk was full, but every answer was acknowledged"
    filler.unlink()
    case.answer_all(lambda: case.answered_count() == len(experts) * ITEMS)
    assert case.answered_count() == len(experts) * ITEMS
    check_promises(case)


def _is_answer_refused(case: FaultCase) -> bool:
    """Let people answer until an answer is not acknowledged; tell whether that happened."""

    def is_refused() -> bool:
        case.answer_once()
        return len(case.answers.attempts) > len(case.answers.acknowledged)

    with suppress(WaitTimeoutError):
        case.sandbox.wait_until(is_refused, within=30)
    return len(case.answers.attempts) > len(case.answers.acknowledged)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_export_on_a_full_disk_is_reported_and_leaves_nothing(
    case: FaultCase, small_disk: Path
) -> None:
    case.folder = small_disk
    cora, ada = case.add_people("cora", "ada")
    case.coordinators = (cora.id,)
    case.create_comparison([ada], items=3)
    case.start_bot()
    ada.wait_for_text("Question 1?")
    case.answer_all(lambda: case.answered_count() == 3)
    filler = _fill(small_disk)
    cora.send_message("/label export comparison")
    for _ in range(REPORT_STEPS):
        with suppress(WaitTimeoutError):
            case.sandbox.wait_until(lambda: _has_text(case, "failed"), within=3)
        case.advance_clock(minutes=10)
    assert _has_text(case, "failed"), "the failed export was not reported"
    filler.unlink()
    cora.send_message("/label export comparison")
    cora.wait_for_text("Exported “Comparison” (preference): ", within=20)
    check_promises(case)
    hidden = [path for path in small_disk.rglob(".*") if path.is_dir()]
    assert hidden == [], "a failed export leaves no hidden folder"


def _has_text(case: FaultCase, text: str) -> bool:
    return any(text in message.plain_text for message in case.people[0].messages)
