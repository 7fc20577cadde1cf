"""What inputs hold: `state.values` of messages and views, and the actions people's changes send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.json_codec import Json, as_list, as_object

TEXT_INPUTS = frozenset(
    {
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
    }
)
"""The inputs that people type into."""


@dataclass(frozen=True, slots=True)
class BlockElement:
    """An element that a person can use, and the block it stands in.

    `label` is what the block says about it: an input's label, or a section's text.
    """

    element: Json
    block: Json

    @property
    def block_id(self) -> str:
        """The block's id."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The element's id, unique in its block."""
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.element.get("type", ""))

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block."""
        return self.block.get("type") == "input"

    @property
    def dispatches_actions(self) -> bool:
        """Whether the app hears of a change at once."""
        return not self.is_input or self.block.get("dispatch_action") is True

    @property
    def label(self) -> str:
        """What the block says about it."""
        block = self.block
        words = block.get("label") or block.get("text") or block.get("title")
        return str(as_object(words).get("text", ""))


def interactive_elements(blocks: list[Json]) -> Iterator[BlockElement]:
    """Yield the elements in `blocks` that people can use, in reading order."""
    for block in blocks:
        for element in _block_elements(block):
            yield BlockElement(element, block)
        for inner in (*as_list(block.get("child_blocks")), *_carousel_cards(block)):
            yield from interactive_elements([inner])


def _carousel_cards(block: Json) -> list[Json]:
    return as_list(block.get("elements")) if block.get("type") == "carousel" else []


def _block_elements(block: Json) -> list[Json]:
    kind = block.get("type")
    if kind in {"actions", "context_actions"}:
        return as_list(block.get("elements"))
    if kind == "section":
        return [block["accessory"]] if block.get("accessory") else []
    if kind == "input":
        return [as_object(block.get("element"))]
    return as_list(block.get("actions")) if kind == "card" else []


def initial_value(element: Json) -> Any:  # noqa: ANN401 - as many shapes as there are elements
    """Return what a stateful `element` holds before anybody touched it."""
    field = STATEFUL[element["type"]]
    first = element.get(field.initial) if field.initial else None
    return field.empty_value if first is None else first


def state_entry(element: Json, value: object) -> Json:
    """Return the entry of `state.values` for `element` holding `value`."""
    entry: Json = {"type": element["type"], STATEFUL[element["type"]].key: value}
    if element["type"] == "timepicker" and element.get("timezone"):
        entry["timezone"] = element["timezone"]
    return entry


def build_state_values(blocks: list[Json], inputs: Mapping[tuple[str, str], Json]) -> Json:
    """Return `state.values` for `blocks`, given what a person `entered` so far.

    An entry counts only while the element under its ids is of the same type.
    """
    values: Json = {}
    for target in interactive_elements(blocks):
        if target.kind in STATEFUL:
            entry = inputs.get((target.block_id, target.action_id))
            if entry is None or entry["type"] != target.kind:
                entry = state_entry(target.element, initial_value(target.element))
            values.setdefault(target.block_id, {})[target.action_id] = entry
    return values


ECHOED_KEYS = (
    "initial_value",
    "initial_option",
    "initial_options",
    "initial_user",
    "initial_users",
    "initial_channel",
    "initial_channels",
    "initial_conversation",
    "initial_conversations",
    "initial_date",
    "initial_time",
    "initial_date_time",
    "placeholder",
    "confirm",
)
"""Keys of an element that Slack repeats in the action."""


def action_json(target: BlockElement, change: Json, ts: str) -> Json:
    """Return the entry of `actions` for a person's `change` (`{"selected_option": …}`, …)."""
    element = target.element
    action: Json = {
        "type": target.kind,
        "block_id": target.block_id,
        "action_id": target.action_id,
        "action_ts": ts,
    }
    action |= {key: element[key] for key in ECHOED_KEYS if key in element}
    return action | change


def button_fields(element: Json) -> Json:
    """Return what a press on a button, icon button or feedback button adds to its action."""
    keys = ("text", "value", "style", "icon", "url")
    return {key: element[key] for key in keys if key in element}
