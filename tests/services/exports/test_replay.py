"""Replays: the data files of an export again, whatever has changed in the database since."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.exports.export_choices import LAST, Evidence, Pseudonyms
from bot.exports.row_options import RowOptions
from bot.exports.splits import parse_splits
from bot.exports.verification import verify_folder
from bot.exports.written_manifest import (
    InvalidManifestError,
    MissingManifestError,
    NewerManifestError,
)
from bot.kinds import KINDS
from bot.services.exports.replay import (
    DifferentReplayError,
    ErasedRowsError,
    NoSnapshotError,
    replay_export,
)
from bot.services.exports.snapshots import UnknownSnapshotError
from tests.services.conftest import Scenario
from tests.services.exports.export_scenarios import (
    ADA,
    BOB,
    answer,
    change_everything,
    create_answered,
    data_files,
    export,
    formats_and_aggregates,
    read_manifest,
    read_rows,
)

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""An image of one pixel."""


def replay(scenario: Scenario, path: Path) -> Path:
    """Replay an export; return the folder."""
    return replay_export(scenario.database, path, scenario.folder / "replays").directory


@pytest.mark.parametrize(
    ("database", "kind"),
    [*(("sqlite", kind) for kind in KINDS), ("postgresql", "comparison")],
    indirect=["database"],
)
def test_replay_of_every_format_gives_the_old_bytes_after_later_changes(
    scenario: Scenario, kind: str
) -> None:
    create_answered(scenario, kind)
    is_sqlite = scenario.database.engine.dialect.name == "sqlite"
    exports = {
        export(scenario, name, options).directory: (name, options)
        for name, options in formats_and_aggregates(kind)
        if is_sqlite or name in ("preference", "annotations")
    }
    before = {directory: data_files(directory) for directory in exports}
    change_everything(
        scenario, kind, later_answers=100 if kind == "comparison" and is_sqlite else 5
    )
    for directory, (name, options) in exports.items():
        assert data_files(replay(scenario, directory)) == before[directory], (name, options)
        if name == "annotations":
            now = export(scenario, name, options, folder="later").directory
            assert data_files(now) != before[directory]


def test_images_are_exported_replayed_and_imported_again(scenario: Scenario) -> None:
    scenario.create_campaign(kind="rating", overlap=1, experts=[ADA])
    encoded = base64.b64encode(PNG).decode()
    row = {"id": "1", "prompt": "A?", "response": "B", "image": f"data:image/png;base64,{encoded}"}
    assert (
        scenario.import_rows("tone", [row, {"id": "2", "prompt": "C?", "response": "D"}]).added == 2
    )
    assert answer(scenario, "rating", ADA) == 2
    exports = [export(scenario, name).directory for name in ("rating", "annotations", "dataset")]
    before = {directory: data_files(directory) for directory in exports}
    later = {"id": "3", "prompt": "E?", "response": "F", "response_image": row["image"]}
    assert scenario.import_rows("tone", [later]).added == 1
    for directory, files in before.items():
        assert data_files(replay(scenario, directory)) == files
        assert verify_folder(directory).deviations == ()
    rows = pq.read_table(exports[0] / "data.parquet", columns=["images"]).to_pylist()
    assert [[image["bytes"] for image in one["images"]] for one in rows] == [[PNG], []]
    for directory in exports[:2]:
        assert scenario.import_rows("tone", read_rows(directory)).added == 0


def test_replay_takes_every_option_from_the_manifest(scenario: Scenario) -> None:
    create_answered(scenario, "comparison")
    export(scenario, "preference")
    answer(scenario, "comparison", BOB)
    options = (
        RowOptions(since=LAST),
        RowOptions(deduplicates=True, meta=("domain",)),
        RowOptions(pseudonyms=Pseudonyms.EXPORT),
        RowOptions(pseudonyms=Pseudonyms.CAMPAIGN, evidence=Evidence.OPENED),
        RowOptions(redact=("Response", "email"), splits=parse_splits("test=0.5")),
        RowOptions(min_agreement=0.5, sources=("unanimous", "adjudicated")),
    )
    directories = [
        export(scenario, name, option).directory
        for name in ("preference", "annotations")
        for option in options
        if not (name == "annotations" and option.deduplicates)
    ]
    frozen = export(scenario, "annotations", folder="frozen", freezes=True).directory
    before = {directory: data_files(directory) for directory in (*directories, frozen)}
    change_everything_but_frozen(scenario)
    for directory, files in before.items():
        assert data_files(replay(scenario, directory / "manifest.json")) == files, directory.name


