"""The first step of the campaign form: the kind with a preset, the name and the guidelines."""

from __future__ import annotations

from bot.kinds import KINDS, kind_named
from bot.kinds.presets import PRESETS
from bot.slack.blockkit.blocks import context
from bot.slack.blockkit.inputs import select_input, text_input, url_input
from bot.slack.blockkit.types import Block, InputBlock
from bot.slack.campaign_form.form import (
    NO_PRESET,
    CampaignForm,
    kind_option,
    preset_option,
    template_option,
)
from bot.slack.campaign_form.kind_settings import (
    INPUTS_BY_KIND,
    MAIN_SETTINGS,
    kind_settings_inputs,
)

MAX_TITLE_CHARACTERS = 80
PRESET_HINT = "Sets criteria, reasons and type of text. You can change all of them."


def main_blocks(form: CampaignForm) -> list[Block]:
    """Return the inputs that every campaign needs."""
    inputs, kind = form.inputs, form.kind
    kinds = [(kind_option(name), name.capitalize()) for name in KINDS]
    kind_input = select_input("select_kind", "Kind of task", kinds, chosen=kind_option(kind))
    preset = PRESETS.get(form.preset)
    return [
        {**kind_input, "dispatch_action": True},
        context(f"Experts {kind_named(kind).task_phrase}."),
        {**_preset_input(form), "dispatch_action": True},
        text_input(
            "title",
            "Name",
            value=inputs.text("title"),
            placeholder="Good jokes",
            hint="Experts see it as it is. Commands use a short form, such as good-jokes.",
            max_length=MAX_TITLE_CHARACTERS,
        ),
        *kind_settings_inputs(kind, form.entries, MAIN_SETTINGS.get(kind, ())),
        text_input(
            "guidelines",
            "Guidelines",
            value=inputs.text("guidelines"),
            placeholder=preset.guidance if preset else "",
            hint="Markdown. Every task links to them, and you can change them later.",
            optional=True,
            multiline=True,
        ),
    ]


def more_blocks(form: CampaignForm) -> list[Block]:
    """Return the inputs that few campaigns need."""
    main = MAIN_SETTINGS.get(form.kind, ())
    others = [name for name in INPUTS_BY_KIND[form.kind] if name not in main]
    return [
        url_input(
            "guidelines_link",
            "More info link",
            value=form.inputs.text("guidelines_link"),
            optional=True,
        ),
        *kind_settings_inputs(form.kind, form.entries, others),
    ]


def _preset_input(form: CampaignForm) -> InputBlock:
    options = [
        (preset_option(NO_PRESET), "None"),
        *((preset_option(name), preset.label) for name, preset in PRESETS.items()),
        *((template_option(name), f"Template: {name}") for name in form.templates),
    ]
    chosen = form.inputs.text("select_preset")
    known = chosen if chosen in dict(options) else preset_option(NO_PRESET)
    return select_input("select_preset", "Preset", options, chosen=known, hint=PRESET_HINT)
