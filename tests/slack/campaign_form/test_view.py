"""The campaign form: its steps are valid for every kind and preset, and keep what was entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.presets import PRESETS
from bot.sandbox.blockkit import check_view
from bot.services.campaigns.new_campaign import NewCampaign
from bot.slack.blockkit.types import ModalView
from bot.slack.campaign_form.form import (
    CampaignForm,
    DraftEntries,
    FormState,
    default_entries,
    kind_option,
    merge_entries,
    preset_entries,
    preset_option,
    template_entries,
    template_option,
)
from bot.slack.campaign_form.view import STEPS, campaign_modal, step_of
from bot.slack.parsing.modal_metadata import UnreadableDialogError, parse_metadata
from tests.slack.conftest import as_yaml, submitted_state

TIME_ZONE = "Europe/London"

TEMPLATE = NewCampaign("", "comparison", guidelines="Be kind.", overlap=5, gold_share=0.125)


def form_of(kind: str, **entries: str | list[str]) -> CampaignForm:
    """Return a form with the defaults of a kind and these entries."""
    chosen: DraftEntries = {"select_kind": kind_option(kind)}
    return CampaignForm({**default_entries(TIME_ZONE), **chosen, **entries})


def views() -> list[ModalView]:
    """Return every step of every kind, with all its inputs."""
    return [
        campaign_modal(form_of(kind), FormState(step, shows_more=True, is_restored=True))
        for kind in KINDS
        for step in range(len(STEPS))
    ]


def submitted_step(form: CampaignForm, state: FormState, **entries: object) -> dict[str, Any]:
    """Return `state.values` of a step, with these entries."""
    return submitted_state(campaign_modal(form, state), **entries)


@pytest.mark.parametrize("kind", KINDS)
def test_steps_of_every_kind_are_valid(kind: str, snapshot: SnapshotAssertion) -> None:
    steps = [
        campaign_modal(form_of(kind), FormState(step, shows_more=shows_more))
        for step in range(len(STEPS))
        for shows_more in (False, True)
    ]
    assert [check_view(step) for step in steps] == [[]] * len(steps)
    assert as_yaml({"steps": steps[::2]}) == snapshot
    pairs = zip(steps[::2], steps[1::2], strict=True)
    more = [_block_ids(step) - _block_ids(short) for short, step in pairs]
    assert [sorted(ids) for ids in more] == snapshot(name="more")


def _block_ids(view: Mapping[str, Any]) -> set[str]:
    return {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("generation", [0, 3])
def test_drawn_step_is_read_as_the_same_entries(kind: str, generation: int) -> None:
    form = form_of(
        kind,
        title="Good jokes",
        guidelines="Be kind.",
        people=["U1ADA"],
        domains="law",
        max_overlap="7",
        deadline="2026-04-01",
        export_channel="C1",
        reminders="",
    )
    for step in range(len(STEPS)):
        state = FormState(step, shows_more=True, generation=generation, tz=TIME_ZONE)
        assert parse_metadata(FormState, state.pack()) == state
        assert merge_entries(form.entries, submitted_step(form, state)) == form.entries


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_preset_gives_valid_settings_to_every_kind(kind: str, preset: str) -> None:
    entries: DraftEntries = {"select_preset": preset_option(preset), **preset_entries(preset)}
    form = form_of(kind, **entries)
    assert check_view(campaign_modal(form, FormState(shows_more=True))) == []
    assert form.kind_settings is not None
    if kind in ("comparison", "ranking", "rating"):
        assert form.kind_settings != KINDS[kind].settings() or (kind, preset) == ("rating", "jokes")


def test_template_fills_the_form_for_its_own_kind() -> None:
    templates = {"tone": TEMPLATE}
    form = CampaignForm(
        {**default_entries(TIME_ZONE), **template_entries("tone", TEMPLATE)}, templates
    )
    assert (form.kind, form.template) == ("comparison", TEMPLATE)
    assert form.inputs.text("guidelines") == "Be kind."
    assert (form.inputs.text(form.overlap_key), form.inputs.text("gold_percent")) == ("5", "12")
    other = {**form.entries, "select_kind": kind_option("rating")}
    assert CampaignForm(other, templates).template is None
    assert CampaignForm(form.entries, {}).template is None
    view = as_yaml(campaign_modal(form, FormState()))
    assert "Template: tone" in view
    assert template_option("tone") in view


def test_text_that_no_box_holds_is_kept_and_not_shown() -> None:
    form = form_of("rating", guidelines="x" * 3_001)
    view = campaign_modal(form, FormState())
    assert "guidelines" not in _block_ids(view)
    assert "Guidelines: as in the template. 3,001 characters do not fit" in as_yaml(view)
    assert merge_entries(form.entries, submitted_state(view)) == form.entries


def test_steps_know_their_inputs() -> None:
    form = form_of("comparison")
    keys = ("title", "comparison_strength", "people", "max_overlap", "deadline", "gold_percent")
    assert [step_of(form, key) for key in keys] == [0, 0, 1, 1, 2, 2]
    assert step_of(form, "unknown") is None


@pytest.mark.parametrize("value", [["a"], 7])
def test_entry_of_another_type_is_refused(value: object) -> None:
    entries = default_entries(TIME_ZONE)
    with pytest.raises(UnreadableDialogError):
        merge_entries(entries, {"title": {"title": {"type": "plain_text_input", "value": value}}})
    unknown = {"nonsense": {"nonsense": {"type": "plain_text_input", "value": "x"}}}
    assert merge_entries(entries, unknown) == entries


@pytest.mark.parametrize("entry", ["", "nonsense", "-1", "999999999999", "x:y", "::"])
def test_form_can_be_drawn_with_any_entry(entry: str) -> None:
    entries = {
        key: entry if isinstance(value, str) else value
        for key, value in default_entries(TIME_ZONE).items()
    }
    for step in range(len(STEPS)):
        view = campaign_modal(CampaignForm(entries), FormState(step, shows_more=True))
        assert [one for one in check_view(view) if "initial_conversation" not in str(one)] == []
