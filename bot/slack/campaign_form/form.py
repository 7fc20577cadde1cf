"""What the dialog that creates a campaign holds: the entries of all steps, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Annotated, TypeAlias

import orjson
from pydantic import Field

from bot.cron import format_duration
from bot.kinds import KINDS, kind_named
from bot.kinds.label import Preference
from bot.kinds.presets import preset_settings
from bot.kinds.settings import KindSettings
from bot.quality.votes import votes_of
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.campaigns.validation import DEFAULT_TARGET_POSTERIOR
from bot.slack.blockkit.entries import Inputs, StateValues, parse_inputs
from bot.slack.campaign_form.kind_settings import input_key, settings_entries
from bot.slack.parsing.action_ids import Action
from bot.slack.parsing.modal_metadata import UnreadableDialogError

DEFAULT_KIND = "rating"
DEFAULT_OVERLAPS = {"demonstration": 1}
DEFAULT_OVERLAP = 3
NO_PRESET = "none"
TEMPLATE = "template"
"""Field of the menu's value that names a template; a preset has none."""

MAX_TARGET_PERCENT = 99
MINUTE = timedelta(minutes=1)
DraftEntries: TypeAlias = dict[str, str | list[str]]
"""What was entered in all steps, by the key of the input."""


@dataclass(frozen=True, slots=True)
class FormState:
    """Where the dialog is.

    Attributes:
        step: the number of the step, from 0.
        shows_more: whether the inputs that few campaigns need are shown.
        generation: how often all inputs were replaced. It is part of their ids, because Slack keeps
            what was entered in an input whose id stays.
        tz: the time zone of the coordinator.
        is_restored: whether the entries are from a dialog that was closed.
    """

    step: Annotated[int, Field(ge=0, le=2)] = 0
    shows_more: bool = False
    generation: Annotated[int, Field(ge=0, le=1000)] = 0
    tz: Annotated[str, Field(max_length=60)] = "UTC"
    is_restored: bool = False

    def pack(self) -> str:
        """Serialize to the dialog's private metadata."""
        return orjson.dumps(asdict(self)).decode()

    def input_id(self, key: str) -> str:
        """Return the id of an input."""
        return f"{key}:{self.generation}" if self.generation else key


@dataclass(frozen=True, slots=True)
class CampaignForm:
    """The entries of all steps, and the saved templates by name."""

    entries: DraftEntries
    templates: Mapping[str, NewCampaign] = field(default_factory=dict)

    @property
    def inputs(self) -> Inputs:
        """Return the entries for reading."""
        return Inputs(self.entries)

    @property
    def kind(self) -> str:
        """Return the chosen kind."""
        chosen = self.inputs.text("select_kind").rpartition(":")[2]
        return chosen if chosen in KINDS else DEFAULT_KIND

    @property
    def preset(self) -> str:
        """Return the name of the chosen preset or template."""
        return self.inputs.text("select_preset").rpartition(":")[2] or NO_PRESET

    @property
    def template(self) -> NewCampaign | None:
        """Return the chosen template; None if there is none, or if the kind is another."""
        chosen = self.inputs.text("select_preset")
        found = self.templates.get(self.preset) if chosen == template_option(self.preset) else None
        return found if found and found.kind == self.kind else None

    @property
    def kind_settings(self) -> KindSettings:
        """Return the settings of the kind in the template or preset."""
        return _start_settings(self.kind, self.preset, self.template)

    @property
    def overlap_key(self) -> str:
        """Return the key of the answers per item, which differ by kind."""
        return input_key(self.kind, "overlap")


def compares_pairs(kind: str) -> bool:
    """Return whether experts compare two responses."""
    return isinstance(kind_named(kind).example.label, Preference)


def has_votes(kind: str) -> bool:
    """Return whether answers can be compared with each other."""
    return bool(votes_of(kind_named(kind).example.label))


def kind_option(kind: str) -> str:
    """Return the value of a kind in its menu."""
    return Action("select_kind", 0, "", kind).value


