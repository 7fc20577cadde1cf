"""A coordinator imports items from Slack: an uploaded file, an attached file or a URL."""

from __future__ import annotations

import gzip
import json
from importlib import import_module
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from bot.sandbox import ActionRejectedError, SimulatedUser
from bot.sandbox.png import striped_png
from tests.journeys.journey import ITEM_ROWS, Journey, newest_message

VALID_ROWS = "".join(f"{json.dumps(row)}\n" for row in ITEM_ROWS["comparison"])
INVALID_ROW = '{"prompt": "Why?", "response_left": "x", "response_right": "x"}\n'


def add_coordinator(journey: Journey) -> SimulatedUser:
    """Add a coordinator to the workspace."""
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    return cora


def test_file_dropped_in_the_dm_is_imported_and_assigned(journey: Journey) -> None:
    cora, ada = add_coordinator(journey), journey.add_user()
    journey.create_campaign("comparison", [ada], rows=[])
    journey.start_bot()
    cora.upload_file("pairs.jsonl", (VALID_ROWS + INVALID_ROW).encode())
    cora.wait_for_text("Received pairs.jsonl with 6 columns")
    cora.click("Import…")
    cora.wait_for_text("Question 1?")
    cora.submit_modal()
    cora.wait_for_text("3 items to add")
    cora.wait_for_text("Item 1, as experts will see it")
    cora.wait_for_text("Line 4: ")
    cora.click("Change columns")
    cora.wait_for_text("Show more columns")
    cora.submit_modal()
    cora.submit_modal()
    cora.wait_for_text(
        "Added 3 items from pairs.jsonl to “Comparison”. 1 invalid row skipped", within=60
    )
    journey.sandbox.wait_until(lambda: any(m.files for m in cora.messages[1:]), within=60)
    ada.send_message("/label next")
    ada.wait_for_text("Question 1?")
    cora.wait_until_gone("secret-left-model")


def test_columns_of_an_attached_file_can_be_mapped(journey: Journey) -> None:
    cora, ada = add_coordinator(journey), journey.add_user()
    journey.create_campaign("comparison", [ada], rows=[])
    journey.start_bot()
    cora.send_message("/label import comparison")
    cora.attach_file("File", "pairs.csv", b"q;one;two;best;who\nWhy?;So.;Because.;two;ann\n")
    cora.submit_modal()
    cora.wait_for_text("Received pairs.csv")
    cora.click("Import into comparison…")
    with pytest.raises(ActionRejectedError, match="candidates:1: Please complete"):
        cora.submit_modal()
    cora.choose("Responses", "one", "two")
    cora.choose("Prompt", "q")
    cora.click("Show more columns")
    cora.wait_for_text("Gold answer")
    cora.choose("Existing answers", "best")
    cora.choose("Experts who gave the answers", "who")
    cora.submit_modal()
    cora.wait_for_text("1 item to add")
    cora.wait_for_text("1 existing answer to add, of 1 expert")
    cora.submit_modal()
    cora.wait_for_text("Added 1 item from pairs.csv", within=60)
    cora.wait_for_text("1 answer added")


def test_archive_in_a_known_shape_is_checked_and_imported(journey: Journey) -> None:
    cora = add_coordinator(journey)
    journey.create_campaign("comparison", [journey.add_user()], rows=[])
    journey.start_bot()
    talk = "\n\nHuman: Why?\n\nAssistant: "
    rows = [{"id": str(n), "chosen": f"{talk}So {n}.", "rejected": f"{talk}No."} for n in range(2)]
    rows.append({"id": "2", "chosen": f"{talk}No.", "rejected": f"{talk}So 0."})
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    archive = BytesIO()
    with ZipFile(archive, "w") as opened:
        opened.writestr("hh/train.jsonl.gz", gzip.compress(lines.encode()))
    cora.upload_file("hh.zip", archive.getvalue())
    cora.wait_for_text("Received hh.zip with 3 columns")
    cora.click("Import…")
    cora.wait_for_text("Recognized: Anthropic HH")
    cora.submit_modal()
    cora.wait_for_text("2 items to add")
    cora.wait_for_text("repeats hh/train.jsonl.gz, line 1, with the responses exchanged")
    cora.submit_modal()
    cora.wait_for_text("Added 2 items from hh.zip", within=60)
    cora.wait_for_text("1 duplicate row left out")


