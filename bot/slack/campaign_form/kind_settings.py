"""The settings of a kind in the campaign form: their inputs, and what was entered there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.kinds import KINDS, kind_named
from bot.kinds.settings import KindSettings
from bot.slack.blockkit.types import InputBlock
from bot.slack.campaign_form.setting_inputs import DraftEntry, SettingInput, setting_inputs_of

CRITERIA = "criteria"

MAIN_SETTINGS: Mapping[str, tuple[str, ...]] = {"rating": (CRITERIA,), "validation": ("task",)}
"""Settings by kind that most campaigns choose; the others are behind *More options*."""

INPUTS_BY_KIND = {name: setting_inputs_of(kind.settings) for name, kind in KINDS.items()}
"""The inputs of every kind. A setting that has none stops the bot here, before it starts."""


def input_key(kind: str, name: str) -> str:
    """Return the key of an input. It contains the kind because each kind has its own defaults."""
    return f"{kind}_{name}"


def settings_entries(kind: str, settings: KindSettings) -> dict[str, DraftEntry]:
    """Return the entries that show the settings of a kind."""
    inputs = setting_inputs_of(type(settings), settings)
    return {input_key(kind, name): setting.default_entry() for name, setting in inputs.items()}


def kind_settings_inputs(
    kind: str, entries: Mapping[str, object], names: Collection[str]
) -> list[InputBlock]:
    """Return inputs for these settings of a kind, with what was entered."""
    inputs = INPUTS_BY_KIND[kind_named(kind).name]
    return [
        inputs[name].draw(input_key(kind, name), entries[input_key(kind, name)])
        for name in inputs
        if name in names
    ]


def parse_kind_settings(
    kind: str, entries: Mapping[str, object], known: KindSettings
) -> dict[str, object]:
    """Parse the settings of a kind from the entries; settings without an entry are omitted.

    `known` are the settings that the form started with: a category whose label is the same keeps
    its key.

    Raises:
        InvalidCriterionError: A line of the criteria is malformed.
    """
    inputs: Mapping[str, SettingInput] = setting_inputs_of(kind_named(kind).settings, known)
    return {
        name: setting.parse(entries[input_key(kind, name)])
        for name, setting in inputs.items()
        if input_key(kind, name) in entries
    }
