"""The type checker finds wrong keys and types in Block Kit structures."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mypy import api

STRUCTURES = """
from bot.slack.blockkit.types import (
    ActionsBlock, Block, Button, InputBlock, MessageResponse, ModalView, PlainText, PlainTextInput,
    RichTextBlock, SectionBlock, ViewResponse,
)

text: PlainText = {"type": "plain_text", "text": "Save", "emoji": False}
button: Button = {"type": "button", "text": text, "action_id": "save", "value": "1"}
section: SectionBlock = {"type": "section", "text": text, "accessory": button}
row: ActionsBlock = {"type": "actions", "block_id": "row", "elements": [button]}
box: PlainTextInput = {
    "type": "plain_text_input", "action_id": "a", "multiline": True, "max_length": 10
}
input_block: InputBlock = {
    "type": "input", "block_id": "b", "label": text, "element": box, "optional": False
}
blocks: list[Block] = [section, row, input_block]
view: ModalView = {
    "type": "modal", "callback_id": "c", "title": text, "close": text, "blocks": blocks
}

a: PlainText = {"type": "plain_text", "txt": "Save", "emoji": False}  # wrong key
b: PlainText = {"type": "plain_text", "text": 5, "emoji": False}  # wrong type
c: PlainText = {"type": "mrkdwn", "text": "Save", "emoji": False}  # wrong `type`
d: PlainText = {"type": "plain_text", "text": "Save"}  # wrong: no emoji
button["style"] = "green"  # wrong value
button["labl"] = "Save"  # wrong key
e: SectionBlock = {"type": "section", "text": text, "accessory": box}  # wrong element
f: ActionsBlock = {"type": "actions", "block_id": "row", "elements": [text]}  # wrong element
g: InputBlock = {**input_block, "element": button}  # wrong element
h: RichTextBlock = {"type": "rich_text", "elements": [text]}  # wrong element
view["blocks"].append(button)  # wrong: no block
view["submit"] = "Save"  # wrong type
i: ViewResponse = {"response_action": "replace", "view": view}  # wrong value
j: MessageResponse = {"text": "Saved.", "response_type": "everyone"}  # wrong value


def first_text(block: Block) -> str:
    if block["type"] == "section":
        return block["text"]["text"]
    return block["text"]["text"]  # wrong: not every block has a text
"""


def test_type_checker_finds_every_wrong_structure(tmp_path: Path) -> None:
    module = tmp_path / "structures.py"
    module.write_text(STRUCTURES, encoding="utf-8")
    options = ["--strict", "--config-file=", f"--cache-dir={os.devnull}"]
    report, failure, _status = api.run([*options, str(module)])
    found = {int(line) for line in re.findall(r"structures\.py:(\d+): error", report)}
    lines = enumerate(STRUCTURES.splitlines(), start=1)
    assert failure == ""
    assert found == {number for number, line in lines if "# wrong" in line}, report
