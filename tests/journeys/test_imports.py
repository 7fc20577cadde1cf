"""A coordinator brings items in from Slack: dropped, chosen, or named by an address."""

from __future__ import annotations

import json

import pytest

from bot.sandbox import ActionRejectedError, SimulatedUser
from tests.journeys.journey import ITEM_ROWS, Journey, newest_message

LINES = "".join(f"{json.dumps(row)}\n" for row in ITEM_ROWS["comparison"])
BAD = '{"prompt": "Why?", "response_left": "x", "response_right": "x"}\n'


def coordinator(journey: Journey) -> SimulatedUser:
    """Let somebody join who runs campaigns."""
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    return cora


def test_a_file_dropped_in_the_dm_is_mapped_imported_and_handed_out(journey: Journey) -> None:
    cora, ada = coordinator(journey), journey.add_user()
    journey.create_campaign("comparison", [ada], rows=[])
    journey.start_bot()
    cora.upload_file("pairs.jsonl", (LINES + BAD).encode())
    cora.wait_for_text("pairs.jsonl is here. It has 6 columns")
    cora.click("Import…")
    cora.wait_for_text("Question 1?")
    cora.submit_modal()
    cora.wait_for_text("3 items of pairs.jsonl added to “Comparison”, 1 row left out", within=60)
    journey.sandbox.wait_until(lambda: any(m.files for m in cora.messages[1:]), within=60)
    ada.send_message("/label next")
    ada.wait_for_text("Question 1?")
    cora.wait_until_gone("secret-left-model")


def test_a_file_chosen_in_the_modal_with_columns_named_otherwise(journey: Journey) -> None:
    cora, ada = coordinator(journey), journey.add_user()
    journey.create_campaign("comparison", [ada], rows=[])
    journey.start_bot()
    cora.send_message("/label import comparison")
    cora.attach_file("A file", "pairs.csv", b"q;one;two\nWhy?;So.;Because.\n")
    cora.submit_modal()
    cora.wait_for_text("pairs.csv is here")
    cora.click("Import into comparison…")
    refused = cora.submit_modal()
    assert "candidates" in str(refused.errors)
    cora.choose("Responses", "one", "two")
    cora.choose("Prompt", "q")
    cora.click("More columns…")
    cora.wait_for_text("Answer known to be right")
    cora.submit_modal()
    cora.wait_for_text("1 item of pairs.csv added", within=60)


def test_an_address_of_ones_own_network_is_never_asked(journey: Journey) -> None:
    cora = coordinator(journey)
    journey.create_campaign("comparison", [], rows=[])
    journey.start_bot()
    cora.send_message(f"/label import comparison {journey.sandbox.api_url}pairs.jsonl")
    cora.wait_for_text("its address must begin with https://")
    cora.send_message("/label import comparison https://127.0.0.1/pairs.jsonl")
    cora.wait_for_text("the address is not on the public internet")


def test_others_files_are_no_imports(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.upload_file("pairs.jsonl", LINES.encode())
    ada.wait_for_text("I only read messages in the thread")
    ada.send_message("/label import comparison")
    ada.wait_for_text("Only coordinators can import items")
    assert "is here" not in newest_message(ada).plain_text


def test_a_modal_wants_one_file_or_one_address(journey: Journey) -> None:
    cora = coordinator(journey)
    journey.create_campaign("comparison", [], rows=[])
    journey.start_bot()
    cora.send_message("/label import")
    refused = cora.submit_modal()
    assert refused.errors == {"url": "Give a file or an address, one of the two"}
    with pytest.raises(ActionRejectedError, match="only jsonl"):
        sends(cora, "pairs.exe", b"MZ")


def sends(cora: SimulatedUser, name: str, content: bytes) -> None:
    """Choose a file in the window and send it."""
    cora.attach_file("A file", name, content)
    cora.submit_modal()
