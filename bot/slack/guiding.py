"""The window in which a coordinator changes the guidelines of a campaign, drawn and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.slack.blocks import context, modal
from bot.slack.inputs import link_input, text_input
from bot.slack.modals import notice_modal
from bot.slack.sheets import INPUT, joined, split

NOTED = "Saved as version {version}. Each expert is told once, on their next task."
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Guidelines:
    """The guidelines of a campaign as they are now."""

    campaign: int
    name: str
    version: int
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a coordinator wrote in the window that showed version `version`."""

    campaign: int
    version: int
    text: str
    note: str
    link: str


def draw(now: Guidelines) -> dict[str, Any]:
    """Draw the window: the text in as many boxes as it takes, the link, and what changed."""
    parts, joins = split(now.text)
    boxes = [
        text_input(
            _key(number),
            "Guidelines" if len(parts) == 1 else f"Guidelines, part {number}",
            value=part,
            hint="Markdown." if number == len(parts) else "",
            optional=number > 1,
            multiline=True,
            most=INPUT,
        )
        for number, part in enumerate(parts, start=1)
    ]
    known = {"campaign": now.campaign, "version": now.version, "joins": joins}
    return modal(
        "guidelines",
        "Guidelines",
        [
            context(f"{now.name}, version {now.version}"),
            *boxes,
            link_input("link", "A link to more", value=now.link, optional=True),
            text_input(
                "note",
                "What changed",
                hint="Experts read this, so that nobody has to compare.",
                most=LONGEST_NOTE,
            ),
        ],
        submit="Save",
        metadata=orjson.dumps(known).decode(),
    )


def _key(number: int) -> str:
    return "text" if number == 1 else f"text_{number}"


def read(values: Mapping[str, Any], metadata: str) -> Changed:
    """Return what was written. Texts are kept as they are, with what stood between the boxes."""
    known = orjson.loads(metadata)
    written = {key: str(_value(values, key) or "") for key in values}
    parts = [text for key, text in written.items() if key.partition("_")[0] == "text"]
    return Changed(
        campaign=int(known["campaign"]),
        version=int(known["version"]),
        text=joined(parts, tuple(known["joins"])),
        note=written.get("note", ""),
        link=written.get("link", "").strip(),
    )


def _value(values: Mapping[str, Any], key: str) -> object:
    return (values[key].get(key) or {}).get("value")


def saved(version: int) -> dict[str, Any]:
    """Draw what the window becomes once it was sent."""
    return notice_modal("Guidelines", NOTED.format(version=version))
