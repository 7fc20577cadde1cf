"""A coordinator brings items in from Slack: dropped, chosen, or named by an address."""

from __future__ import annotations

import json

import pytest

from bot.sandbox import Person, Rejected
from tests.journeys.story import ITEMS, Story, newest

LINES = "".join(f"{json.dumps(row)}\n" for row in ITEMS["comparison"])
BAD = '{"prompt": "Why?", "response_left": "x", "response_right": "x"}\n'


def coordinator(story: Story) -> Person:
    """Let somebody join who runs campaigns."""
    cora = story.person("cora")
    story.coordinators = (cora.id,)
    return cora


def test_a_file_dropped_in_the_dm_is_mapped_imported_and_handed_out(story: Story) -> None:
    cora, ada = coordinator(story), story.person()
    story.campaign("comparison", [ada], rows=[])
    story.begins()
    cora.uploads("pairs.jsonl", (LINES + BAD).encode())
    cora.sees("pairs.jsonl is here. It has 6 columns")
    cora.clicks("Import…")
    cora.sees("Question 1?")
    cora.submits()
    cora.sees("3 items of pairs.jsonl added to “Comparison”, 1 row left out", within=60)
    story.sandbox.wait_until(lambda: any(m.files for m in cora.messages[1:]), within=60)
    ada.types("/label next")
    ada.sees("Question 1?")
    cora.sees_not("secret-left-model")


def test_a_file_chosen_in_the_modal_with_columns_named_otherwise(story: Story) -> None:
    cora, ada = coordinator(story), story.person()
    story.campaign("comparison", [ada], rows=[])
    story.begins()
    cora.types("/label import comparison")
    cora.attaches("A file", "pairs.csv", b"q;one;two\nWhy?;So.;Because.\n")
    cora.submits()
    cora.sees("pairs.csv is here")
    cora.clicks("Import into comparison…")
    refused = cora.submits()
    assert "candidates" in str(refused.errors)
    cora.chooses("Responses", "one", "two")
    cora.chooses("Prompt", "q")
    cora.clicks("More columns…")
    cora.sees("Answer known to be right")
    cora.submits()
    cora.sees("1 item of pairs.csv added", within=60)


def test_an_address_of_ones_own_network_is_never_asked(story: Story) -> None:
    cora = coordinator(story)
    story.campaign("comparison", [], rows=[])
    story.begins()
    cora.types(f"/label import comparison {story.sandbox.api_url}pairs.jsonl")
    cora.sees("its address must begin with https://")
    cora.types("/label import comparison https://127.0.0.1/pairs.jsonl")
    cora.sees("its address is not on the public internet")


def test_others_files_are_no_imports(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.uploads("pairs.jsonl", LINES.encode())
    ada.sees("I read what you write in the thread")
    ada.types("/label import comparison")
    ada.sees("Only coordinators can import items")
    assert "is here" not in newest(ada).plain


def test_a_modal_wants_one_file_or_one_address(story: Story) -> None:
    cora = coordinator(story)
    story.campaign("comparison", [], rows=[])
    story.begins()
    cora.types("/label import")
    refused = cora.submits()
    assert refused.errors == {"address": "Give a file or an address, one of the two"}
    with pytest.raises(Rejected, match="only jsonl"):
        sends(cora, "pairs.exe", b"MZ")


def sends(cora: Person, name: str, content: bytes) -> None:
    """Choose a file in the window and send it."""
    cora.attaches("A file", name, content)
    cora.submits()
