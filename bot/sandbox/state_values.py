"""The values of inputs: `state.values` of messages and views, and entries of `actions`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .blockkit import STATEFUL
from .json_codec import Json, as_list, as_object

TEXT_INPUTS = frozenset(
    {
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
    }
)
"""The types of inputs that take typed text."""


@dataclass(frozen=True, slots=True)
class BlockElement:
    """An interactive element and the block that contains it."""

    element: Json
    block: Json

    @property
    def block_id(self) -> str:
        """The block's block_id."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The element's action_id, unique in its block."""
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.element.get("type", ""))

    @property
    def is_input(self) -> bool:
        """Whether it is in an input block."""
        return self.block.get("type") == "input"

    @property
    def dispatches_actions(self) -> bool:
        """Whether a change is sent to the app immediately."""
        return not self.is_input or self.block.get("dispatch_action") is True

    @property
    def label(self) -> str:
        """The block's text for it: an input's label, a section's text or a card's title."""
        block = self.block
        text = block.get("label") or block.get("text") or block.get("title")
        return str(as_object(text).get("text", ""))


def interactive_elements(blocks: list[Json]) -> Iterator[BlockElement]:
    """Yield the interactive elements in `blocks`, in reading order."""
    for block in blocks:
        for element in _block_elements(block):
            yield BlockElement(element, block)
        for child in (*as_list(block.get("child_blocks")), *_carousel_cards(block)):
            yield from interactive_elements([child])


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


def initial_value(element: Json) -> Any:  # noqa: ANN401 - the type depends on the element
    """Return the value of a stateful `element` before the user changes it."""
    field = STATEFUL[element["type"]]
    value = element.get(field.initial) if field.initial else None
    return field.empty_value if value is None else value


def state_entry(element: Json, value: object) -> Json:
    """Return the entry of `state.values` for `element` with this `value`."""
    entry: Json = {"type": element["type"], STATEFUL[element["type"]].key: value}
    if element["type"] == "timepicker" and element.get("timezone"):
        entry["timezone"] = element["timezone"]
    return entry


def build_state_values(blocks: list[Json], inputs: Mapping[tuple[str, str], Json]) -> Json:
    """Return `state.values` for `blocks`, with the values that the user entered in `inputs`.

    An entered value counts only while the element with its ids has the same type.
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
"""Keys of an element that Slack copies to the action."""


def action_json(target: BlockElement, change: Json, ts: str) -> Json:
    """Return the entry of `actions` for a `change` such as `{"selected_option": …}`."""
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
    """Return the keys that a click on a button copies to its action."""
    keys = ("text", "value", "style", "icon", "url")
    return {key: element[key] for key in keys if key in element}
