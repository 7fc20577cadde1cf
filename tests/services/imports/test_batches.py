"""Stored images of imported items: once each, and never without their bytes."""

from __future__ import annotations

import base64

from sqlmodel import Session

from bot.imports.plan import ImportOptions
from bot.kinds.media import STORED_PREFIX
from bot.sandbox.png import striped_png
from bot.services.imports import importer
from bot.services.imports.import_batch import MAX_BATCH_CHARS
from bot.services.imports.import_progress import ImportCallbacks
from bot.services.imports.importer import ImportSource
from storage.queries import media_files
from storage.queries.media_files import Upload
from storage.tables import Item, MediaFile
from tests.services.conftest import NOW, Scenario, pair

RED, BLUE = striped_png(2, [(255, 0, 0)]), striped_png(2, [(0, 0, 255)])


def data_url(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def test_image_of_several_items_is_stored_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    rows = [pair(1, image=data_url(RED)), pair(2, image=[data_url(RED), data_url(BLUE)])]
    assert scenario.import_rows("tone", rows).added == 2
    assert scenario.import_rows("tone", rows).existing == 2
    first, second = scenario.rows(Item)
    files = {file.url: file.content for file in scenario.rows(MediaFile)}
    assert files == {
        first.media[0]["url"]: RED,
        second.media[1]["url"]: BLUE,
    }
    assert first.media[0] == second.media[0]


def test_rejected_and_checked_rows_store_no_image(scenario: Scenario) -> None:
    scenario.create_campaign()
    rows = [pair(1, image=data_url(RED), response_a=""), pair(2, image=data_url(BLUE))]
    assert scenario.import_rows("tone", rows, strict=True).aborted
    assert scenario.rows(MediaFile) == []
    assert scenario.import_rows("tone", rows).added == 1
    assert [file.content for file in scenario.rows(MediaFile)] == [BLUE]


def test_reference_to_an_image_needs_the_image(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(1, image=data_url(RED))])
    (stored,) = scenario.rows(MediaFile)
    unknown = f"{STORED_PREFIX}{'0' * 64}.png"
    result = scenario.import_rows("tone", [pair(2, image=stored.url), pair(3, image=unknown)])
    assert (result.added, result.rejected) == (1, 1)
    (error,) = result.errors
    assert (error.line, error.reason) == (
        2,
        "one of its images is only a reference, and this database does not have the image",
    )


def test_many_images_are_stored_in_several_transactions(scenario: Scenario) -> None:
    scenario.create_campaign()
    for number in range(5):
        content = RED + bytes([number]) * (MAX_BATCH_CHARS // 4)
        (scenario.folder / f"{number}.png").write_bytes(content)
    rows = [pair(number, image=f"{number}.png") for number in range(5)]
    path = scenario.write_file(rows)
    options = ImportOptions(may_read_folder=True)
    lines: list[int] = []
    callbacks = ImportCallbacks(on_line=lines.append)
    source = ImportSource("tone", path, options=options)
    result = importer.import_file(scenario.database, source, scenario.actor, callbacks)
    assert (result.added, lines) == (5, [4, 5])


def test_upload_is_remembered_and_forgotten(scenario: Scenario) -> None:
    def run(session: Session) -> list[dict[str, Upload]]:
        media_files.add_files(session, {"media:1.png": RED}, NOW)
        media_files.add_files(session, {"media:1.png": BLUE}, NOW)  # the first one stays
        assert media_files.content_of_file(session, "media:1.png") == RED
        media_files.record_upload(session, "media:1.png", "F1")
        uploads = [media_files.uploads_of(session, ["media:1.png", "media:2.png"])]
        media_files.record_shown(session, "media:1.png", NOW)
        uploads.append(media_files.uploads_of(session, ["media:1.png"]))
        media_files.forget_uploads(session, ["media:1.png"])
        return [*uploads, media_files.uploads_of(session, ["media:1.png"])]

    uploaded, shown, forgotten = scenario.database.write_now(run)
    assert uploaded == {"media:1.png": Upload("F1", is_shown=False)}
    assert shown == {"media:1.png": Upload("F1", is_shown=True)}
    assert forgotten == {}