def uploaded_files() -> dict[str, bytes]:
    """Return a text file, a workbook and an archive, each with one pair of its own."""
    files: dict[str, bytes] = {}
    columns = ("prompt", "response_a", "response_b")

    def row(name: str) -> dict[str, str]:
        return dict(
            zip(columns, (f"What is in {name}?", f"A café row of {name}", "Nothing"), strict=True)
        )

    def lines(name: str, delimiter: str) -> str:
        return "".join(f"{delimiter.join(cells)}\n" for cells in (columns, row(name).values()))

    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    files["pairs.tsv"] = lines("pairs.tsv", "\t").encode("utf-16")
    workbook = Workbook()
    for cells in (columns, tuple(row("pairs.xlsx").values())):
        workbook.active.append(cells)
    buffers = {name: BytesIO() for name in ("pairs.xlsx", "pairs.zip")}
    workbook.save(buffers["pairs.xlsx"])
    with ZipFile(buffers["pairs.zip"], "w") as archive:
        parquet.write_table(arrow.Table.from_pylist([row("pairs.zip")]), inner := BytesIO())
        archive.writestr("data/train.parquet", inner.getvalue())
    return files | {name: buffer.getvalue() for name, buffer in buffers.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # tests/imports reads every type
def test_files_of_other_types_are_imported_in_the_dialog(journey: Journey) -> None:
    cora = add_coordinator(journey)
    journey.create_campaign("comparison", [journey.add_user()], rows=[])
    journey.start_bot()
    for name, content in uploaded_files().items():
        cora.upload_file(name, content)
        cora.wait_for_text(f"Received {name} with 3 columns", within=60)
        cora.click("Import…")
        cora.wait_for_text(f"What is in {name}?")
        cora.submit_modal()
        cora.wait_for_text("1 item to add")
        cora.submit_modal()
        cora.wait_for_text(f"Added 1 item from {name}", within=60)


def test_private_network_url_is_refused(journey: Journey) -> None:
    cora = add_coordinator(journey)
    journey.create_campaign("comparison", [], rows=[])
    journey.start_bot()
    cora.send_message(f"/label import comparison {journey.sandbox.api_url}pairs.jsonl")
    cora.wait_for_text("the address must begin with https://")
    cora.send_message("/label import comparison https://127.0.0.1/pairs.jsonl")
    cora.wait_for_text("the address is not on the public internet")


def test_only_coordinators_can_import(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.upload_file("pairs.jsonl", VALID_ROWS.encode())
    ada.wait_for_text("I only read messages in the thread")
    ada.send_message("/label import comparison")
    ada.wait_for_text("Only coordinators can import items")
    assert "Received" not in newest_message(ada).plain_text


def test_import_modal_needs_one_file_or_url(journey: Journey) -> None:
    cora = add_coordinator(journey)
    journey.create_campaign("comparison", [], rows=[])
    journey.start_bot()
    cora.send_message("/label import")
    submission = cora.submit_modal()
    assert submission.errors == {"url": "Choose a file or enter a URL, but not both."}
    with pytest.raises(ActionRejectedError, match="only jsonl"):
        attach_and_submit(cora, "pairs.exe", b"MZ")


def attach_and_submit(cora: SimulatedUser, name: str, content: bytes) -> None:
    """Attach a file in the modal and submit it."""
    cora.attach_file("File", name, content)
    cora.submit_modal()


def test_images_in_an_uploaded_archive_are_shown_to_experts(journey: Journey) -> None:
    cora, ada = add_coordinator(journey), journey.add_user()
    journey.create_campaign("demonstration", [ada], rows=[])
    journey.start_bot()
    archive = BytesIO()
    with ZipFile(archive, "w") as files:
        row = {"prompt": "What is this?", "image": "pictures/1.png", "alt": "A red line"}
        files.writestr("data.jsonl", json.dumps(row))
        files.writestr("pictures/1.png", striped_png(40, [(255, 0, 0)] * 10))
    cora.upload_file("pictures.zip", archive.getvalue())
    cora.wait_for_text("Received pictures.zip")
    cora.click("Import…")
    cora.submit_modal()
    cora.wait_for_text("1 item to add")
    cora.submit_modal()
    cora.wait_for_text("Added 1 item from pictures.zip", within=60)
    ada.send_message("/label next")
    task = ada.wait_for_text("What is this?")
    (image,) = [block for block in task.blocks if block["type"] == "image"]
    assert image["alt_text"] == "A red line"
    assert image["slack_file"]["id"].startswith("F")


def test_audio_in_an_uploaded_archive_is_played_in_the_thread(journey: Journey) -> None:
    cora, ada = add_coordinator(journey), journey.add_user()
    journey.create_campaign("comparison", [ada], rows=[])
    journey.start_bot()
    archive = BytesIO()
    with ZipFile(archive, "w") as files:
        row = {"prompt": "Which sounds better?", "audio_a": "a.mp3", "audio_b": "b.mp3"}
        files.writestr("data.jsonl", json.dumps(row))
        files.writestr("a.mp3", b"ID3 first song")
        files.writestr("b.mp3", b"ID3 second song")
    cora.upload_file("songs.zip", archive.getvalue())
    cora.wait_for_text("Received songs.zip")
    cora.click("Import…")
    cora.submit_modal()
    cora.wait_for_text("1 item to add")
    cora.submit_modal()
    cora.wait_for_text("Added 1 item from songs.zip", within=60)
    ada.send_message("/label next")
    task = ada.wait_for_text("Which sounds better?")
    ada.wait_for_text("Response B: Audio", within=60)
    replies = [one for one in ada.messages if one.thread_ts == task.ts and one.files]
    assert [file["mimetype"] for one in replies for file in one.files] == ["audio/mpeg"] * 2