def change_everything_but_frozen(scenario: Scenario) -> None:
    """Add answers and exclude others; frozen answers cannot change."""
    scenario.database.write_now(execute, "UPDATE assignment SET finalized_by = NULL")
    change_everything(scenario, "comparison", later_answers=3)


def execute(session: Session, statement: str) -> None:
    """Change the database by other means than labelbot."""
    session.connection().execute(text(statement))


@pytest.fixture
def exported(scenario: Scenario) -> tuple[Scenario, Path]:
    """Return a scenario and an export of its answered comparisons."""
    create_answered(scenario, "comparison")
    return scenario, export(scenario, "annotations").directory


@pytest.mark.parametrize(
    ("statements", "rows"),
    [
        (["DELETE FROM annotation WHERE assignment_id IN (2, 3, 5)"], "answers 2-3, 5"),
        (["UPDATE annotation SET value = NULL WHERE assignment_id = 4"], "answer 4"),
        (["DELETE FROM candidate WHERE item_id = 3"], "item 3"),
        (
            ["DELETE FROM candidate", "UPDATE item SET prompt = '[]', draft = NULL"],
            "items 1-4",
        ),
    ],
)
def test_replay_names_erased_rows(
    exported: tuple[Scenario, Path], statements: list[str], rows: str
) -> None:
    scenario, directory = exported
    for statement in statements:
        scenario.database.write_now(execute, statement)
    with pytest.raises(ErasedRowsError, match=f"erased since: {rows}\\."):
        replay(scenario, directory)
    assert list((scenario.folder / "replays").iterdir()) == []


def test_replay_names_items_whose_content_was_changed(exported: tuple[Scenario, Path]) -> None:
    scenario, directory = exported
    scenario.database.write_now(
        execute, "UPDATE candidate SET text = 'Another text' WHERE item_id = 2"
    )
    with pytest.raises(DifferentReplayError, match="the rows of these items differ: item-2"):
        replay(scenario, directory)
    (directory / "data.parquet").unlink()
    with pytest.raises(DifferentReplayError, match="by other means than labelbot"):
        replay(scenario, directory)
    assert list((scenario.folder / "replays").iterdir()) == []


def change_manifest(directory: Path, **changes: object) -> None:
    """Change keys of a manifest."""
    manifest = read_manifest(directory) | changes
    (directory / "manifest.json").write_text(json.dumps(manifest))


def test_replay_names_another_version_that_writes_other_bytes(
    exported: tuple[Scenario, Path],
) -> None:
    scenario, directory = exported
    manifest = read_manifest(directory)
    files = [file | {"sha256": "0" * 64} for file in manifest["files"]]
    versions = manifest["versions"] | {"pyarrow": "1.2.3"}
    change_manifest(directory, files=files, versions=versions)
    with pytest.raises(DifferentReplayError, match=r"pyarrow 1\.2\.3 wrote the export"):
        replay(scenario, directory)


def test_another_version_that_writes_the_same_bytes_is_no_problem(
    exported: tuple[Scenario, Path],
) -> None:
    scenario, directory = exported
    change_manifest(directory, versions={"pyarrow": "1.2.3", "labelbot": "0.0.1"})
    assert data_files(replay(scenario, directory)) == data_files(directory)


def test_replay_refuses_what_it_cannot_read(
    exported: tuple[Scenario, Path], tmp_path: Path
) -> None:
    scenario, directory = exported
    with pytest.raises(MissingManifestError):
        replay(scenario, tmp_path / "nowhere")
    broken = tmp_path / "broken.json"
    for content in ("", "[]", "{", '{"name": 1}'):
        broken.write_text(content)
        with pytest.raises(InvalidManifestError):
            replay(scenario, broken)
    manifest = read_manifest(directory)
    for changes, error in (
        ({"manifest_version": 99}, NewerManifestError),
        ({"read": None}, NoSnapshotError),
        ({"read": manifest["read"] | {"snapshot": "0" * 64}}, UnknownSnapshotError),
        ({"files": [{"name": "../data.jsonl", "size": 1, "sha256": "0"}]}, InvalidManifestError),
        ({"name": "../elsewhere"}, InvalidManifestError),
    ):
        change_manifest(directory, **(manifest | changes))
        with pytest.raises(error):
            replay(scenario, directory)


def test_a_replay_is_deterministic_and_replaces_an_earlier_one(
    exported: tuple[Scenario, Path],
) -> None:
    scenario, directory = exported
    assert replay(scenario, directory) == replay(scenario, directory)
    assert answer(scenario, "comparison", ADA) == 0