def preset_option(preset: str) -> str:
    """Return the value of a preset in its menu."""
    return Action("select_preset", 0, "", preset).value


def template_option(template: str) -> str:
    """Return the value of a template in the menu of presets."""
    return Action("select_preset", 0, TEMPLATE, template).value


def default_entries(tz: str) -> DraftEntries:
    """Return the entries of a form that nobody has changed."""
    overlaps: DraftEntries = {
        input_key(kind, "overlap"): str(DEFAULT_OVERLAPS.get(kind, DEFAULT_OVERLAP))
        for kind in KINDS
    }
    plain = NewCampaign("", DEFAULT_KIND)
    return {
        "select_kind": kind_option(DEFAULT_KIND),
        "select_preset": preset_option(NO_PRESET),
        "title": "",
        "people": [],
        "user_group": "",
        "member_channel": "",
        "domains": "",
        "deadline": "",
        "tz": tz,
        "export_schedule": "off",
        **_campaign_entries(plain),
        **overlaps,
        **preset_entries(NO_PRESET),
    }


def preset_entries(preset: str) -> DraftEntries:
    """Return the entries for the settings of all kinds with a preset."""
    entries: DraftEntries = {}
    for kind in KINDS:
        entries |= settings_entries(kind, _start_settings(kind, preset, None))
    return entries


def template_entries(name: str, template: NewCampaign) -> DraftEntries:
    """Return the entries that a template sets."""
    settings = _start_settings(template.kind, NO_PRESET, template)
    return {
        **_campaign_entries(template),
        **settings_entries(template.kind, settings),
        "select_kind": kind_option(template.kind),
        "select_preset": template_option(name),
        input_key(template.kind, "overlap"): str(template.overlap),
    }


def percent_of(share: float, maximum: int = 100) -> int:
    """Return a share, 0 to 1, as whole percent."""
    return min(maximum, round(100 * share))


def merge_entries(entries: DraftEntries, values: StateValues) -> DraftEntries:
    """Return the entries with `state.values` of the open step. Unknown keys are ignored.

    Raises:
        UnreadableDialogError: an entry has another type.
    """
    merged = dict(entries)
    for block_id, value in parse_inputs(values).items():
        key = block_id.partition(":")[0]
        if key not in entries:
            continue
        entry = type(entries[key])() if value is None else value
        if type(entry) is not type(entries[key]):
            raise UnreadableDialogError(problem=f"input {key} has another type")
        merged[key] = entry
    return merged


def _start_settings(kind: str, preset: str, template: NewCampaign | None) -> KindSettings:
    given = template.settings if template else preset_settings(kind, preset)
    settings: type[KindSettings] = kind_named(kind).settings
    return settings.model_validate(given)


def _campaign_entries(campaign: NewCampaign) -> DraftEntries:
    """Return the entries for the fields of a campaign that are alike for all kinds."""
    target = campaign.target_posterior or DEFAULT_TARGET_POSTERIOR
    reminders = campaign.reminders
    return {
        "guidelines": campaign.guidelines,
        "guidelines_link": campaign.guidelines_link or "",
        "max_overlap": str(campaign.max_overlap or ""),
        "target_percent": str(percent_of(target, MAX_TARGET_PERCENT)),
        "repeat_percent": str(percent_of(campaign.repeat_share)),
        "item_order": "informative" if campaign.informative_pairs else "imported",
        "max_answers": str(campaign.max_answers or ""),
        "max_answers_per_day": str(campaign.max_answers_per_day or ""),
        "removal_days": str(campaign.removal_days or ""),
        "gold_percent": str(percent_of(campaign.gold_share)),
        "quality_failure": "pause" if campaign.pause_on_quality_failure else "alert",
        "practice_questions": str(campaign.practice_questions),
        "pass_percent": str(percent_of(campaign.practice_pass_mark)),
        "practice_attempts": str(campaign.practice_attempts),
        "reminders": ", ".join(format_duration(delay // MINUTE) for delay in reminders),
        "export_channel": campaign.channel or "",
    }
