"""The settings of a kind in the campaign form: their inputs, and what was entered there."""

from __future__ import annotations

from collections.abc import Mapping

from bot.kinds import KINDS, kind_named
from bot.slack.blockkit.types import InputBlock
from bot.slack.campaign_form.setting_inputs import SettingInput, setting_inputs_of

CRITERIA = "criteria"

INPUTS_BY_KIND = {name: setting_inputs_of(kind.settings) for name, kind in KINDS.items()}
"""The inputs of every kind. A setting that has none stops the bot here, before it starts."""


def input_key(kind: str, name: str) -> str:
    """Return the key of an input. It contains the kind because each kind has its own defaults."""
    return f"{kind}_{name}"


def kind_settings_inputs(kind: str, values: Mapping[str, object]) -> list[InputBlock]:
    """Return inputs for the settings of a kind, with the entries so far or the kind's defaults."""
    return [
        setting.draw(key, values[key] if key in values else setting.default_entry())
        for key, setting in _inputs_by_key(kind).items()
    ]


def parse_kind_settings(kind: str, values: Mapping[str, object]) -> dict[str, object]:
    """Parse the settings of a kind from the entries; settings without an entry are omitted.

    Raises:
        InvalidCriterionError: A line of the criteria is malformed.
    """
    return {
        setting.name: setting.parse(values[key])
        for key, setting in _inputs_by_key(kind).items()
        if key in values
    }


def _inputs_by_key(kind: str) -> dict[str, SettingInput]:
    inputs = INPUTS_BY_KIND[kind_named(kind).name]
    return {input_key(kind, name): setting for name, setting in inputs.items()}
